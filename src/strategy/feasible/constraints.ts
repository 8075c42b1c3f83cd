/** @file Limits on what a network may cost, and how far a cost is beyond them. */
import { UsageError } from '../../error.js';
import type { Json } from '../../json.js';
import { type Amounts, exactAmount, optionOf, type Quantity, quantities } from '../../quantity/quantity.js';
import { didYouMean } from '../../suggestion.js';

/**
 * What is known of a candidate, by the name of the quantity: those that can be limited, and whatever else is cheap to
 * know, such as a score that needs no training. `undefined` where it is not known.
 */
export type Costs = { readonly [quantity: string]: number | undefined };

/** A quantity of candidates that a strategy works with. */
export interface QuantityUse {
  readonly quantity: string;
  /** What for: the middle of a sentence that begins with "The strategy is to". */
  readonly use: 'minimise' | 'weigh' | 'screen by';
}

/** Those of which candidates should have little, beside a high score. */
export const minimised = (uses: readonly QuantityUse[]): string[] =>
  uses.filter(({ use }) => use === 'minimise').map(({ quantity }) => quantity);

/**
 * How much there is of a quantity.
 *
 * @param use what a strategy does with it
 * @throws {UsageError} where the costs do not tell
 */
export function knownAmount(quantity: string, costs: Costs, use: QuantityUse['use']): number {
  const amount = costs[quantity];
  if (amount !== undefined) return amount;
  throw unknownQuantity(
    { quantity, use },
    Object.keys(costs).filter((name) => costs[name] !== undefined),
  );
}

/** Says that a strategy works with a quantity that is not known of candidates. */
export const unknownQuantity = ({ quantity, use }: QuantityUse, known: readonly string[]): UsageError =>
  new UsageError(
    `The strategy is to ${use} "${quantity}"${didYouMean(quantity, known)}, which is not known of candidates here; known are ${known.join(', ') || 'none'}.`,
  );

/** What candidates must keep to. */
export interface Constraints<A extends Json = Json> {
  /** The most that is allowed of each quantity, inclusive. */
  readonly limits: Amounts;
  /** Counts an architecture. It must know every limited quantity, and may know more: strategies see all of it. */
  cost(architecture: A): Amounts;
}

/**
 * The quantities that have a limit.
 * @throws {UsageError} where a limit is no positive number
 */
export function limitedQuantities(limits: Amounts): Quantity[] {
  const limited = quantities.filter(({ name }) => limits[name] !== undefined);
  for (const quantity of limited) {
    const limit = limits[quantity.name];
    if (typeof limit === 'number' && limit > 0) continue;
    throw new UsageError(`${optionOf(quantity)} is ${limit}; it must be a number above 0.`);
  }
  return limited;
}

/** The amount of a quantity that a cost must know. */
export function amountOf(cost: Amounts, { name, unit }: Quantity): number {
  const amount = cost[name];
  if (amount === undefined) throw new RangeError(`the cost does not say how many ${unit} there are`);
  return amount;
}

/** How far a cost is beyond the limits: the sum of what is too much, each as a fraction of its limit. 0 if it keeps them. */
export function excessOf(cost: Amounts, limits: Amounts, limited: readonly Quantity[]): number {
  let excess = 0;
  for (const quantity of limited) {
    excess += Math.max(0, amountOf(cost, quantity) / amountOf(limits, quantity) - 1);
  }
  return excess;
}

/** For example `60,000 parameters (--max-params)`. */
export const limitText = (limits: Amounts, quantity: Quantity): string =>
  `${amountText(limits, quantity)} (${optionOf(quantity)})`;

/** For example `2,850 parameters`. */
export const amountText = (amounts: Amounts, quantity: Quantity): string =>
  exactAmount(quantity, amountOf(amounts, quantity));
