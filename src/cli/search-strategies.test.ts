/** @file `nas search --strategy X` on real training, for every strategy, with settings that bring it past its beginning. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nas, newFolder } from '../../test/cli/nas.js';
import { strategies } from '../strategy/registry.js';

const folder = newFolder();
const limits = { params: 12_000, macs: 300_000 };
const TRIALS = 6;

/**
 * Settings with which six trials reach what is the strategy's own: populations, models and policies that learn from
 * the first two or three trials, brackets of three. A strategy without a row fails the test.
 */
const rows: Readonly<Record<string, readonly object[]>> = {
  grid: [{ every: 3 }],
  random: [{}],
  evolution: [{ populationSize: 3, sampleSize: 2 }],
  'regularized-evolution': [{ populationSize: 3, sampleSize: 2 }],
  'local-search': [{}],
  reinforce: [{ batch: 2 }],
  ppo: [{ batch: 2 }],
  'q-learning': [{ exploration: 3 }],
  mcts: [{}, { partition: 'learned', initial: 2, refit: 2 }],
  bayesian: [{ initial: 2 }],
  tpe: [{ initial: 2 }],
  progressive: [{ beam: 2, expansions: 4 }],
  nsga2: [{ populationSize: 2, minimise: ['macs'] }],
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

describe('nas search', () => {
  it('is tested with every strategy', () => {
    expect(Object.keys(rows)).toEqual(strategies.map(({ name }) => name));
  });

  const searches = Object.entries(rows).flatMap(([name, all]) =>
    all.map((settings, index) => ({ name, study: `${name}-${index}`, settings })),
  );
  it.concurrent.each(searches)(
    'by $name with $settings ends with a winner within the limits',
    async (row) => {
      const config = join(folder, `${row.study}.yaml`);
      writeFileSync(
        config,
        JSON.stringify({
          data: 'digits',
          strategy: { name: row.name, ...row.settings },
          evaluation: { name: 'train', epochs: 1, subset: 0.1, batchSize: 32 },
          maxParams: limits.params,
          maxMacs: limits.macs,
          trials: TRIALS,
          workers: 1,
          seed: 3,
          final: false,
        }),
      );
      const { status, stdout, stderr } = await nas(['search', config, '--name', row.study, '--json'], {
        cwd: folder,
        env: { NASTURTIUM_STORE: join(folder, `${row.study}.db`), NASTURTIUM_CACHE: join(folder, 'cache') },
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const { best, trials } = JSON.parse(stdout);
      expect(trials).toMatchObject({ completed: TRIALS, failed: 0, pruned: 0, infeasible: 0 });
      expect(best.metrics.validAccuracy).toBeGreaterThan(0);
      expect(best.cost.params).toBeLessThanOrEqual(limits.params);
      expect(best.cost.macs).toBeLessThanOrEqual(limits.macs);
    },
    120_000,
  );
});
