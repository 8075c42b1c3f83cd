/** @file DenseNets of other depths, growths, images and classes. */
import { expect, test } from 'vitest';
import { expectSameCostInOnnx } from '../../../test/onnx-cost.js';
import { buildDenseNet } from './densenet.js';

const input = { channels: 1, height: 32, width: 32 };

/** Norm – 1×1 to 4k – norm – 3×3 to k. */
const layer = (channels: number, growth: number): number =>
  2 * channels + channels * 4 * growth + 2 * 4 * growth + 9 * 4 * growth * growth;

test('a small network costs what its layers cost', async () => {
  const network = buildDenseNet({ input, classes: 3, depths: [2, 1], growth: 4, stemWidth: 6, compression: 0.6 });
  const stem = 49 * 6 + 12;
  const block1 = layer(6, 4) + layer(10, 4);
  // Of 14 channels the transition keeps ⌊8.4⌋.
  const transition = 2 * 14 + 14 * 8;
  const head = 2 * 12 + (12 * 3 + 3);
  expect(network.cost().params).toBe(stem + block1 + transition + layer(8, 4) + head);
  expect(network.output.shape).toEqual([3]);
  await expectSameCostInOnnx(network);
});

test('every layer reads all that came before it in its block', () => {
  const network = buildDenseNet({ input, classes: 3, depths: [5], growth: 8, stemWidth: 10 });
  const read = network.parameters.filter(({ name }) => /layer\d\.conv2d\.weight$/.test(name));
  expect(read.map(({ shape }) => shape[1])).toEqual([10, 18, 26, 34, 42]);
});
