/** @file The search strategies by name. */
import { UsageError } from '../error.js';
import { didYouMean } from '../suggestion.js';
import { asha } from './asha.js';
import { bayesian } from './bayesian.js';
import { evolution } from './evolution.js';
import { grid } from './grid.js';
import { guided } from './guided.js';
import { hyperband } from './hyperband.js';
import { localSearch } from './local-search.js';
import { mcts } from './mcts.js';
import { nsga2 } from './nsga2.js';
import { ppo } from './ppo.js';
import { progressive } from './progressive.js';
import { qLearning } from './q-learning.js';
import { random } from './random.js';
import { regularizedEvolution } from './regularized-evolution.js';
import { reinforce } from './reinforce.js';
import type { StrategyDefinition } from './strategy.js';
import { successiveHalving } from './successive-halving.js';
import { tpe } from './tpe.js';

/** Those that propose architectures to evaluate in full. */
const proposers: StrategyDefinition[] = [
  grid,
  random,
  evolution,
  regularizedEvolution,
  localSearch,
  reinforce,
  ppo,
  qLearning,
  mcts,
  bayesian,
  tpe,
  progressive,
  nsga2,
];

const registered: StrategyDefinition[] = [
  ...proposers,
  // Made of others, they decide how much each candidate is worth, or what the other sees.
  ...[successiveHalving, hyperband, asha, guided].map((made) => made(proposers)),
];

/** Every strategy, in the order in which they are listed. */
export const strategies: readonly StrategyDefinition[] = registered;

/**
 * Makes a strategy of one's own known by its name, so that searches and commands find it, and others may be made of it.
 * @throws {UsageError} if there is a strategy of this name.
 */
export function registerStrategy(strategy: StrategyDefinition): void {
  if (registered.some(({ name }) => name === strategy.name)) {
    throw new UsageError(`There is a strategy "${strategy.name}" already: give this one a name of its own.`);
  }
  registered.push(strategy);
  proposers.push(strategy);
}

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
