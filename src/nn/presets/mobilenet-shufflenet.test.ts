/** @file MobileNets and ShuffleNets of other widths, depths, groups, images and classes. */
import { expect, test } from 'vitest';
import { expectSameCostInOnnx } from '../../../test/onnx-cost.js';
import { UsageError } from '../../error.js';
import { buildMobileNetV1 } from './mobilenet-v1.js';
import { buildMobileNetV2 } from './mobilenet-v2.js';
import { buildMobileNetV3, MOBILENET_V3_SMALL } from './mobilenet-v3.js';
import { imagenet } from './preset.js';
import { buildShuffleNetV1, buildShuffleNetV2 } from './shufflenet.js';

const input = { channels: 1, height: 48, width: 40 };

test.each([
  // Table 6 of the paper, in millions: 0.75, 0.5 and 0.25 MobileNet-224.
  [0.75, 2.6, 325],
  [0.5, 1.3, 149],
  [0.25, 0.5, 41],
])('MobileNetV1 %s× has the parameters and MACs of the paper', (widthMultiplier, params, macs) => {
  const cost = buildMobileNetV1({ ...imagenet, widthMultiplier }).cost();
  expect(cost.params / 1e6).toBeCloseTo(params, 1);
  expect(Math.round(cost.macs / 1e6)).toBe(macs);
});

test('MobileNetV2 0.5× has the 1.97 M parameters of the released model', () => {
  expect(buildMobileNetV2({ ...imagenet, widthMultiplier: 0.5 }).cost().params / 1e6).toBeCloseTo(1.97, 2);
});

test('MobileNetV3 0.5× has channels of half the width in multiples of 8, and never below 90 %', async () => {
  const network = buildMobileNetV3({ input, classes: 5, table: MOBILENET_V3_SMALL, widthMultiplier: 0.5 });
  const channelsOf = (name: string) => network.layers.find((layer) => layer.name === name)?.shape[0];
  // Of 16, 16, 24, 40, 48, 96, 576 and 1024; 20 and 12 round up.
  const names = ['stem', ...[1, 2, 4, 7, 9].map((block) => `block${block}.project`), 'last', 'hidden'];
  expect(names.map(channelsOf)).toEqual([8, 8, 16, 24, 24, 48, 288, 512]);
  await expectSameCostInOnnx(network);
});

test('a small ShuffleNet V1 costs what its layers cost', async () => {
  const network = buildShuffleNetV1({ input, classes: 3, groups: 2, widths: [32], repeats: [2], stemWidth: 8 });
  const first = 8 * 8 + 9 * 8 + (8 * 24) / 2 + 2 * (8 + 8 + 24);
  const second = (32 * 8) / 2 + 9 * 8 + (8 * 32) / 2 + 2 * (8 + 8 + 32);
  expect(network.cost().params).toBe(9 * 8 + 16 + first + second + 32 * 3 + 3);
  await expectSameCostInOnnx(network);
});

test('a small ShuffleNet V2 costs what its layers cost', async () => {
  const network = buildShuffleNetV2({ input, classes: 3, widths: [16], repeats: [2], stemWidth: 8, last: 20 });
  const left = 9 * 8 + 8 * 8 + 4 * 8;
  const right = 8 * 8 + 9 * 8 + 8 * 8 + 6 * 8;
  expect(network.cost().params).toBe(9 * 8 + 16 + left + 2 * right + 16 * 20 + 40 + 20 * 3 + 3);
  await expectSameCostInOnnx(network);
});

test('widths that groups do not divide are refused', () => {
  expect(() => buildShuffleNetV1({ input, classes: 3, groups: 3, widths: [32] })).toThrow(UsageError);
});
