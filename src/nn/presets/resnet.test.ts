/** @file ResNets of other depths, widths, groups, images and classes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectSameCostInOnnx } from '../../../test/onnx-cost.js';
import { buildResNet } from './resnet.js';

const input = { channels: 3, height: 64, width: 48 };

test('each further basic block of a stage adds two 3×3 convolutions and their norms', () => {
  const params = (depths: readonly number[]) =>
    buildResNet({ input, classes: 10, depths, block: 'basic', width: 8 }).cost().params;
  expect(params([2, 1, 1, 1]) - params([1, 1, 1, 1])).toBe(2 * (9 * 8 * 8 + 2 * 8));
  expect(params([1, 1, 1, 3]) - params([1, 1, 1, 1])).toBe(4 * (9 * 64 * 64 + 2 * 64));
});

test('a small bottleneck network costs what its layers cost', async () => {
  const network = buildResNet({ input, classes: 7, depths: [1, 1], block: 'bottleneck', width: 4 });
  const norms = 2 * (4 + (4 + 4 + 16 + 16) + (8 + 8 + 32 + 32));
  const stem = 49 * 3 * 4;
  const first = 4 * 4 + 9 * 4 * 4 + 4 * 16 + 4 * 16;
  const second = 16 * 8 + 9 * 8 * 8 + 8 * 32 + 16 * 32;
  expect(network.cost().params).toBe(stem + first + second + norms + (32 * 7 + 7));
  // The stem gives 32×24, its pool 16×12; the second stage strides in its 3×3 convolution and in its shortcut.
  expect(network.cost().macs).toBe(32 * 24 * stem + 16 * 12 * (first + 16 * 8) + 8 * 6 * (second - 16 * 8) + 32 * 7);
  await expectSameCostInOnnx(network);
});

test('a wide ResNet is as wide inside as twice the planes; ResNeXt has 1/groups of the weights', () => {
  const weightsOf = (groups: number, widthPerGroup: number) =>
    buildResNet({ input, classes: 10, depths: [1], block: 'bottleneck', groups, widthPerGroup })
      .parameters.filter(({ name }) => name === 'stage1.block1.conv2.weight')
      .map(({ shape }) => shape);
  expect(weightsOf(1, 64)).toEqual([[64, 64, 3, 3]]);
  expect(weightsOf(1, 128)).toEqual([[128, 128, 3, 3]]);
  expect(weightsOf(32, 4)).toEqual([[128, 4, 3, 3]]);
});

test('any setting exports to a file of the same cost', async () => {
  const settings = fc.record({
    classes: fc.integer({ min: 2, max: 12 }),
    depths: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 }),
    block: fc.constantFrom('basic' as const, 'bottleneck' as const),
    width: fc.constantFrom(16, 32),
    groups: fc.constantFrom(1, 2, 4),
    widthPerGroup: fc.constantFrom(16, 64),
  });
  await fc.assert(
    fc.asyncProperty(settings, (setting) => expectSameCostInOnnx(buildResNet({ ...setting, input }))),
    { seed: 1, numRuns: 10 },
  );
});
