/** @file A search by every strategy, within this process, with settings that bring it past its beginning. */
import { describe, expect, it } from 'vitest';
import { inlineSearch } from '../../test/study/inline-search.js';
import type { EvaluationDefinition } from '../evaluation/evaluation.js';
import { train } from '../evaluation/train.js';
import { Network } from '../nn/network.js';
import { strategies } from '../strategy/registry.js';

const limits = { params: 12_000, macs: 300_000 };
const TRIALS = 12;

/** Larger networks are better, and all the more after a longer training. */
const sized: EvaluationDefinition = {
  ...train,
  create: () => ({
    leastFidelity: () => 0,
    async evaluate({ candidate: { network }, fidelity }) {
      return {
        metrics: { validAccuracy: (fidelity * (Network.fromJson(network).cost().params ?? 0)) / limits.params },
      };
    },
  }),
};

/**
 * Settings with which twelve trials reach what is the strategy's own: populations, models and policies that learn from
 * the first two or three trials, brackets of three. A strategy without a row fails the test.
 */
const rows: Readonly<Record<string, readonly object[]>> = {
  grid: [{ every: 3 }],
  random: [{}],
  evolution: [{ populationSize: 3, sampleSize: 2 }],
  'regularized-evolution': [{ populationSize: 3, sampleSize: 2 }],
  'local-search': [{}],
  reinforce: [{ batch: 2 }],
  ppo: [{ batch: 2, hidden: 16 }],
  'q-learning': [{ exploration: 3 }],
  mcts: [{}, { partition: 'learned', initial: 2, refit: 2 }],
  bayesian: [{ initial: 2 }],
  tpe: [{ initial: 2 }],
  progressive: [{ beam: 2, expansions: 4 }],
  nsga2: [{ populationSize: 2, minimise: ['macs'] }],
  'each-fidelity': [{ fidelities: [0.5, 1] }],
  'successive-halving': [{ eta: 2, resource: 2 }],
  hyperband: [{ eta: 2, resource: 2, proposer: { name: 'regularized-evolution', populationSize: 2 } }],
  asha: [{ eta: 2, resource: 2, proposer: { name: 'tpe', initial: 2 } }],
  guided: [
    { proposer: { name: 'tpe', initial: 2 }, score: 'params', samples: 8 },
    {
      proposer: { name: 'regularized-evolution', populationSize: 3, sampleSize: 2 },
      reward: { quantity: 'macs', target: 100_000, form: 'hard' },
    },
  ],
};

describe('a search', () => {
  it('is tested with every strategy', () => {
    expect(Object.keys(rows)).toEqual(strategies.map(({ name }) => name));
  });

  const searches = Object.entries(rows).flatMap(([name, all]) => all.map((settings) => ({ name, settings })));
  it.each(searches)('by $name with $settings ends with a winner within the limits', async ({ name, settings }) => {
    const result = await inlineSearch(
      {
        data: 'digits',
        strategy: { name, ...settings },
        evaluation: { name: 'train', epochs: 3 },
        maxParams: limits.params,
        maxMacs: limits.macs,
        trials: TRIALS,
        workers: 1,
        seed: 3,
      },
      sized,
    );
    expect(result.counts).toMatchObject({ completed: TRIALS, failed: 0, pruned: 0, infeasible: 0 });
    const full = result.trials.filter(({ fidelity }) => fidelity === 1);
    expect(result.best?.score).toBe(Math.max(...full.map(({ score }) => score ?? 0)));
    expect(result.best?.cost.params).toBeLessThanOrEqual(limits.params);
    expect(result.best?.cost.macs).toBeLessThanOrEqual(limits.macs);
  });
});
