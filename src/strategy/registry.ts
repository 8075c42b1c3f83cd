/** @file The search strategies by name. */
import { Registry } from '../registry.js';
import { asha } from './asha.js';
import { bayesian } from './bayesian.js';
import { eachFidelity } from './each-fidelity.js';
import { evolution } from './evolution.js';
import { grid } from './grid.js';
import { guardedStrategy } from './guarded-strategy.js';
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

const text = {
  noun: 'strategy',
  plural: 'strategies',
  maker: 'defineStrategy({ … })',
  members: {
    string: ['name', 'title', 'paper', 'description'],
    function: ['create'],
    object: ['settings'],
    boolean: ['dependsOnOrder'],
  },
  guarded: guardedStrategy,
};

export const strategyRegistry = new Registry<StrategyDefinition>(text, [
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
  eachFidelity,
]);

// Made of others, they decide how much each candidate is worth, or what the other sees.
for (const made of [successiveHalving, hyperband, asha, guided]) {
  strategyRegistry.register(made(strategyRegistry.all));
}

/** Every strategy, in the order in which they are listed. */
export const strategies: readonly StrategyDefinition[] = strategyRegistry.all;

/**
 * Makes a strategy of one's own known by its name, so that searches and commands find it, and others may be made of it.
 * @throws {UsageError} where there is a strategy of this name
 */
export function registerStrategy(strategy: StrategyDefinition): void {
  strategyRegistry.register(strategy);
}

/**
 * The strategy of this name.
 * @throws {UsageError} where there is none, with the nearest name
 */
export const strategyNamed = (name: string): StrategyDefinition => strategyRegistry.named(name);
