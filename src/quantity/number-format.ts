/** @file Numbers with their units as people read them; always in English, whatever the machine speaks. */

/** What stands where a number is not known. */
export const UNKNOWN = '–';

/** A number that may be unknown. */
type Maybe = number | null | undefined;

/** `58430` as `58,430`. */
export const count = (value: Maybe): string => known(value, (n) => Math.round(n).toLocaleString('en-US'));

/** `58430` as `58.4 k`, `8100000` as `8.1 M`: three digits at most. */
export const compactCount = (value: Maybe): string => known(value, (n) => scaled(n, 1000, ['', 'k', 'M', 'G', 'T']));

/** `0.9134` as `91.34 %`. */
export const percent = (fraction: Maybe): string => known(fraction, (n) => `${(100 * n).toFixed(2)} %`);

/** `58430` as `57.1 KiB`. */
export const bytes = (value: Maybe): string => known(value, (n) => scaled(n, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']));

/** `1.2345` as `1.23 ms`. */
export const milliseconds = (value: Maybe): string => known(value, (n) => `${threeDigits(n)} ms`);

/** `754.2` as `12 min 34 s`. */
export const duration = (seconds: Maybe): string =>
  known(seconds, (n) => {
    if (n < 10) return `${threeDigits(n)} s`;
    const whole = Math.round(n);
    if (whole < 60) return `${whole} s`;
    if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
    return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  });

/** A number without a unit: `0.91342` as `0.9134`. */
export const plain = (value: Maybe): string => known(value, (n) => String(Number(n.toPrecision(4))));

/** `1 trial`, `2 trials`. */
export const plural = (value: number, singular: string, many = `${singular}s`): string =>
  `${count(value)} ${value === 1 ? singular : many}`;

/** `[16, 14, 14]` as `16×14×14`. */
export const shape = (sizes: readonly number[]): string => sizes.join('×');

const known = (value: Maybe, format: (value: number) => string): string =>
  value === null || value === undefined || Number.isNaN(value) ? UNKNOWN : format(value);

function scaled(value: number, base: number, units: readonly string[]): string {
  let rest = value;
  let power = 0;
  // 999.5 would be written as 1000 and belongs to the next unit.
  while (Math.abs(rest) >= base - 0.5 && power < units.length - 1) {
    rest /= base;
    power++;
  }
  return `${threeDigits(rest)} ${units[power] ?? ''}`.trimEnd();
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  return String(Number(value.toPrecision(3)));
}
