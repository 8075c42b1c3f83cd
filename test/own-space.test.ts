/** @file Spaces of the user's own by their modules: the example as the documentation shows it, and what every command says. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { commandsIn } from './cli/commands.js';
import { nas, newFolder } from './cli/nas.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = join(root, 'examples/own-space.mjs');
const example = readFileSync(file, 'utf8');
const page = readFileSync(join(root, 'docs/own-space.md'), 'utf8');
const [, shown = '', extension = ''] = /```ts\n([\s\S]*?)```[\s\S]*```ts\n([\s\S]*?)```/.exec(page) ?? [];

const folder = newFolder();
const env = { NASTURTIUM_STORE: join(folder, 'studies.db') };
const run = commandsIn(folder, env);
/** In the processes that `nas` starts, of which one has the module. */
const program = (...args: string[]) => nas(args, { cwd: folder, env });
async function jsonOf(...args: string[]) {
  return jsonIn(run, ...args);
}
async function jsonIn(runs: typeof run, ...args: string[]) {
  const { status, stdout, stderr } = await runs(...args, '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}
const tiny = ['--data', 'digits', '--trials', '2', '--workers', '1'];

describe('the example of a space of one’s own', () => {
  it('is what the documentation shows, in under 40 lines', () => {
    expect(shown).toBe(example);
    expect(example.trim().split('\n').length).toBeLessThan(40);
  });

  it('is TypeScript without a type written, also where DARTS takes its operators', () => {
    const source = join(root, 'examples/own-space.ts');
    const options: ts.CompilerOptions = {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
    };
    const host = ts.createCompilerHost(options);
    const { readFile, fileExists } = host;
    host.getCurrentDirectory = () => root;
    const text = `${example}\n${extension}`;
    host.readFile = (name) => (name === source ? text : readFile(name));
    host.fileExists = (name) => name === source || fileExists(name);
    const problems = ts.getPreEmitDiagnostics(ts.createProgram([source], options, host));
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  });

  it('is listed with its exact size, drawn from, and counted', async () => {
    const { spaces } = await jsonOf('spaces', file);
    // Three widths; two operators in each of two to five layers.
    expect(spaces).toMatchObject([{ name: 'blurred', size: String(3 * (4 + 8 + 16 + 32)) }]);
    expect((await jsonOf('sample', file)).space).toBe('blurred');
    const architecture = { width: 8, layers: ['blur_conv', 'conv_3x3'] };
    const cost = await jsonOf('cost', `${file}:${JSON.stringify(architecture)}`);
    expect(cost.params).toBe(3 * 8 + 16 + 9 * 8 * 16 + 32 + 170);
    const genotype = join(folder, 'genotype.json');
    writeFileSync(genotype, JSON.stringify({ space: file, architecture }));
    expect((await jsonOf('cost', genotype, '--allow-module', file)).params).toBe(cost.params);
    const refused = await run('cost', genotype);
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining(`add --allow-module ${file} if`)]);
  });

  it('is searched, and its winner trained', async () => {
    const config = join(folder, 'search.yaml');
    const evaluation = { name: 'train', epochs: 1, subset: 0.2 };
    const module = join(folder, 'mine.mjs');
    writeFileSync(module, `export { default } from ${JSON.stringify(pathToFileURL(file).href)};`);
    writeFileSync(config, JSON.stringify({ space: 'mine.mjs', strategy: 'random', evaluation, final: { epochs: 2 } }));
    const { trials, final } = await jsonIn(program, 'search', config, ...tiny, '--name', 'blurred');
    expect(trials.completed).toBe(2);
    expect(final.testAccuracy).toBeGreaterThan(0.2);
    // The study knows where its space comes from.
    expect((await run('show', 'blurred', '1')).stdout).toContain('"layers":[');
    expect((await jsonOf('resume', 'blurred')).trials.completed).toBe(2);
    rmSync(module);
    for (const command of [
      ['show', 'blurred', '1'],
      ['resume', 'blurred'],
    ]) {
      expect(await run(...command)).toMatchObject({
        status: 2,
        stderr: `error: There is no file ${module}, which was named as the module of a search space.\n`,
      });
    }
  }, 60_000);
});

describe('a module of a space', () => {
  const doublings = fileURLToPath(new URL('./own-space/doublings.mjs', import.meta.url));

  it('is loaded where candidates with its layers are trained', async () => {
    const options = ['--space', doublings, '--name', 'doublings', '--no-final'];
    const evaluation = 'train:epochs=1,subset=0.2';
    expect((await jsonOf('search', ...tiny, ...options, '--evaluation', evaluation)).trials.completed).toBe(2);
  }, 60_000);

  it('reads a table of its architectures, in every process', async () => {
    const score = (width: number, times: number) => 50 + width - (times - 1) ** 2;
    const rows = [4, 8].flatMap((width) =>
      [0, 1, 2].map((times) => `"{""width"":${width},""times"":${times}}",${score(width, times)}`),
    );
    const table = join(folder, 'doublings.csv');
    writeFileSync(table, ['arch,test', ...rows].join('\n'));
    const bench = ['bench', 'tabular', table, '--strategy', 'local-search', '--runs', '4', '--processes', '2'];
    const { space, optimum, results } = await jsonOf(...bench, '--evaluations', '6', '--space', doublings);
    expect({ space, optimum, mean: results[0].mean }).toEqual({ space: 'doublings', optimum: 58, mean: [58] });
    const wrong = await run(...bench, '--space', file);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toMatch(/^error: Record 1 of .*doublings\.csv is no architecture of blurred: /);
  });

  it('that fails is told of in one sentence by every command that takes one', async () => {
    const broken = join(folder, 'broken.mjs');
    writeFileSync(broken, 'widht;');
    const table = join(folder, 'empty.csv');
    writeFileSync(table, 'arch,test\nx,1\n');
    const commands = [
      ['spaces', broken],
      ['sample', broken],
      ['cost', `${broken}:{}`],
      ['train', `${broken}:{}`, '--data', 'digits'],
      ['search', '--data', 'digits', '--space', broken],
      ['bench', 'spaces', broken],
      ['bench', 'tabular', table, '--strategy', 'random', '--space', broken],
    ];
    const said = `error: The module ${broken} of a search space cannot be loaded (ReferenceError: widht is not defined, line 1): correct it; 'node ${broken}' shows the place.\n`;
    for (const command of commands) {
      const { status, stderr } = await run(...command);
      expect({ command, status, stderr }).toEqual({ command, status: 2, stderr: said });
    }
    expect(await program('spaces', broken)).toEqual({ status: 2, stdout: '', stderr: said });
    const unfinished = join(folder, 'unfinished.mjs');
    writeFileSync(unfinished, 'export default {');
    expect(await run('spaces', unfinished)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /^error: The module .* cannot be loaded \(SyntaxError: Unexpected end of input\): .*\n$/,
      ),
    });
  }, 60_000);
});
