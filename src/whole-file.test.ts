/** @file Files appear whole or not at all. */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isPartial, isStalePartial, partialPath, writeNewWhole, writeWhole } from './whole-file.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nas-whole-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a file is written in parts, and replaces another', async () => {
  const file = join(folder, 'file');
  await writeWhole(file, 'old');
  await writeWhole(file, [Uint8Array.of(110, 101), Uint8Array.of(119)]);
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['file']);
});

it('what cannot be written leaves what was there, and nothing else', async () => {
  const file = join(folder, 'file');
  mkdirSync(file);
  await expect(writeWhole(file, 'text')).rejects.toThrow(/EISDIR|ENOTEMPTY|EPERM|EEXIST/);
  await expect(writeWhole(join(folder, 'nowhere', 'file'), 'text')).rejects.toThrow(/ENOENT/);
  expect(readdirSync(folder)).toEqual(['file']);
});

it('a new file never replaces one', () => {
  const file = join(folder, 'file');
  writeNewWhole(file, 'first', 0o600);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(() => writeNewWhole(file, 'second')).toThrow(/EEXIST/);
  expect(readFileSync(file, 'utf8')).toBe('first');
  expect(readdirSync(folder)).toEqual(['file']);
});

it('a process that is killed while it writes leaves no file under the name', () => {
  const file = join(folder, 'file');
  const module = JSON.stringify(new URL('../dist/whole-file.js', import.meta.url).href);
  const script = `const { writeWhole } = await import(${module});
    const parts = (function* () { yield Buffer.from('half'); process.kill(process.pid, 'SIGKILL'); })();
    await writeWhole(${JSON.stringify(file)}, parts);`;
  const { signal } = spawnSync(process.execPath, ['--input-type=module', '--eval', script]);
  expect(signal).toBe('SIGKILL');
  expect(existsSync(file)).toBe(false);
  const [left = ''] = readdirSync(folder);
  expect(isPartial(left) && isStalePartial(left)).toBe(true);
});

it('a partial file is stale only when its writer is gone', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  expect(isStalePartial(`model.onnx.${pid}-${randomUUID()}.partial`)).toBe(true);
  expect(isStalePartial(partialPath('model.onnx'))).toBe(false);
  for (const other of ['model.onnx', 'mine.partial', `model.onnx.${pid}.partial`])
    expect(isStalePartial(other)).toBe(false);
});
