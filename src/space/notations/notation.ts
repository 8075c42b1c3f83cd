/** @file How architectures are written: each notation of a space is a row. */
import { UsageError } from '../../error.js';
import type { Json } from '../../json.js';
import { didYouMean } from '../../suggestion.js';
import { Call, readLiteral } from './python-literal.js';

/** One way to write the architectures of a space. */
export interface Notation<A extends Json = Json> {
  /** As `nas convert --to` names it. */
  readonly name: string;
  /** What it is, with an example. */
  readonly description: string;
  /**
   * Reads a text into what the space's decisions then validate; `undefined` where it is in another notation.
   * @throws {UsageError} where the text is in this notation but wrong, with the place
   */
  parse(text: string): unknown;
  /** The architecture in this notation, which `parse` reads. */
  format(architecture: A): string;
}

/** What every space has: its decisions as JSON, or as the Python literal of the same value. */
export const jsonNotation: Notation = {
  name: 'json',
  description: 'the decisions as JSON',
  parse(text) {
    const value = readLiteral(text);
    if (!(value instanceof Call)) return value;
    throw new UsageError(
      `No notation of the space reads "${value.name}(…)": \`nas spaces SPACE\` lists those that there are.`,
    );
  },
  format: (architecture) => JSON.stringify(architecture),
};

/**
 * The notation of this name.
 * @throws {UsageError} where the space has none, with the nearest name
 */
export function notationNamed<A extends Json>(
  { name: space, notations }: { readonly name: string; readonly notations: readonly Notation<A>[] },
  name: string,
): Notation<A> {
  const found = notations.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = notations.map((one) => one.name);
  throw new UsageError(
    `The space "${space}" has no notation "${name}"${didYouMean(name, names)}; it has ${names.join(', ')}.`,
  );
}
