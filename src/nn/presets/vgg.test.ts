/** @file VGG with other stages, images and classes costs what follows from its layers. */
import { expect, test } from 'vitest';
import { expectSameCostInOnnx } from '../../../test/onnx-cost.js';
import { buildVgg } from './vgg.js';

test.each([true, false])('small images and few channels, batch norm: %s', async (norm) => {
  const network = buildVgg({
    input: { channels: 1, height: 28, width: 20 },
    classes: 5,
    depths: [1, 2],
    widths: [4, 6],
    norm,
    hidden: [10],
  });
  const weights = 9 * (1 * 4 + 4 * 6 + 6 * 6) + (4 + 6 + 6);
  // Two pools leave 7×5.
  const head = 6 * 7 * 5 * 10 + 10 + (10 * 5 + 5);
  expect(network.cost()).toMatchObject({
    params: weights + (norm ? 2 * (4 + 6 + 6) : 0) + head,
    macs: 9 * (28 * 20 * 4 + 14 * 10 * (4 * 6 + 6 * 6)) + 6 * 7 * 5 * 10 + 50,
  });
  await expectSameCostInOnnx(network);
});

test('the stages of VGG-16 fit images of 32×32: the last map has one pixel', () => {
  const network = buildVgg({ input: { channels: 3, height: 32, width: 32 }, classes: 10, depths: [2, 2, 3, 3, 3] });
  // 14,714,688 in convolutions and 8,448 in batch norms, as in the networks that users of CIFAR-10 build of it.
  expect(network.cost().params).toBe(14_714_688 + 8_448 + (512 * 4096 + 4096) + (4096 * 4096 + 4096) + 40_970);
});
