/** @file Numbers as people write them: `60k` parameters, `256KB` of memory, `10m` of time. */

/** A kind of number: how its text is read, and how to say what is allowed. */
export interface NumberText {
  /** The end of a sentence that begins with "it must be", with examples. */
  readonly allowed: string;
  /** The number, in the unit of its kind, or `undefined` where the text is none. */
  parse(text: string): number | undefined;
}

const decimal = String.raw`(\d+(?:\.\d+)?|\.\d+)`;
const thousands: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };
const binaries: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** A number of things, such as parameters or MACs: `60000`, `60k`, `1.5M`, `2G`. */
export const count: NumberText = {
  allowed: 'a positive number such as 60000, 60k or 1.5M',
  parse: scaled(new RegExp(`^${decimal}([kmg]?)$`, 'i'), thousands),
};

/** Bytes: `65536`, `256k`, `64KB`, `1MiB`; k and M are 1024 and 1024², as the makers of small devices count. */
export const byteCount: NumberText = {
  allowed: 'a positive number of bytes such as 262144, 256k, 64KB or 1MB (1 k = 1024 bytes)',
  parse: scaled(new RegExp(`^${decimal}([kmg]?)(?:i?b)?$`, 'i'), binaries),
};

/** Node.js and ONNX Runtime take about 100 MB before any image is loaded: with less, no process starts. */
const smallestProcess = 128 * 1024 ** 2;

/** The memory of a process that runs trials: bytes as above. */
export const processMemory: NumberText = {
  allowed: 'a number of bytes from 128MB on, such as 512MB or 2GB',
  parse(text) {
    const bytes = byteCount.parse(text);
    return bytes !== undefined && bytes >= smallestProcess ? bytes : undefined;
  },
};

/** Seconds: `90s`, `10m`, `1h`, `1h30m`. */
export const duration: NumberText = {
  allowed: 'a time with its unit such as 90s, 10m, 1h or 1h30m',
  parse: parseDuration,
};

/** A real number above 0, such as milliseconds. */
export const positive: NumberText = {
  allowed: 'a positive number such as 2.5',
  parse(text) {
    const value = new RegExp(`^${decimal}$`).test(text.trim()) ? Number(text) : Number.NaN;
    return value > 0 && Number.isFinite(value) ? value : undefined;
  },
};

/** A whole number within limits, both included. */
export function integer(least: number, most: number): NumberText {
  return {
    allowed: `a whole number from ${least} to ${most}`,
    parse(text) {
      const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
      return value >= least && value <= most ? value : undefined;
    },
  };
}

/** Seeds are 32-bit integers; negative ones would look like a slip. */
export const seed: NumberText = integer(0, 2 ** 31 - 1);

function scaled(pattern: RegExp, factors: Readonly<Record<string, number>>): NumberText['parse'] {
  return (text) => {
    const [, number, unit = ''] = pattern.exec(text.trim()) ?? [];
    if (number === undefined) return undefined;
    const value = Math.round(Number(number) * (factors[unit.toLowerCase()] ?? Number.NaN));
    return value >= 1 && Number.isSafeInteger(value) ? value : undefined;
  };
}

function parseDuration(text: string): number | undefined {
  const [whole, hours, minutes, seconds] =
    /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?:in)?)?(?:(\d+(?:\.\d+)?)s)?$/i.exec(text.trim()) ?? [];
  if (whole === undefined) return undefined;
  const value = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  // A year: more is a slip, and timers do not go that far.
  return value > 0 && value <= 365 * 86_400 ? value : undefined;
}
