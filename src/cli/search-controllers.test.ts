/** @file Searches whose strategy learns which decisions to take, from the command line. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nas, newFolder } from '../../test/cli/nas.js';

const folder = newFolder();
const env = { NASTURTIUM_STORE: join(folder, 'studies.db'), NASTURTIUM_CACHE: join(folder, 'cache') };
const run = (args: readonly string[], onError?: NonNullable<Parameters<typeof nas>[1]>['onError']) =>
  nas(args, { cwd: folder, env, ...(onError && { onError }) });

function configOf(strategy: string, trials: number): string {
  const file = join(folder, `${strategy.replace(/\W+/g, '-')}.yaml`);
  writeFileSync(
    file,
    `data: digits
strategy: ${strategy}
evaluation: { name: train, epochs: 1, subset: 0.1, batchSize: 32 }
maxParams: 12k
maxMacs: 300k
trials: ${trials}
workers: 1
seed: 3
final: false
`,
  );
  return file;
}

describe('nas search by reinforce', () => {
  it('trains the same controller again after it was killed', async () => {
    const config = configOf('{ name: reinforce, batch: 3 }', 12);
    const whole = await run(['search', config, '--name', 'whole', '--json']);
    expect(whole).toMatchObject({ status: 0, stderr: '' });
    const killed = await run(['search', config, '--name', 'killed'], (text, child) => {
      if (text.includes('trial 8')) child.kill('SIGKILL');
    });
    expect(killed.status).toBe('SIGKILL');
    expect((await run(['resume', 'killed', '--json'])).status).toBe(0);
    const [first, second] = await Promise.all(
      ['whole', 'killed'].map(async (study) => {
        const { trials } = JSON.parse((await run(['show', study, '--json'])).stdout);
        return trials.map(({ architecture, score }: { architecture: unknown; score: number }) => ({
          architecture,
          score,
        }));
      }),
    );
    expect(first).toHaveLength(12);
    expect(second).toEqual(first);
  }, 120_000);
});

describe.each(['ppo', 'q-learning', 'mcts', '{ name: mcts, partition: learned, initial: 2 }'])(
  'nas search by %s',
  (strategy) => {
    it('finds an architecture within the limits', async () => {
      const { status, stdout } = await run(['search', configOf(strategy, 4), '--json']);
      expect(status).toBe(0);
      const { best, trials } = JSON.parse(stdout);
      expect(trials.completed).toBe(4);
      expect(best.cost.params).toBeLessThanOrEqual(12_000);
    }, 60_000);
  },
);
