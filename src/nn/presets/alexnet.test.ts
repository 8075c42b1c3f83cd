/** @file AlexNet costs what it is known to cost, and its other settings what follows from its layers. */
import { expect, test } from 'vitest';
import { expectSameCostInOnnx } from '../../../test/onnx-cost.js';
import { UsageError } from '../../error.js';
import { alexnet, buildAlexNet } from './alexnet.js';
import { imagenet } from './preset.js';

test('AlexNet has the parameters of torchvision and the MACs of its five convolutions and three linear layers', () => {
  const convolutions =
    55 ** 2 * 64 * 3 * 11 ** 2 + 27 ** 2 * 192 * 64 * 5 ** 2 + 13 ** 2 * 9 * (384 * 192 + 256 * 384 + 256 * 256);
  const linear = 256 * 6 * 6 * 4096 + 4096 * 4096 + 4096 * 1000;
  // 61,100,840 parameters and 0.714 G MACs in torchvision's table of models.
  expect(alexnet.build(alexnet).cost()).toMatchObject({ params: 61_100_840, macs: convolutions + linear });
});

test('batch norm adds a scale and a shift for each channel, and no MACs', () => {
  const [plain, normed] = [false, true].map((norm) => buildAlexNet({ ...imagenet, norm }).cost());
  expect(normed?.params).toBe((plain?.params ?? 0) + 2 * (64 + 192 + 384 + 256 + 256));
  expect(normed?.macs).toBe(plain?.macs);
});

test('other images, classes and hidden layers', async () => {
  const network = buildAlexNet({ input: { channels: 1, height: 64, width: 96 }, classes: 7, hidden: [50] });
  // Behind the last pool the map has 1×2.
  const convolutions = 64 * 11 ** 2 + 192 * 64 * 25 + 9 * (384 * 192 + 256 * 384 + 256 * 256);
  expect(network.cost().params).toBe(convolutions + 1152 + (256 * 2 * 50 + 50) + (50 * 7 + 7));
  await expectSameCostInOnnx(network);
});

test('images that vanish in the pools are refused', () => {
  expect(() => buildAlexNet({ input: { channels: 3, height: 32, width: 32 }, classes: 10 })).toThrow(UsageError);
});
