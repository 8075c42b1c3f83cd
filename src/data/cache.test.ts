import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkError } from '../error.js';
import { cached, cacheFolder } from './cache.js';
import type { ImageSource } from './source.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cache-'));
});
afterEach(() => rm(folder, { recursive: true }));

const images = (count: number) => ({
  count,
  channels: 1,
  height: 1,
  width: 3,
  pixels: Uint8Array.from({ length: 3 * count }, (_, at) => at),
  labels: Uint16Array.from({ length: count }, (_, at) => 300 * at),
});
const source: ImageSource = {
  name: 'made',
  classes: ['ä', 'b'],
  origin: 'Made.',
  split: 'Made here',
  mirrorInvariant: true,
  notices: ['one'],
  testFraction: 0.15,
  train: images(5),
  valid: null,
  test: images(2),
};
const make = () => vi.fn(async () => source);
const unused = async (): Promise<ImageSource> => {
  throw new Error('the cache should have been used');
};

describe('cached', () => {
  it('makes a dataset once and then reads the same from its file', async () => {
    expect(await cached(join(folder, 'deep', 'down'), 'key', make())).toBe(source);
    expect(await cached(join(folder, 'deep', 'down'), 'key', unused)).toEqual(source);
    expect(await readdir(join(folder, 'deep', 'down'))).toEqual(['key.images']);
  });

  it('notices a damaged file wherever the damage is, makes it anew and says so', async () => {
    const file = join(folder, 'key.images');
    await cached(folder, 'key', make());
    const whole = await readFile(file);
    for (const at of [0, 22, 60, whole.length - 40, whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      await writeFile(file, damaged);
      const again = await cached(folder, 'key', make());
      expect(again.notices[1]).toMatch(/damaged/);
      expect(await readFile(file)).toEqual(whole);
    }
    await truncate(file, 50);
    expect((await cached(folder, 'key', make())).train).toEqual(source.train);
    await truncate(file, 0);
    expect((await cached(folder, 'key', make())).train).toEqual(source.train);
    expect(await cached(folder, 'key', unused)).toEqual(source);
  });

  it('works when several make the same dataset at once', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => cached(folder, 'key', make())));
    for (const one of all) expect(one).toEqual(source);
    expect(await readdir(folder)).toEqual(['key.images']);
    expect(await cached(folder, 'key', unused)).toEqual(source);
  });

  it('clears away what a killed process has left, and nothing that is being written', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    const left = (writer: number) => `other.images.${writer}-${randomUUID()}.partial`;
    const open = left(process.pid);
    for (const name of [left(pid), open]) await writeFile(join(folder, name), 'half');
    await cached(folder, 'key', make());
    expect((await readdir(folder)).sort()).toEqual(['key.images', open]);
  });

  it('keeps nothing of a dataset whose making fails', async () => {
    await expect(cached(folder, 'key', unused)).rejects.toThrow(/should have been used/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says what to do where the cache cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    const failure = cached(join(folder, 'file'), 'key', make());
    await expect(failure).rejects.toThrow(WorkError);
    await expect(failure).rejects.toThrow(/cannot be written .* NASTURTIUM_CACHE/);
    const unneeded = make();
    await expect(cached(join(folder, 'file', 'below'), 'key', unneeded)).rejects.toThrow(WorkError);
    expect(unneeded).not.toHaveBeenCalled();
  });
});

describe('cacheFolder', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is the chosen one, else that of the environment, else that of the user', () => {
    vi.stubEnv('NASTURTIUM_CACHE', '/from/environment');
    expect(cacheFolder('/chosen')).toBe('/chosen');
    expect(cacheFolder()).toBe('/from/environment');
    vi.stubEnv('NASTURTIUM_CACHE', '');
    expect(cacheFolder()).toMatch(/nasturtium/);
  });
});
