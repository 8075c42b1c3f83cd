/** @file Scores are those of closed forms, of finite differences in double precision, and null with a reason where there are none. */
import { describe, expect, test } from 'vitest';
import { nodeEngine } from '../engine/node-engine.js';
import {
  activation,
  add,
  conv2d,
  type Feature,
  flatten,
  globalAvgPool,
  linear,
  Network,
  packTensors,
} from '../nn/index.js';
import { Random } from '../random.js';
import { spaceNamed } from '../space/registry.js';
import { buildNetwork } from '../space/space.js';
import type { LabelledBatch } from './batches.js';
import { independence } from './proxies/jacob-cov.js';
import { inverseVariation } from './proxies/zico.js';
import { proxies, proxiesNamed } from './registry.js';
import { batchesFor, type NetworkScores, scoreNetwork } from './score.js';

const engine = nodeEngine();
const random = new Random(5);
const normal = (count: number): number[] => Array.from({ length: count }, () => random.normal());

interface Given {
  readonly batches: readonly LabelledBatch[];
  readonly weights?: readonly (readonly number[])[];
}

/** Scores of a network whose tensors hold these numbers. */
function scoresOf(network: Network, names: readonly string[], { batches, weights }: Given): Promise<NetworkScores> {
  const options = { proxies: proxiesNamed(names), batches, seed: 1 };
  if (weights === undefined) return scoreNetwork(engine, network, options);
  const { parameters: specs } = network;
  const tensors = new Map(specs.map(({ name }, at) => [name, Float32Array.from(weights[at] ?? [])]));
  const flat = { parameters: packTensors(specs, tensors), statistics: new Float32Array() };
  return scoreNetwork(engine, network, { ...options, weights: flat });
}

const batchOf = (images: readonly number[], labels: readonly number[]): LabelledBatch => ({
  images: Float32Array.from(images),
  labels: Int32Array.from(labels),
});

describe('the scores of a softmax regression', () => {
  const [images, classes, features] = [6, 3, 4];
  const x = normal(images * features);
  const labels = [0, 1, 2, 2, 1, 0];
  const theta = normal(classes * features);
  const network = Network.build({ channels: features, height: 1, width: 1 }, (image) =>
    linear(flatten(image), { out: classes, bias: false }),
  );
  const names = ['plain', 'l2_norm', 'grad_norm', 'snip', 'grasp', 'fisher'];

  const logitsOf = (weights: readonly number[], image: number): number[] =>
    Array.from({ length: classes }, (_, c) =>
      x.slice(image * features, (image + 1) * features).reduce((sum, value, f) => {
        return sum + value * (weights[c * features + f] ?? 0);
      }, 0),
    );
  const loss = (weights: readonly number[]): number =>
    labels.reduce((sum, label, image) => {
      const logits = logitsOf(weights, image);
      return sum + (Math.log(logits.reduce((all, z) => all + Math.exp(z), 0)) - (logits[label] ?? 0)) / images;
    }, 0);
  const moved = (weights: readonly number[], at: number, by: number) =>
    weights.map((value, index) => (index === at ? value + by : value));
  const h = 1e-4;
  const gradientAt = (weights: readonly number[]): number[] =>
    weights.map((_, at) => (loss(moved(weights, at, h)) - loss(moved(weights, at, -h))) / (2 * h));

  test('are those of finite differences', async () => {
    const { scores, reasons } = await scoresOf(network, names, { batches: [batchOf(x, labels)], weights: [theta] });
    const gradient = gradientAt(theta);
    const along = (by: number) => gradientAt(theta.map((value, at) => value + by * (gradient[at] ?? 0)));
    const [before, after] = [along(-1e-3), along(1e-3)];
    const curvature = after.map((value, at) => (value - (before[at] ?? 0)) / 2e-3);
    const products = theta.map((value, at) => value * (gradient[at] ?? 0));
    // Of a mask of ones on the weights.
    const byMask = theta.map(
      (value, at) => (loss(moved(theta, at, h * value)) - loss(moved(theta, at, -h * value))) / (2 * h),
    );
    // Each logit is a channel of one pixel.
    const squares = labels.flatMap((label, image) => {
      const logits = logitsOf(theta, image);
      const sum = logits.reduce((all, z) => all + Math.exp(z), 0);
      return logits.map((z, c) => (z * (Math.exp(z) / sum - (c === label ? 1 : 0))) ** 2 / images ** 2);
    });
    const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
    expect(scores.plain).toBeCloseTo(total(products), 5);
    expect(scores.l2_norm).toBeCloseTo(Math.hypot(...theta), 5);
    expect(scores.grad_norm).toBeCloseTo(Math.hypot(...gradient), 5);
    expect(scores.snip).toBeCloseTo(total(byMask.map(Math.abs)), 5);
    expect(scores.grasp).toBeCloseTo(-total(theta.map((value, at) => value * (curvature[at] ?? 0))), 4);
    expect(scores.fisher).toBeCloseTo((0.5 * features * total(squares)) / images, 6);
    expect(reasons).toEqual({});
  });

  test('are undefined where all images are of one class', async () => {
    const { scores, reasons } = await scoresOf(network, names, {
      batches: [
        batchOf(
          x,
          labels.map(() => 1),
        ),
      ],
    });
    expect(scores.l2_norm).toBeGreaterThan(0);
    expect(Object.keys(reasons)).toEqual(names.filter((name) => name !== 'l2_norm'));
    expect(reasons.snip).toBe('all images are of one class');
    expect(scores.snip).toBeNull();
  });
});

describe('synflow', () => {
  test('of two linear layers is ln(2 · 1ᵀ|W₂||W₁|1)', async () => {
    const network = Network.build({ channels: 3, height: 1, width: 1 }, (image) =>
      linear(linear(flatten(image), { out: 4, bias: false }), { out: 2, bias: false }),
    );
    const [first, second] = [normal(12), normal(8)];
    const through = [0, 1, 2, 3].map((row) =>
      first.slice(3 * row, 3 * row + 3).reduce((sum, w) => sum + Math.abs(w), 0),
    );
    const flow = second.reduce((sum, w, at) => sum + Math.abs(w) * (through[at % 4] ?? 0), 0);
    const batches = [batchOf(normal(6), [0, 1])];
    const { scores } = await scoresOf(network, ['synflow'], { batches, weights: [first, second] });
    expect(scores.synflow).toBeCloseTo(Math.log(2 * flow), 5);
  });

  test('does not overflow, also where paths of different lengths meet', async () => {
    const depth = 70;
    const layer = (x: Feature): Feature => activation(conv2d(x, { out: 4, kernel: 1 }), 'relu');
    const network = Network.build({ channels: 4, height: 2, width: 2 }, (image) =>
      linear(globalAvgPool(Array.from({ length: depth }).reduce<Feature>(layer, image)), { out: 2, bias: false }),
    );
    // Each convolution multiplies by 4 · 8; the last layer adds 4 channels for each of 2 classes.
    const weights = [...Array.from({ length: depth }, () => Array<number>(16).fill(8)), Array<number>(8).fill(1)];
    const { scores } = await scoresOf(network, ['synflow'], { batches: [batchOf(normal(32), [0, 1])], weights });
    expect(scores.synflow).toBeCloseTo(Math.log(depth + 1) + depth * Math.log(32) + Math.log(8), 4);
  });
});

test('jacob_cov of images without correlation is −N (ln(1 + k) + 1 / (1 + k))', () => {
  const size = 8;
  const data = Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
  expect(independence({ size, data })).toBeCloseTo(-size * (Math.log(1 + 1e-5) + 1 / (1 + 1e-5)), 9);
});

describe('nwot', () => {
  const network = Network.build({ channels: 5, height: 1, width: 1 }, (image) =>
    linear(flatten(activation(image, 'relu')), { out: 2 }),
  );

  test('of two images whose codes of N units differ in d is ln(2 N d − d²)', async () => {
    const batches = [batchOf([1, 1, -1, -1, 1, 1, -1, 1, -1, 1], [0, 1])];
    const { scores } = await scoresOf(network, ['nwot'], { batches });
    expect(scores.nwot).toBeCloseTo(Math.log(2 * 5 * 2 - 4), 9);
  });

  test('is undefined for equal codes, for a single image and without a ReLU, and says which', async () => {
    const reasonOf = async (one: Network, images: readonly number[], labels: readonly number[]) =>
      (await scoresOf(one, ['nwot'], { batches: [batchOf(images, labels)] })).reasons.nwot;
    expect(await reasonOf(network, [1, 1, -1, -1, 1, 2, 2, -2, -2, 2], [0, 1])).toContain('all ReLUs alike');
    expect(await reasonOf(network, [1, 1, -1, -1, 1], [0])).toBe('a single image cannot be compared with others');
    const smooth = Network.build({ channels: 5, height: 1, width: 1 }, (image) =>
      linear(flatten(activation(image, 'silu')), { out: 2 }),
    );
    expect(await reasonOf(smooth, normal(10), [0, 1])).toBe('the network has no ReLU');
  });
});

describe('zico', () => {
  test('is the sum of mean magnitudes over deviations, of weights whose gradients vary', () => {
    // |1|, |3| with deviation 1; |−1|, |1| with deviation 1; the third is the same for both.
    expect(inverseVariation([Float32Array.of(1, -1, 5), Float32Array.of(3, 1, 5)])).toBeCloseTo(2 + 1, 12);
    const three = inverseVariation([Float32Array.of(0), Float32Array.of(3), Float32Array.of(-3)]);
    expect(three).toBeCloseTo(2 / Math.sqrt(6), 12);
  });

  test('of a softmax regression with weights of zero is that of its gradients, and none of equal batches', async () => {
    const [images, features] = [4, 3];
    const network = Network.build({ channels: features, height: 1, width: 1 }, (image) =>
      linear(flatten(image), { out: 2, bias: false }),
    );
    const labels = [0, 1, 1, 1];
    const [one, other] = [normal(images * features), normal(images * features)];
    // Both classes are as likely, so that the derivative is the mean of (½ − y) x, of opposite signs for the two.
    const gradientOf = (x: readonly number[]): number[] =>
      [0, 1, 2].map((feature) =>
        labels.reduce((sum, label, image) => sum + ((label - 0.5) * (x[image * features + feature] ?? 0)) / images, 0),
      );
    const [first, second] = [gradientOf(one), gradientOf(other)];
    const ratios = first.map((a, at) => (Math.abs(a) + Math.abs(second[at] ?? 0)) / Math.abs(a - (second[at] ?? 0)));
    const scored = (...batches: (readonly number[])[]) =>
      scoresOf(network, ['zico'], {
        batches: batches.map((x) => batchOf(x, labels)),
        weights: [Array<number>(6).fill(0)],
      });
    expect((await scored(one, other)).scores.zico).toBeCloseTo(
      Math.log(2 * ratios.reduce((sum, ratio) => sum + ratio, 0)),
      4,
    );
    expect((await scored(one, one)).reasons.zico).toBe('gradients are the same for every batch');
  });
});

describe('swap', () => {
  /** Of two ReLUs that read the same, an image a row. */
  async function patternsOf(images: readonly (readonly number[])[]): Promise<number | null | undefined> {
    const network = Network.build({ channels: images[0]?.length ?? 0, height: 1, width: 1 }, (image) =>
      linear(flatten(add([activation(image, 'relu'), activation(image, 'relu')])), { out: 2 }),
    );
    const batches = [batchOf(images.flat(), Array<number>(images.length).fill(0))];
    return (await scoresOf(network, ['swap'], { batches })).scores.swap;
  }

  test('counts each pattern once', async () => {
    const three = [
      [1, -1, 1, 2, -2],
      [-1, -1, -1, 1, -1],
      [1, 1, 1, -1, 3],
    ];
    // On for images 1 and 3, for 3, for 1 and 3 again, for 1 and 2, and for 3 again.
    expect(await patternsOf(three)).toBe(3);
  });

  test('tells patterns apart by any of many images', async () => {
    const rows = Array.from({ length: 50 }, (_, image) => [1, image < 49 ? 1 : -1, 1, image === 23 ? -1 : 1]);
    expect(await patternsOf(rows)).toBe(3);
  });
});

test('zen counts the batch norms that something reaches', async () => {
  const space = spaceNamed('nas-bench-201');
  const target = { channels: 3, height: 8, width: 8, classes: 4 };
  // Nothing comes to node 1, so that the batch norm between it and the output norms zeros.
  const cell = space.parse('|none~0|+|nor_conv_1x1~0|none~1|+|skip_connect~0|nor_conv_3x3~1|none~2|');
  const batch = batchOf(normal(4 * 3 * 64), [0, 1, 2, 3]);
  const { scores } = await scoresOf(buildNetwork(space, cell, target), ['zen'], { batches: [batch] });
  expect(scores.zen).toBeTypeOf('number');
});

test('all scores are measured in one run, and are the same again', async () => {
  const network = Network.build({ channels: 3, height: 6, width: 6 }, (image) =>
    linear(
      globalAvgPool(
        activation(conv2d(conv2d(image, { out: 5, kernel: 3, bias: true }), { out: 4, kernel: 3 }), 'relu'),
      ),
      {
        out: 3,
      },
    ),
  );
  const batches = Array.from({ length: batchesFor(proxies) }, () => batchOf(normal(4 * 108), [0, 1, 2, 0]));
  const first = await scoreNetwork(engine, network, { proxies, batches, seed: 3 });
  expect(first.reasons).toEqual({});
  expect(await scoreNetwork(engine, network, { proxies, batches, seed: 3 })).toEqual(first);
  for (const { name } of proxies) {
    const alone = await scoresOf(network, [name], { batches });
    const same = await scoreNetwork(engine, network, { proxies: proxiesNamed([name]), batches, seed: 1 });
    expect(same).toEqual(alone);
  }
});
