/** @file What never ends is not read. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBinaryFile } from './data/binary-file.js';
import { networkOf } from './reference/named-network.js';
import { readRegularFile } from './regular-file.js';
import { readSearchConfig } from './search/config-source.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nas-regular-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('reads a file', async () => {
  writeFileSync(join(folder, 'file'), 'text');
  expect(String(await readRegularFile(join(folder, 'file')))).toBe('text');
});

describe.runIf(process.platform !== 'win32')('a pipe, a device', () => {
  const ending = /cannot be read \(it is a pipe or a device: save it as a file first\)/;

  it('is refused as a config, a network and data', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    for (const path of [join(folder, 'pipe'), '/dev/zero']) {
      await expect(readSearchConfig(path)).rejects.toThrow(ending);
      await expect(readBinaryFile(path)).rejects.toThrow(ending);
    }
    execFileSync('mkfifo', [join(folder, 'network.json')]);
    await expect(networkOf(join(folder, 'network.json'))).rejects.toThrow(/network\.json/);
  });
});
