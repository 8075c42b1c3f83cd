/** @file Initial weights follow their distributions, and depend on the seed and the name only. */
import { describe, expect, test } from 'vitest';
import { batchNorm, conv2d, globalAvgPool, linear } from './layers/index.js';
import { Network } from './network.js';
import { initialWeights, tensorViews } from './weights.js';

const input = { channels: 8, height: 4, width: 4 };
const small = Network.build(input, (x) =>
  linear(globalAvgPool(conv2d(x, { name: 'first', out: 64, kernel: 3, groups: 2 })), { out: 100 }),
);
const large = Network.build(input, (x) => {
  const y = batchNorm(
    conv2d(conv2d(x, { name: 'zeroth', out: 8, kernel: 1 }), { name: 'first', out: 64, kernel: 3, groups: 2 }),
  );
  return linear(globalAvgPool(y), { out: 100 });
});
const views = (network: Network, seed: number) =>
  tensorViews(network.parameters, initialWeights(network, seed).parameters);
const deviation = (values: Float32Array | undefined): number =>
  Math.sqrt((values ?? new Float32Array()).reduce((sum, value) => sum + value * value, 0) / (values?.length ?? 0));

describe('initial weights', () => {
  test('of a convolution have variance 2 over its fan-out, groups counted (He et al. 2015)', () => {
    expect(deviation(views(small, 1).get('first.weight'))).toBeCloseTo(Math.sqrt(2 / (32 * 9)), 2);
  });

  test('of a linear layer are uniform in ±1/√fan-in', () => {
    const weight = views(small, 1).get('linear.weight') ?? [];
    expect(Math.max(...weight)).toBeCloseTo(1 / 8, 2);
    expect(Math.min(...weight)).toBeCloseTo(-1 / 8, 2);
  });

  test('of a batch norm are one and zero', () => {
    const { statistics } = initialWeights(large, 1);
    expect(views(large, 1).get('batchNorm.scale')).toEqual(new Float32Array(64).fill(1));
    expect(views(large, 1).get('batchNorm.shift')).toEqual(new Float32Array(64));
    expect(statistics).toEqual(Float32Array.of(...new Array(64).fill(0), ...new Array(64).fill(1)));
  });

  test('are the same for the same seed and name, whatever else the network has', () => {
    expect(views(large, 7).get('first.weight')).toEqual(views(small, 7).get('first.weight'));
    expect(views(small, 8).get('first.weight')).not.toEqual(views(small, 7).get('first.weight'));
    expect(views(large, 7).get('zeroth.weight')?.slice(0, 8)).not.toEqual(
      views(large, 7).get('first.weight')?.slice(0, 8),
    );
  });
});
