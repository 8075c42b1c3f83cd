/** @file A search whose strategy trains a network, killed and gone on with from the command line. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandsIn } from '../../test/cli/commands.js';
import { killedNas, newFolder } from '../../test/cli/nas.js';

const folder = newFolder();
const env = { NASTURTIUM_STORE: join(folder, 'studies.db'), NASTURTIUM_CACHE: join(folder, 'cache') };
const run = commandsIn(folder, env);

const config = join(folder, 'reinforce.yaml');
writeFileSync(
  config,
  `data: digits
strategy: { name: reinforce, batch: 2, hidden: 16 }
evaluation: { name: train, epochs: 1, subset: 0.1, batchSize: 32 }
maxParams: 12k
maxMacs: 300k
trials: 6
workers: 1
seed: 3
final: false
`,
);

describe('nas search by reinforce', () => {
  it('trains the same controller again after it was killed', async () => {
    const whole = await run('search', config, '--name', 'whole', '--json');
    expect(whole).toMatchObject({ status: 0, stderr: '' });
    expect((await killedNas('trial 4', ['search', config, '--name', 'killed'], { cwd: folder, env })).status).toBe(
      'SIGKILL',
    );
    expect((await run('resume', 'killed', '--json')).status).toBe(0);
    const [first, second] = await Promise.all(
      ['whole', 'killed'].map(async (study) => {
        const { trials } = JSON.parse((await run('show', study, '--json')).stdout);
        return trials.map(({ architecture, score }: { architecture: unknown; score: number }) => ({
          architecture,
          score,
        }));
      }),
    );
    expect(first).toHaveLength(6);
    expect(second).toEqual(first);
  }, 120_000);
});
