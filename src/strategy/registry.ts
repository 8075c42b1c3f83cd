/** @file The search strategies by name. */
import { UsageError } from '../error.js';
import { didYouMean } from '../suggestion.js';
import { asha } from './asha.js';
import { evolution } from './evolution.js';
import { grid } from './grid.js';
import { hyperband } from './hyperband.js';
import { localSearch } from './local-search.js';
import { nsga2 } from './nsga2.js';
import { random } from './random.js';
import { regularizedEvolution } from './regularized-evolution.js';
import type { StrategyDefinition } from './strategy.js';
import { successiveHalving } from './successive-halving.js';

/** Those that propose architectures to evaluate in full. */
const proposers: readonly StrategyDefinition[] = [grid, random, evolution, regularizedEvolution, localSearch, nsga2];

/** Every strategy, in the order in which they are listed. */
export const strategies: readonly StrategyDefinition[] = [
  ...proposers,
  // Made of others, they decide how much each candidate is worth.
  ...[successiveHalving, hyperband, asha].map((made) => made(proposers)),
];

/**
 * The strategy of this name.
 * @throws {UsageError} with the nearest name if there is none.
 */
export function strategyNamed(name: string): StrategyDefinition {
  const strategy = strategies.find((one) => one.name === name);
  if (strategy !== undefined) return strategy;
  const names = strategies.map((one) => one.name);
  throw new UsageError(`There is no strategy "${name}"${didYouMean(name, names)}; there are ${names.join(', ')}.`);
}
