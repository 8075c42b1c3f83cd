/** @file Searches with fidelities, several objectives and stopping rules, from the command line to their files. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandsIn } from '../../test/cli/commands.js';
import { killedNas, newFolder } from '../../test/cli/nas.js';

const folder = newFolder();
const env = { NASTURTIUM_STORE: join(folder, 'studies.db'), NASTURTIUM_CACHE: join(folder, 'cache') };
const run = commandsIn(folder, env);

const search = `
data: digits
evaluation: { name: train, epochs: 3, subset: 0.1, batchSize: 32 }
maxParams: 15k
maxMacs: 400k
workers: 1
seed: 3
final: false
`;
const configOf = (name: string, more: string): string => {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, `${search}${more}`);
  return file;
};

interface ShownTrial {
  readonly state: string;
  readonly fidelity: number;
  readonly architecture: unknown;
  readonly score: number;
  readonly metrics: { readonly [name: string]: number };
  readonly reason: string | null;
}
async function trialsOf(study: string): Promise<ShownTrial[]> {
  const { stdout } = await run('show', study, '--json');
  return JSON.parse(stdout).trials;
}
const essence = (trials: readonly ShownTrial[]) =>
  trials.map(({ state, fidelity, architecture, score }) => ({ state, fidelity, architecture, score }));

describe('nas search with fidelities', () => {
  const config = configOf('asha', 'strategy: { name: asha, minimise: [params] }\npick: knee\ntrials: 13\n');

  it('goes on after it was killed as if it had not been', async () => {
    const whole = await run('search', config, '--name', 'whole', '--json');
    expect(whole).toMatchObject({ status: 0, stderr: '' });
    expect((await killedNas('trial 7', ['search', config, '--name', 'killed'], { cwd: folder, env })).status).toBe(
      'SIGKILL',
    );
    const resumed = await run('resume', 'killed', '--json');
    expect(resumed.status).toBe(0);
    const trials = await trialsOf('whole');
    expect(trials.map(({ state }) => state)).toEqual(trials.map(() => 'completed'));
    // What was promoted trained what was left, from the file that its trial before had written.
    const full = trials.filter(({ fidelity }) => fidelity === 1);
    for (const { metrics } of full) expect(metrics).toMatchObject({ epochs: 3, trainedEpochs: 2 });
    expect(trials.filter(({ fidelity }) => fidelity === 1).length).toBeGreaterThan(0);
    expect(essence(await trialsOf('killed'))).toEqual(essence(trials));

    const { best, pareto } = JSON.parse(whole.stdout);
    expect(trials[best.trial]?.fidelity).toBe(1);
    expect(pareto).toMatchObject({ minimise: ['params'], pick: 'knee', reference: { score: 0 } });
    expect(pareto.front.map(({ trial }: { trial: number }) => trial)).toContain(best.trial);
    expect(pareto.hypervolume).toBeGreaterThan(0);
    const report = readFileSync(join(folder, 'runs/whole/report.html'), 'utf8');
    expect(report).toContain('best trade-off');
    expect(report).toContain('11.11 %');
    const table = await run('show', 'whole');
    expect(table.stdout).toContain('fidelity');
  }, 120_000);
});

describe('nas search whose space is small', () => {
  it('says that the space is exhausted, and where no trial keeps to the bound of the pick', async () => {
    const module = join(folder, 'two.mjs');
    const index = new URL('../../dist/index.js', import.meta.url).href;
    writeFileSync(
      module,
      `import { nn, space } from '${index}';
export default space.defineSpace({
  name: 'two', title: 'Two', paper: 'none', description: 'Two widths.',
  decisions: space.object({ width: space.ordinal([4, 8]) }),
  build: ({ width }, target) => nn.Network.build(space.targetImage(target), (image) =>
    nn.linear(nn.globalAvgPool(nn.convNorm(image, { out: width, kernel: 3, activation: 'relu' })), { out: target.classes })),
});`,
    );
    const config = configOf('two', 'strategy: random\ntrials: 9\npick: params<=3\n');
    const { status, stdout, stderr } = await run('search', config, '--space', module, '--name', 'two');
    expect(status).toBe(1);
    expect(stdout).toMatch(/trials +2 completed in .*; the space is exhausted/);
    expect(stderr).toContain('None of the 2 completed trials keeps to params<=3, by which the winner is picked');
  }, 60_000);
});

describe('nas search with several objectives', () => {
  it('ends trials by their learning curves', async () => {
    const config = configOf(
      'nsga2',
      'strategy: { name: nsga2, populationSize: 2, minimise: [macs] }\ntrials: 8\nstopping: { name: median, startupTrials: 1 }\n',
    );
    const { status, stdout } = await run('search', config, '--name', 'nsga2', '--json');
    expect(status).toBe(0);
    const { trials, pareto } = JSON.parse(stdout);
    expect(trials.pruned).toBeGreaterThan(0);
    expect(trials.completed + trials.pruned).toBe(8);
    expect(pareto).toMatchObject({ pick: 'best' });
    const shown = await trialsOf('nsga2');
    const ended = shown.filter(({ state }) => state === 'pruned');
    expect(ended).toHaveLength(trials.pruned);
    for (const { reason } of ended) expect(reason).toContain('below the median');
  }, 60_000);
});
