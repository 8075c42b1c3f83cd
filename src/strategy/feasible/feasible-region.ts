/** @file The part of a search space that keeps to the limits: how far an architecture is beyond them, and one that is not. */
import { UsageError } from '../../error.js';
import type { Json } from '../../json.js';
import type { Amounts, Quantity } from '../../quantity/quantity.js';
import type { Decision } from '../../space/decisions/decision.js';
import { memoised } from '../memoised.js';
import { amountOf, amountText, type Constraints, excessOf, limitedQuantities, limitText } from './constraints.js';
import { minimise } from './descent.js';

/** The part of a space that keeps the limits. */
export class FeasibleRegion<A extends Json = Json> {
  /** What an architecture costs, remembered; `null` where that is not known. */
  readonly costOf: ((architecture: A) => Amounts) | null;
  /** An architecture that keeps the limits; `undefined` without limits: then all do. */
  readonly member: A | undefined;
  /** How far an architecture is beyond the limits; 0 if it keeps them. */
  readonly excess: (architecture: A) => number;

  /**
   * @throws {UsageError} where no architecture keeps to the limits, with the smallest values that the space can reach
   */
  constructor(decisions: Decision<A>, constraints?: Constraints<A>) {
    const limits = constraints?.limits ?? {};
    const limited = limitedQuantities(limits);
    const cost = constraints === undefined ? null : memoised((architecture: A) => constraints.cost(architecture));
    this.costOf = cost;
    if (cost === null || limited.length === 0) {
      this.excess = () => 0;
      return;
    }
    this.excess = (architecture) => excessOf(cost(architecture), limits, limited);
    const search = { decisions, cost, limits, limited };
    const nearest = minimise(
      decisions,
      (architecture) => [this.excess(architecture), scaleOf(cost(architecture))],
      ([excess]) => excess === 0,
    );
    if (this.excess(nearest) > 0) throw new UsageError(whyInfeasible(search, cost(nearest)));
    this.member = nearest;
  }
}

interface LimitedSearch<A extends Json> {
  readonly decisions: Decision<A>;
  readonly cost: (architecture: A) => Amounts;
  readonly limits: Amounts;
  readonly limited: readonly Quantity[];
}

function whyInfeasible<A extends Json>(search: LimitedSearch<A>, nearest: Amounts): string {
  const { limits, limited } = search;
  const smallest = limited.map((quantity) => ({ quantity, cost: smallestCost(search, quantity) }));
  const beyond = smallest.filter((row) => amountOf(row.cost, row.quantity) > amountOf(limits, row.quantity));
  if (beyond.length > 0) {
    const reasons = beyond.map(
      (row) =>
        `at most ${limitText(limits, row.quantity)}: the smallest that the search space can reach is ` +
        amountText(row.cost, row.quantity),
    );
    return `No network has ${reasons.join('; and none has ')}. Raise the limit or choose another search space.`;
  }
  const each = smallest.map((row) => amountText(row.cost, row.quantity));
  const all = (text: (quantity: Quantity) => string): string => limited.map(text).join(' and ');
  return (
    `No network keeps all limits at once: at most ${all((quantity) => limitText(limits, quantity))}. ` +
    `Each alone can be met (the smallest reach ${each.join(', ')}), but the nearest to all of them has ` +
    `${all((quantity) => amountText(nearest, quantity))}. Raise a limit or choose another search space.`
  );
}

/** The cost of the architecture that has least of a quantity. */
function smallestCost<A extends Json>({ decisions, cost }: LimitedSearch<A>, quantity: Quantity): Amounts {
  return cost(
    minimise(decisions, (architecture) => {
      const amounts = cost(architecture);
      return [amountOf(amounts, quantity), scaleOf(amounts)];
    }),
  );
}

/** Leads descent over plateaus: peak memory, a maximum, often falls only after several edits that shrink the rest. */
const scaleOf = (amounts: Amounts): number =>
  Object.values(amounts).reduce<number>((sum, amount) => sum + Math.log1p(amount ?? 0), 0);
