/** @file The rooms without I/O run where there is no Node.js: a bundle for browsers holds them, and asks for nothing else. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('../src/', import.meta.url));

/** Whole rooms, and of those that read files the part that does not. */
const rooms = [
  'tensor',
  'nn',
  'space',
  'strategy',
  'quantity',
  'training',
  'proxy',
  'record',
  'pareto',
  'correlation',
  'learning-curve',
];
const files = ['engine/index.ts', 'data/index.ts'];

const filesOf = (room: string): string[] =>
  readdirSync(source + room, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => `${room}/${file}`);

test('a browser can load them', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: [...rooms.flatMap(filesOf), ...files].map((file) => `import './${file}';`).join('\n'),
      resolveDir: source,
    },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    treeShaking: false,
    // Names that are bound nowhere, so that those of local variables do not count.
    define: { process: 'nodeGlobal', Buffer: 'nodeGlobal', __dirname: 'nodeGlobal', setImmediate: 'nodeGlobal' },
    logLevel: 'silent',
  });
  const code = outputFiles.map(({ text }) => text).join('');
  expect(code.length).toBeGreaterThan(100_000);
  expect(code.split('\n').filter((line) => line.includes('nodeGlobal'))).toEqual([]);
  const browser = createContext({ TextEncoder, TextDecoder, performance });
  expect(() => runInContext(code, browser)).not.toThrow();
});
