/** @file `nas search --space X` from end to end, for every space, at tiny size. */
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { nas, newFolder } from '../../test/cli/nas.js';
import { readDigits } from '../data/digits.js';
import { spaces } from '../space/registry.js';

const folder = newFolder();
const data = join(folder, 'digits-28.npz');
const SIDE = 28;
const CLASSES = 3;

/** A candidate and the winner, both at a fraction of its width and for a few steps. */
const training = `
  epochs: 1
  subset: 32
  validSubset: 8
  batchSize: 16
  learningRate: 0.02
  widthMultiplier: 0.25
`;
writeFileSync(
  join(folder, 'tiny.yaml'),
  `data: ${data}\nstrategy: random\nevaluation:\n  name: train${training}trials: 1\nworkers: 1\nfinal:${training}`,
);

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

/** What a search came to, as far as it is the same for all spaces. */
async function searched(name: string) {
  const { status, stdout, stderr } = await nas(['search', 'tiny.yaml', '--space', name, '--name', name, '--json'], {
    cwd: folder,
    env: { NASTURTIUM_STORE: join(folder, `${name}.db`), NASTURTIUM_CACHE: join(folder, 'cache') },
  });
  if (status !== 0) return { status, stderr };
  const { trials, final, files } = JSON.parse(stdout);
  return { trials, epochs: final.epochs, testImages: final.testImages, hasModel: existsSync(files.onnx) };
}

describe('a search', () => {
  it('of any space ends with a trained model', async () => {
    const waiting = spaces.map(({ name }) => name);
    const outcomes = new Map<string, unknown>();
    const work = async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        outcomes.set(name, await searched(name));
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
    const trained = {
      trials: { completed: 1, failed: 0, pruned: 0, infeasible: 0 },
      epochs: 1,
      testImages: 20,
      hasModel: true,
    };
    expect(outcomes).toEqual(new Map(spaces.map(({ name }) => [name, trained])));
  }, 300_000);
});
