/** @file Tables and numbers as people read them. */
import { stripVTControlCharacters } from 'node:util';

/** Rows of cells in columns; a column whose header begins with a space is aligned to the right. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const right = headers.map((header) => header.startsWith(' '));
  const lines = [headers.map((header) => header.trim()), ...rows];
  const widths = headers.map((_, column) => Math.max(...lines.map((line) => width(line[column] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, column) => {
          const space = ' '.repeat((widths[column] ?? 0) - width(cell));
          return right[column] ? space + cell : cell + space;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Name and value pairs, one a line, values below each other and broken at `columns`. */
export function fields(pairs: readonly (readonly [string, string])[], columns = Number.POSITIVE_INFINITY): string {
  const wide = Math.max(...pairs.map(([name]) => width(name))) + 2;
  return pairs
    .map(
      ([name, value]) =>
        `${name}${' '.repeat(wide - width(name))}${wrap(value, columns, ' '.repeat(wide)).trimStart()}`,
    )
    .join('\n');
}

/** The text in lines of at most `columns`, each begun with `indent`. */
export function wrap(text: string, columns: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + width(line) + 1 + width(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => indent + each).join('\n');
}

const width = (text: string): number => stripVTControlCharacters(text).length;

/** `51,234`. */
export const whole = (value: number | bigint): string => value.toLocaleString('en-US');

/** `91.32 %` of a fraction. */
export const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`;

/** `51.2 k`, `3.41 M`. */
export function short(value: number): string {
  for (const [unit, size] of [['G', 1e9] as const, ['M', 1e6] as const, ['k', 1e3] as const]) {
    if (value >= size) return `${(value / size).toPrecision(3)} ${unit}`;
  }
  return String(value);
}

/** `196.0 KiB`. */
export function bytes(value: number): string {
  for (const [unit, size] of [['GiB', 2 ** 30] as const, ['MiB', 2 ** 20] as const, ['KiB', 2 ** 10] as const]) {
    if (value >= size) return `${(value / size).toFixed(1)} ${unit}`;
  }
  return `${value} B`;
}

/** `9 s`, `4 min 32 s`, `1 h 05 min`. */
export function time(seconds: number): string {
  const total = Math.round(seconds);
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (total < 60) return `${total} s`;
  const pad = (value: number) => String(value).padStart(2, '0');
  if (total < 3600) return `${Math.floor(total / 60)} min ${pad(total % 60)} s`;
  return `${Math.floor(total / 3600)} h ${pad(Math.floor((total % 3600) / 60))} min`;
}
