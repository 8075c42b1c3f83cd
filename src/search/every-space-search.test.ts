/** @file A search of every space, within this process and at tiny size, ends with a trained candidate. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inlineSearch } from '../../test/study/inline-search.js';
import { readDigits } from '../data/digits.js';
import { spaces } from '../space/registry.js';

const folder = mkdtempSync(join(tmpdir(), 'nasturtium-spaces-'));
const data = join(folder, 'digits-28.npz');
const SIDE = 28;
const CLASSES = 3;
afterAll(() => rmSync(folder, { recursive: true }));

/** Arrays of bytes as NumPy writes them. */
function npy(shape: readonly number[], bytes: Uint8Array): Uint8Array {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(117);
  return Buffer.concat([Buffer.from('934e554d505901007600', 'hex'), Buffer.from(`${header}\n`), bytes]);
}

beforeAll(async () => {
  const { train } = await readDigits();
  const chosen = [...train.labels.keys()].filter((image) => (train.labels[image] ?? CLASSES) < CLASSES);
  const enlarged = (image: number) =>
    Uint8Array.from({ length: SIDE ** 2 }, (_, pixel) => {
      const [row, column] = [Math.floor(pixel / SIDE), pixel % SIDE].map((at) =>
        Math.floor((at * train.height) / SIDE),
      );
      return train.pixels[(image * train.height + (row ?? 0)) * train.width + (column ?? 0)] ?? 0;
    });
  const part = (images: readonly number[]) => ({
    x: npy([images.length, SIDE, SIDE], Buffer.concat(images.map(enlarged))),
    y: npy(
      [images.length],
      Uint8Array.from(images, (image) => train.labels[image] ?? 0),
    ),
  });
  const [shown, kept] = [part(chosen.slice(0, 80)), part(chosen.slice(80, 100))];
  writeFileSync(
    data,
    zipSync({ 'x_train.npy': shown.x, 'y_train.npy': shown.y, 'x_test.npy': kept.x, 'y_test.npy': kept.y }),
  );
});

/** A fraction of the width, for a few steps. */
const evaluation = {
  name: 'train',
  epochs: 1,
  subset: 16,
  validSubset: 3,
  batchSize: 8,
  learningRate: 0.02,
  widthMultiplier: 0.25,
};

describe('a search', () => {
  it.each(spaces.map(({ name }) => name))('of %s trains its candidate', async (space) => {
    const search = { data, space, strategy: 'random', evaluation, trials: 1, workers: 1 };
    const { trials, best, searchEnd } = await inlineSearch(search);
    expect({ searchEnd, best: best?.number }).toEqual({ searchEnd: 'trials', best: 0 });
    expect(trials).toMatchObject([{ state: 'completed', cost: { params: expect.any(Number) } }]);
    const curve = trials[0]?.curve.map(({ epoch, values }) => [epoch, values]);
    expect(curve).toEqual([[1, expect.objectContaining({ trainLoss: expect.any(Number) })]]);
  });
});
