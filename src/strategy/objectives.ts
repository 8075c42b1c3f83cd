/** @file What a strategy of several objectives wants: a high score, and little of the quantities that it was told to minimise. */
import { z } from 'zod';
import type { Json } from '../json.js';
import type { Objectives } from '../pareto/dominance.js';
import { type Costs, knownAmount, type QuantityUse } from './feasible/constraints.js';
import type { Outcome } from './strategy.js';

/** The setting of every strategy that can have several objectives, under the name `minimise`. */
export const minimiseSetting = z
  .array(z.string().min(1))
  .describe(
    'Quantities of which candidates should have little, beside a high score, such as params or macs; ranked by non-dominated sorting.',
  );

/** What a strategy with this setting works with. */
export const minimising = (minimise: readonly string[]): QuantityUse[] =>
  minimise.map((quantity) => ({ quantity, use: 'minimise' }));

/**
 * The objectives of a completed trial, each the smaller the better: its score, negated, then its costs.
 *
 * @param costOf what is known of the architecture without its outcome
 * @throws {UsageError} where a quantity is not known
 */
export function objectivesOf(
  { score, costs = {} }: Outcome & { state: 'completed' },
  architecture: Json,
  minimise: readonly string[],
  costOf: ((architecture: Json) => Costs) | null,
): Objectives {
  if (minimise.length === 0) return [-score];
  const known: Costs = { ...costOf?.(architecture), ...costs };
  return [-score, ...minimise.map((quantity) => knownAmount(quantity, known, 'minimise'))];
}
