import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimFolder, writeFirstFile, writeResultFile } from './result-files.js';

describe('the folder of a result', () => {
  const before = process.cwd();
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'nas-result-')));
    process.chdir(folder);
  });
  afterEach(() => process.chdir(before));

  it('is runs/NAME, numbered where that is taken', () => {
    expect(claimFolder(undefined, 'digits')).toBe(join(folder, 'runs/digits'));
    // Claimed by a process that has not written yet.
    expect(claimFolder(undefined, 'digits')).toBe(join(folder, 'runs/digits-2'));
    writeFileSync('runs/digits-3', 'a file');
    expect(claimFolder(undefined, 'digits')).toBe(join(folder, 'runs/digits-4'));
  });

  it('may be any folder without a result', () => {
    expect(claimFolder('deep/inside', 'digits')).toBe(join(folder, 'deep/inside'));
    writeFileSync('deep/inside/notes.txt', 'mine');
    expect(claimFolder('deep/inside', 'digits')).toBe(join(folder, 'deep/inside'));
    writeFileSync('deep/inside/report.html', 'theirs');
    expect(() => claimFolder('deep/inside', 'digits')).toThrow(
      `The folder ${folder}/deep/inside holds a result already (report.html): name another one with --out, or remove it.`,
    );
  });

  it('can be claimed again where a killed process left half a file', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    mkdirSync('left');
    writeFileSync(`left/search.yaml.${pid}-${randomUUID()}.partial`, 'da');
    writeFileSync('left/my.partial', 'mine');
    expect(claimFolder('left', 'digits')).toBe(join(folder, 'left'));
    expect(readdirSync('left')).toEqual(['my.partial']);
  });

  it('goes to one of two that chose it at once', async () => {
    const chosen = [claimFolder('same', 'first'), claimFolder('same', 'second')];
    const outcomes = await Promise.allSettled(
      chosen.map(async (out, at) => writeFirstFile(out, 'search.yaml', `${at}`)),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(() => claimFolder('same', 'third')).toThrow('holds a result already (search.yaml)');
    expect(() => writeFirstFile('nowhere', 'search.yaml', '')).toThrow(/cannot be written/);
  });

  it('is refused where it cannot be written', async () => {
    writeFileSync('file', '');
    expect(() => claimFolder('file', 'digits')).toThrow('is a file, not a folder');
    expect(() => claimFolder('file/below', 'digits')).toThrow(/^The output folder .* cannot be written/);
    await expect(writeResultFile('nowhere/a.txt', '')).rejects.toThrow(/^The file nowhere\/a\.txt cannot be written/);
    expect(existsSync('nowhere')).toBe(false);
  });
});
