/** @file The Fisher information is that of finite differences in double precision. */
import { expect, test } from 'vitest';
import { nodeEngine } from '../../engine/node-engine.js';
import { activation, batchNorm, conv2d, globalAvgPool, linear, Network } from '../../nn/index.js';
import { Random } from '../../random.js';
import { fisherInformation } from '../probes/fisher-information.js';
import { defineProxy } from '../proxy.js';
import { scoreNetwork } from '../score.js';
import { evenness, vkdnw } from './vkdnw.js';

const seed = 2;
const drawn = (name: string, count: number): number[] => {
  const random = new Random(seed).stream('score', name);
  return Array.from({ length: count }, () => random.normal());
};

/** The elements of the lower triangle, as proxies. */
const elements = (size: number) =>
  Array.from({ length: size * size }, (_, at) => at)
    .filter((at) => at % size <= Math.floor(at / size))
    .map((at) =>
      defineProxy({
        ...vkdnw,
        name: `${Math.floor(at / size)},${at % size}`,
        score: (measured) => measured.of(fisherInformation).data[at] ?? 0,
      }),
    );
const measured = (network: Network, images: number, size: number) =>
  scoreNetwork(nodeEngine(), network, {
    proxies: [vkdnw, ...elements(size)],
    batches: [{ images: new Float32Array(images * network.image.elements), labels: new Int32Array(images) }],
    seed,
  });

test('of a convolution, its norm and a classifier', async () => {
  const [images, pixels, classes] = [3, 4, 3];
  const network = Network.build({ channels: 2, height: 2, width: 2 }, (image) =>
    linear(globalAvgPool(activation(batchNorm(conv2d(image, { out: 2, kernel: 1, bias: false })), 'relu')), {
      out: classes,
    }),
  );
  const noise = drawn('normal images', images * 2 * pixels);
  // The fan-in is 2 for both, so that the deviation is 1.
  const normal = drawn('normal weights', 4 + 2 * classes);
  const initial = [normal[0] ?? 0, 1, 0, normal[4] ?? 0, 0];
  const logits = (
    image: number,
    [weight = 0, scale = 0, shift = 0, last = 0, bias = 0]: readonly number[],
  ): number[] => {
    const kernel = normal.with(0, weight);
    const pooled = [0, 1].map((channel) => {
      const values = Array.from({ length: pixels }, (_, pixel) => {
        const [x = 0, y = 0] = [0, 1].map((input) => noise[(image * 2 + input) * pixels + pixel]);
        const sum = (kernel[2 * channel] ?? 0) * x + (kernel[2 * channel + 1] ?? 0) * y;
        const [gamma, beta] = channel === 0 ? [scale, shift] : [1, 0];
        return Math.max((gamma * sum) / Math.sqrt(1 + 1e-5) + beta, 0);
      });
      return values.reduce((sum, value) => sum + value, 0) / pixels;
    });
    const matrix = normal.slice(4).with(0, last);
    return Array.from({ length: classes }, (_, c) =>
      pooled.reduce((sum, value, input) => sum + (matrix[2 * c + input] ?? 0) * value, c === 0 ? bias : 0),
    );
  };
  const h = 1e-5;
  const expected = (a: number, b: number): number => {
    let sum = 0;
    for (let image = 0; image < images; image++) {
      const exponentials = logits(image, initial).map(Math.exp);
      const total = exponentials.reduce((all, value) => all + value, 0);
      const p = exponentials.map((value) => 0.95 * (value / total) + 0.05 / classes);
      const along = (at: number): number[] => {
        const [up, down] = [h, -h].map((step) => logits(image, initial.with(at, (initial[at] ?? 0) + step)));
        return p.map((_, c) => ((up?.[c] ?? 0) - (down?.[c] ?? 0)) / (2 * h));
      };
      const [left, right] = [along(a), along(b)];
      const mean = (values: readonly number[]) => values.reduce((all, value, c) => all + (p[c] ?? 0) * value, 0);
      sum += mean(left.map((value, c) => value * (right[c] ?? 0))) - mean(left) * mean(right);
    }
    return sum / images;
  };
  const { scores, reasons } = await measured(network, images, 5);
  expect(reasons).toEqual({});
  for (const { name } of elements(5)) {
    const [a = 0, b = 0] = name.split(',').map(Number);
    expect(scores[name], name).toBeCloseTo(expected(a, b), 5);
  }
  expect(scores.vkdnw).toBeGreaterThan(5);
  expect(scores.vkdnw).toBeLessThan(6);
});

test('of many classes is estimated by random sums of classes', async () => {
  const [images, classes] = [200, 40];
  const network = Network.build({ channels: 1, height: 1, width: 1 }, (image) =>
    linear(globalAvgPool(image), { out: classes }),
  );
  const noise = drawn('normal images', images);
  const weights = drawn('normal weights', classes).map((weight) => Math.sqrt(2) * weight);
  const variances = noise.map((x) => {
    const exponentials = weights.map((weight) => Math.exp(weight * x));
    const p = (0.95 * (exponentials[0] ?? 0)) / exponentials.reduce((sum, value) => sum + value, 0) + 0.05 / classes;
    return p * (1 - p);
  });
  const expected = variances.reduce((sum, variance) => sum + variance, 0) / images;
  const { scores } = await measured(network, images, 2);
  expect((scores['1,1'] ?? 0) / expected).toBeGreaterThan(0.85);
  expect((scores['1,1'] ?? 0) / expected).toBeLessThan(1.15);
});

test('evenness is 1 of equal eigenvalues, less of others, and none where most are zero', () => {
  expect(evenness(new Float64Array(40).fill(7))).toBeCloseTo(1, 12);
  // Deciles of 0 to 10 are 1 to 9.
  const shares = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((decile) => decile / 45);
  const entropy = -shares.reduce((sum, share) => sum + share * Math.log(share), 0);
  expect(evenness(Float64Array.from({ length: 11 }, (_, at) => at))).toBeCloseTo(entropy / Math.log(9), 12);
  expect(() => evenness(new Float64Array(40))).toThrow('no Fisher information');
});
