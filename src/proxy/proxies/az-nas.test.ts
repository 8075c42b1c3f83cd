/** @file The parts of AZ-NAS are those that loops over pixels give for the same noise. */
import { expect, test } from 'vitest';
import { nodeEngine } from '../../engine/node-engine.js';
import { add, conv2d, type Feature, globalAvgPool, identity, linear, Network, scope } from '../../nn/index.js';
import { Random } from '../../random.js';
import { proxiesNamed } from '../registry.js';
import { scoreNetwork } from '../score.js';
import { spectralEntropies } from '../spectral-entropy.js';

const [seed, images, size] = [4, 6, 3];
const pixels = size * size;
const network = (block: (x: Feature) => Feature): Network =>
  Network.build({ channels: 2, height: size, width: size }, (image) => {
    const stem = scope(image, 'stem', (x) => conv2d(x, { out: 2, kernel: 1, bias: false }));
    return scope(scope(stem, 'block', block), 'head', (x) => linear(globalAvgPool(x), { out: 2 }));
  });
const scoresOf = (block: (x: Feature) => Feature) =>
  scoreNetwork(nodeEngine(), network(block), {
    proxies: proxiesNamed(['expressivity', 'progressivity', 'trainability']),
    batches: [{ images: new Float32Array(images * 2 * pixels), labels: new Int32Array(images) }],
    seed,
  });
const drawn = (name: string, draw: (random: Random) => number) => {
  const random = new Random(seed).stream('score', name);
  return () => draw(random);
};

/** [row, column] of the Kaiming weights of two convolutions of 2 × 2 × 1 × 1, whose fan-in is 2. */
const next = drawn('normal weights', (random) => random.normal());
const [first, second] = [0, 1].map(() => [0, 1].map(() => [next(), next()] as const));
type Pair = readonly [number, number];
const times = (matrix: readonly Pair[] = [], [a, b]: Pair): Pair => {
  const [x = 0, y = 0] = matrix.map(([left, right]) => left * a + right * b);
  return [x, y];
};

/** The channels of each pixel of each image. */
const nextPixel = drawn('normal images', (random) => random.normal());
const noise = Array.from({ length: images }, () => {
  const planes = [0, 1].map(() => Array.from({ length: pixels }, nextPixel));
  return Array.from({ length: pixels }, (_, pixel): Pair => [planes[0]?.[pixel] ?? 0, planes[1]?.[pixel] ?? 0]);
});

/** The entropy of the eigenvalues of the covariances, of two channels in closed form. */
function entropyOf(features: readonly Pair[]): number {
  const mean = (of: (pair: Pair) => number): number =>
    features.reduce((sum, pair) => sum + of(pair), 0) / features.length;
  const [a, b] = [mean(([x]) => x), mean(([, y]) => y)];
  const [xx, xy, yy] = [
    mean(([x]) => (x - a) ** 2),
    mean(([x, y]) => (x - a) * (y - b)),
    mean(([, y]) => (y - b) ** 2),
  ];
  const root = Math.sqrt((xx - yy) ** 2 + 4 * xy ** 2);
  const shares = [0.5 + root / (2 * (xx + yy)), 0.5 - root / (2 * (xx + yy))];
  return -shares.reduce((sum, share) => sum + share * Math.log(share + 1e-8), 0);
}

test('for a block that takes every other pixel of an odd map', async () => {
  const stem = noise.map((image) => image.map((pixel) => times(first, pixel)));
  const kept = [0, 2, 6, 8];
  const block = stem.map((image) => kept.map((pixel) => times(second, image[pixel] ?? [0, 0])));
  const entropies = [entropyOf(stem.flat()), entropyOf(block.flat())] as const;

  // w = Wᵀv where a pixel is read and 0 elsewhere, so that M is Wᵀ times the mean of v vᵀ, and rows of zeros.
  const nextSign = drawn(`signs ${images}×2×2×2`, (random) => 2 * random.integer(2) - 1);
  const signs = Array.from({ length: images }, () => {
    const planes = [0, 1].map(() => [0, 1, 2, 3].map(nextSign));
    return [0, 1, 2, 3].map((pixel): Pair => [planes[0]?.[pixel] ?? 0, planes[1]?.[pixel] ?? 0]);
  }).flat();
  const correlation = signs.reduce((sum, [x, y]) => sum + x * y, 0) / signs.length;
  const [[p, q] = [0, 0], [r, s] = [0, 0]] = second ?? [];
  const [a, b, c, d] = [p + r * correlation, p * correlation + r, q + s * correlation, q * correlation + s];
  const [squares, determinant] = [a * a + b * b + c * c + d * d, a * d - b * c];
  const largest = Math.sqrt((squares + Math.sqrt(squares ** 2 - 4 * determinant ** 2)) / 2);

  const { scores, reasons } = await scoresOf((x) => conv2d(x, { out: 2, kernel: 1, stride: 2, bias: false }));
  expect(reasons).toEqual({});
  expect(scores.expressivity).toBeCloseTo(entropies[0] + entropies[1], 5);
  expect(scores.progressivity).toBeCloseTo(entropies[1] - entropies[0], 5);
  expect(scores.trainability).toBeCloseTo(2 - largest - 1 / (largest + 1e-6), 5);
});

test('are undefined for a block that hands on what it gets or nothing, with the block', async () => {
  const handed = await scoresOf(identity);
  expect(handed.scores.trainability).toBeNull();
  expect(handed.reasons.trainability).toContain('block 2 gives what it gets');
  const doubled = await scoresOf((x) => add([x, identity(x)]));
  expect(doubled.scores.trainability).toBeLessThan(0);
  expect(doubled.scores.progressivity).toBeCloseTo(0, 5);
});

test('expressivity is ln C a block of features that vary alike in all directions, and 0 in one', () => {
  const covariance = (at: (row: number, column: number) => number, size = 8) => ({
    size,
    data: Float64Array.from({ length: size * size }, (_, index) => at(Math.floor(index / size), index % size)),
  });
  const [isotropic, single] = spectralEntropies([covariance((i, j) => (i === j ? 3 : 0)), covariance(() => 2)]);
  expect(isotropic).toBeCloseTo(Math.log(8), 6);
  expect(single).toBeCloseTo(0, 6);
  expect(() => spectralEntropies([covariance((i, j) => (i === j ? 1 : 0)), covariance(() => 0)])).toThrow(
    'the output of block 2 does not depend on the image',
  );
});
