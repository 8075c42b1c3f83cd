/** @file EfficientNet: scaling rules, other resolutions and networks. */
import { describe, expect, test } from 'vitest';
import { expectSameCostInOnnx } from '../../../test/onnx-cost.js';
import { buildEfficientNet, compoundScaling, efficientnets, publishedEfficientNets } from './efficientnet.js';

const square = (side: number, channels = 3) => ({ channels, height: side, width: side });

describe('compound scaling', () => {
  test('φ of 0 changes nothing, φ of 1 multiplies MACs by 1.92', () => {
    expect(compoundScaling(0)).toEqual({ depth: 1, width: 1, resolution: 1 });
    const { depth, width, resolution } = compoundScaling(1);
    expect(depth * width ** 2 * resolution ** 2).toBeCloseTo(1.92027, 5);
  });

  test('the released resolutions are near the powers of γ for φ of 0, ½, 1, 2', () => {
    const powers = [0, 0.5, 1, 2].map((phi) => 224 * compoundScaling(phi).resolution);
    for (const [index, power] of powers.entries()) {
      expect(Math.abs(power / (publishedEfficientNets[index]?.resolution ?? 0) - 1)).toBeLessThan(0.015);
    }
  });
});

test.each([
  // torchvision 0.14, at 224×224 in place of the own resolution.
  ['efficientnet_b1', 7_794_184, 569_651_680],
  ['efficientnet_b2', 9_109_994, 658_963_440],
])('%s at 224×224', (name, params, macs) => {
  const cost = efficientnets[name]?.build({ input: square(224), classes: 1000 }).cost();
  expect(cost).toMatchObject({ params, macs });
});

test('classes change the last layer alone', () => {
  const params = (classes: number) => buildEfficientNet({ input: square(64), classes }).cost().params;
  expect(params(1000) - params(10)).toBe(990 * 1281);
});

test('a small network costs what its layers cost', async () => {
  const network = buildEfficientNet({
    input: square(16, 1),
    classes: 4,
    stages: [{ blocks: 1, kernel: 5, stride: 2, expansion: 2, out: 16 }],
    depth: 1.5,
    width: 0.5,
  });
  // Widths 32, 16 and 1280 become 16, 8 and 640; 1.5 blocks become two.
  const block = (channels: number, squeeze: number) => {
    const expanded = 2 * channels;
    const norms = 2 * (expanded + expanded + 8);
    return channels * expanded + 25 * expanded + (2 * expanded * squeeze + squeeze + expanded) + expanded * 8 + norms;
  };
  const stem = 9 * 16 + 32;
  const head = 8 * 640 + 2 * 640 + (640 * 4 + 4);
  expect(network.cost().params).toBe(stem + block(16, 4) + block(8, 2) + head);
  await expectSameCostInOnnx(network);
});
