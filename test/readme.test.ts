import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];

describe('the README', () => {
  it('shows the library in fifteen lines that run', () => {
    expect(example.trim().split('\n').length).toBeLessThanOrEqual(17);
    const folder = mkdtempSync(join(tmpdir(), 'nasturtium-readme-'));
    const library = pathToFileURL(join(import.meta.dirname, '../dist/index.js')).href;
    const { outputText } = ts.transpileModule(example.replace("'nasturtium'", `'${library}'`), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(join(folder, 'example.mjs'), outputText);
    const output = execFileSync(process.execPath, ['example.mjs'], { cwd: folder, encoding: 'utf8' });
    const [notation, params, testAccuracy, evaluated] = output.trim().split(' ');
    expect(notation).toMatch(/^r/);
    expect(Number(params)).toBeLessThanOrEqual(20_000);
    expect(Number(testAccuracy)).toBeGreaterThan(0.5);
    expect(Number(evaluated)).toBe(Number(testAccuracy));
  });
});
