/** @file Strategies of the user's own by their modules: the example as the documentation shows it, and what every command says. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../src/error.js';
import { referred } from '../src/reference/reference.js';
import { bool } from '../src/space/decisions/choice.js';
import { registerStrategy, strategies, strategyNamed, strategyRegistry } from '../src/strategy/registry.js';
import { commandsIn } from './cli/commands.js';
import { newFolder } from './cli/nas.js';
import { describeStrategyLaws } from './strategy-laws.js';
import { toySpace } from './toy-space.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = join(root, 'examples/own-strategy.mjs');
const example = readFileSync(file, 'utf8');

const folder = newFolder();
const env = { NASTURTIUM_STORE: join(folder, 'studies.db') };
const run = commandsIn(folder, env);
async function jsonOf(...args: string[]) {
  const { status, stdout, stderr } = await run(...args, '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

const { definition: annealing } = await referred(file, strategyRegistry);
describeStrategyLaws(annealing, { perSpace: 12 });

describe('the example of a strategy of one’s own', () => {
  it('is what the documentation shows, in under 40 lines', () => {
    const page = readFileSync(join(root, 'docs/own-strategy.md'), 'utf8');
    expect(/```js\n([\s\S]*?)```/.exec(page)?.[1]).toBe(example);
    expect(example.trim().split('\n').length).toBeLessThan(40);
  });

  it('is shown with its settings', async () => {
    const [shown] = (await jsonOf('strategies', file)).strategies;
    expect(shown).toMatchObject({ name: 'annealing', settings: [{ name: 'temperature' }, { name: 'cooling' }] });
  });

  it('is replayed on a table with settings, in every process', async () => {
    const bench = ['bench', 'tabular', 'nas-bench-201-cifar10', '--strategy', `${file}:temperature=2,cooling=0.9`];
    const { results } = await jsonOf(...bench, '--runs', '2', '--processes', '2', '--evaluations', '100');
    expect(results[0].mean.at(-1)).toBeGreaterThan(92);
    const wrong = await run(...bench.slice(0, -1), `${file}:temperatur=2`);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('no setting "temperatur" in the strategy annealing (did you mean temperature?)');
  }, 60_000);

  it('searches, and the study knows where it comes from', async () => {
    const module = join(folder, 'mine.mjs');
    writeFileSync(module, `export { default } from ${JSON.stringify(pathToFileURL(file).href)};`);
    const config = join(folder, 'search.yaml');
    const strategy = { name: './mine.mjs', temperature: 0.2 };
    const evaluation = { name: 'train', epochs: 1, subset: 0.2 };
    writeFileSync(
      config,
      JSON.stringify({ data: 'digits', trials: 2, workers: 1, strategy, evaluation, final: false }),
    );
    const { trials, files } = await jsonOf('search', config, '--name', 'annealed', '--max-params', '30k');
    expect(trials.completed).toBe(2);
    expect(readFileSync(join(folder, 'runs/annealed/search.yaml'), 'utf8')).toContain(`name: ${module}`);
    expect(files).toBeDefined();
    expect((await jsonOf('resume', 'annealed')).trials.completed).toBe(2);
    rmSync(module);
    expect(await run('resume', 'annealed')).toMatchObject({
      status: 2,
      stderr: `error: There is no file ${module}, which was named as the module of a strategy.\n`,
    });
    // What was tried is shown without the strategy.
    expect((await run('show', 'annealed', '1')).status).toBe(0);
  }, 60_000);
});

describe('a module of a strategy', () => {
  it('that exports none is told of in one sentence by every command that takes one', async () => {
    const empty = join(folder, 'empty.mjs');
    writeFileSync(empty, 'export const width = 3;');
    const said = `error: The module ${empty} exports no strategy: let it end with 'export default defineStrategy({ … })', or the name of what that gave.\n`;
    for (const command of [
      ['strategies', empty],
      ['search', '--data', 'digits', '--strategy', empty],
      ['bench', 'tabular', 'nas-bench-201-cifar10', '--strategy', empty],
    ]) {
      const { status, stderr } = await run(...command);
      expect({ command, status, stderr }).toEqual({ command, status: 2, stderr: said });
    }
  }, 60_000);
});

describe('a registered strategy', () => {
  it('is found by its name, of which there is one, and proposes to others', () => {
    expect(strategies).toContain(annealing);
    expect(strategyNamed('annealing')).toBe(annealing);
    expect(() => registerStrategy({ ...annealing })).toThrow(UsageError);
    const settings = { proposer: { name: 'annealing', cooling: 0.5 } };
    expect(() => strategyNamed('asha').create({ space: toySpace(bool()), settings, seed: 1 })).not.toThrow();
  });
});
