/** @file The search strategies by name. */
import { UsageError } from '../error.js';
import { didYouMean } from '../suggestion.js';
import { random } from './random.js';
import { regularizedEvolution } from './regularized-evolution.js';
import type { StrategyDefinition } from './strategy.js';

/** Every strategy, in the order in which they are listed. */
export const strategies: readonly StrategyDefinition[] = [random, regularizedEvolution];

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
