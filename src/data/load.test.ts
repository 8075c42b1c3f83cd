import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../error.js';
import { loadDataset } from './load.js';
import { datasets } from './registry.js';
import { classCounts } from './source.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'load-'));
  vi.stubEnv('NASTURTIUM_CIFAR10', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('loadDataset', () => {
  it('loads the shipped digits, all 1,797 of them, in three stratified splits', async () => {
    const { train, valid, test, split } = await loadDataset('digits');
    // scikit-learn: load_digits has 178, 182, 177, 183, 181, 182, 181, 179, 174 and 180 images a class.
    const sums = [train, valid, test].map((images) => classCounts(images, 10));
    const totals = sums[0]?.map((_, label) => sums.reduce((sum, counts) => sum + (counts[label] ?? 0), 0));
    expect(totals).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    expect([train.count, valid.count, test.count]).toEqual([1375, 153, 269]);
    expect(Math.max(...train.pixels)).toBe(255);
    // Its mean pixel is 4.884165 of 16, over all images.
    const all = [train, valid, test].flatMap((images) => [...images.pixels]);
    expect(all.reduce((sum, value) => sum + value, 0) / all.length).toBeCloseTo((4.884165 / 16) * 255, 1);
    expect(split).toContain('(1,375 train, 153 valid, 269 test)');
  });

  it('resizes every split when asked', async () => {
    const { train, valid, test } = await loadDataset('digits', { imageSize: 12 });
    for (const images of [train, valid, test]) expect([images.height, images.width]).toEqual([12, 12]);
  });

  it('reads original files under the name of their dataset', async () => {
    const header = (...sizes: number[]) => [0, 0, 8, sizes.length, ...sizes.flatMap((size) => [0, 0, 0, size])];
    const labels = Array.from({ length: 40 }, (_, at) => at % 10);
    for (const split of ['train', 't10k']) {
      await writeFile(join(folder, `${split}-images-idx3-ubyte`), Buffer.from([...header(40, 1, 1), ...labels]));
      await writeFile(join(folder, `${split}-labels-idx1-ubyte`), Buffer.from([...header(40), ...labels]));
    }
    const named = await loadDataset(`fashion-mnist:${folder}`);
    expect(named).toMatchObject({ name: 'fashion-mnist', mirrorInvariant: true });
    expect(named.classes[9]).toBe('Ankle boot');
    expect(named.test.count).toBe(40);
    expect(named.split).toMatch(/^Training and test images as the IDX files have them; the validation/);
    expect((await loadDataset(folder)).classes[9]).toBe('9');
  });

  it('finds out what a folder holds', async () => {
    const record = (label: number) => Buffer.concat([Buffer.of(label), Buffer.alloc(3072, label)]);
    await writeFile(join(folder, 'part.bin'), Buffer.concat(Array.from({ length: 60 }, (_, at) => record(at % 10))));
    expect((await loadDataset(folder)).name).toBe('cifar10');
    vi.stubEnv('NASTURTIUM_CIFAR10', folder);
    expect((await loadDataset('cifar10')).test.count).toBe(10);
    await rm(join(folder, 'part.bin'));
    await writeFile(join(folder, 'data.npz'), '');
    await expect(loadDataset(folder)).rejects.toThrow(/holds data\.npz: give the path of the \.npz file/);
    await rm(join(folder, 'data.npz'));
    await mkdir(join(folder, 'cats'));
    await expect(loadDataset(folder)).rejects.toThrow(/only one class folder/);
  });

  it.each([
    ['fashon-mnist', /no dataset, file or folder 'fashon-mnist' \(did you mean fashion-mnist\?\)/],
    ['CIFAR-10', /did you mean cifar10\?/],
    ['imagenet-21k-winter', /'imagenet-21k-winter': the names are fashion-mnist, mnist, cifar10, digits/],
    ['./no/such/folder', /no file or folder \.\/no\/such\/folder/],
    ['cifar10', /cifar10:FOLDER or in the environment variable NASTURTIUM_CIFAR10/],
    ['digits:somewhere', /takes no folder/],
    ['mnist:./no/such/folder', /folder \.\/no\/such\/folder cannot be read/],
  ])('answers %s with one clear error', async (reference, message) => {
    const failure = loadDataset(reference, { cacheFolder: folder });
    await expect(failure).rejects.toThrow(UsageError);
    await expect(failure).rejects.toThrow(message);
  });

  it('refuses a file of another kind', async () => {
    await writeFile(join(folder, 'images.zip'), '');
    await expect(loadDataset(join(folder, 'images.zip'))).rejects.toThrow(/images\.zip is not an \.npz file/);
    // A pipe or a socket would not do here: to read one never ends where the test fails.
    await symlink('/dev/null', join(folder, 'nothing.npz'));
    await expect(loadDataset(join(folder, 'nothing.npz'))).rejects.toThrow(/neither a file nor a folder/);
  });
});

describe('datasets', () => {
  it('have names of their own, and say how each is referred to', () => {
    expect(new Set(datasets.map(({ name }) => name)).size).toBe(datasets.length);
    for (const { name, options } of datasets) {
      for (const { reference } of options) expect(reference.split(':')[0]).toBe(name);
    }
  });
});
