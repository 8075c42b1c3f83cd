/** @file The notation `d=13,w0=24,se`: numbers by their symbols, and flags. */
import { UsageError } from '../../error.js';

/** A number for each symbol, `true` for each flag. */
export type Assignments = { readonly [symbol: string]: number | true };

/**
 * Reads the symbols, in any order.
 * @returns `undefined` if the text is in another notation, such as JSON.
 * @throws {UsageError} where a symbol is unknown, comes twice or has no number
 */
export function parseAssignments(
  text: string,
  { numbers, flags = [] }: { readonly numbers: readonly string[]; readonly flags?: readonly string[] },
): Assignments | undefined {
  if (!/^\s*\w+\s*=/.test(text)) return undefined;
  const assignments: { [symbol: string]: number | true } = {};
  for (const part of text.split(',')) {
    const [symbol = '', value] = part.split('=').map((side) => side.trim());
    const isKnown = value === undefined ? flags.includes(symbol) : numbers.includes(symbol);
    if (!isKnown || symbol in assignments || value === '' || Number.isNaN(Number(value ?? 0))) {
      const allowed = [...numbers.map((name) => `${name}=NUMBER`), ...flags].join(', ');
      throw new UsageError(
        `"${part.trim().slice(0, 80)}" in "${text.trim().slice(0, 80)}" cannot be read; allowed are, each once: ${allowed}.`,
      );
    }
    assignments[symbol] = value === undefined ? true : Number(value);
  }
  return assignments;
}
