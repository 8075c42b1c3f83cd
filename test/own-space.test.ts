/** @file The example of a space of one's own: as the documentation shows it, short, typed, and searched by the program. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = join(root, 'examples/own-space.mjs');
const example = readFileSync(file, 'utf8');
const page = readFileSync(join(root, 'docs/own-space.md'), 'utf8');
const [, shown = '', extension = ''] = /```ts\n([\s\S]*?)```[\s\S]*```ts\n([\s\S]*?)```/.exec(page) ?? [];

/** What `nas` prints, with the example's space known. */
const nas = (...args: string[]): string =>
  execFileSync(process.execPath, ['--import', file, 'bin/nas.js', ...args], { cwd: root, encoding: 'utf8' });

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
    const text = `${example}\n${extension}`;
    host.readFile = (name) => (name === source ? text : readFile(name));
    host.fileExists = (name) => name === source || fileExists(name);
    const problems = ts.getPreEmitDiagnostics(ts.createProgram([source], options, host));
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  });

  it('is listed with its exact size, and counted', () => {
    const { spaces } = JSON.parse(nas('spaces', 'blurred', '--json'));
    // Three widths; two operators in each of two to five layers.
    expect(spaces[0]).toMatchObject({ name: 'blurred', size: String(3 * (4 + 8 + 16 + 32)) });
    const cost = JSON.parse(nas('cost', 'blurred:{"width":8,"layers":["blur_conv","conv_3x3"]}', '--json'));
    expect(cost.params).toBe(3 * 8 + 16 + 9 * 8 * 16 + 32 + 170);
  });

  it('is searched, and its winner trained', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nasturtium-own-space-'));
    const config = join(folder, 'search.yaml');
    writeFileSync(
      config,
      JSON.stringify({
        data: 'digits',
        space: 'blurred',
        strategy: 'random',
        evaluation: { name: 'train', epochs: 1 },
        trials: 2,
        workers: 1,
        final: { epochs: 2 },
        store: join(folder, 'store.db'),
        out: join(folder, 'out'),
      }),
    );
    const { trials, final } = JSON.parse(nas('search', config, '--json'));
    expect(trials.completed).toBe(2);
    expect(final.testAccuracy).toBeGreaterThan(0.2);
  });
});
