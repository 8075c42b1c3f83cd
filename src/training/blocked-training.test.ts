/** @file Training in the processor's blocked layout follows training in standard operators. */

import { describe, expect, test } from 'vitest';
import { blockSize } from '../engine/blocked-kernels.js';
import { nodeEngine } from '../engine/node-engine.js';
import { invertedResidual } from '../nn/blocks/index.js';
import type { Feature, ImageShape } from '../nn/feature.js';
import {
  activation,
  add,
  avgPool2d,
  batchNorm,
  channelShuffle,
  concat,
  conv2d,
  flatten,
  globalAvgPool,
  linear,
  maxPool2d,
  sliceChannels,
} from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import { benchmarkNetworks } from '../nn/presets/benchmark.js';
import { initialWeights, tensorViews } from '../nn/weights.js';
import { Random } from '../random.js';
import { nasBench201 } from '../space/nas-bench-201.js';
import { sgd } from '../tensor/index.js';
import { Trainer } from './trainer.js';

const engine = nodeEngine();

const STEPS = 6;
/** Of the largest change that a tensor's elements have seen: float32 sums in another order, over six steps. */
const SMOOTH = 1e-3;
/** Where an element falls on the other side of a kink, small gradients change by percents; a wrong one is off by its size. */
const KINKED = 0.3;

const blocks = await blockSize(engine);

async function trajectory(network: Network, batchSize: number, lowering: number | null) {
  const { channels, height, width } = network.input;
  const [classes = 1] = network.outputShape;
  const random = new Random(11);
  const normalization = { mean: Array(channels).fill(120), std: Array(channels).fill(70) };
  const optimizer = sgd({ momentum: 0.9, nesterov: true, weightDecay: 1e-4 });
  const options = { batchSize, normalization, blocks: lowering, optimizer, threads: 1, noise: random.stream('noise') };
  const trainer = await Trainer.create(engine, network, initialWeights(network, 3), options);
  try {
    const losses: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      const pixels = Float32Array.from({ length: batchSize * channels * height * width }, () => random.integer(256));
      const labels = Int32Array.from({ length: batchSize }, () => random.integer(classes));
      losses.push(await trainer.step({ pixels, labels }, 0.02));
    }
    return { losses, weights: trainer.weights };
  } finally {
    await trainer.release();
  }
}

/** The largest difference in units of the largest change of its tensor, and where it is. */
function worstDifference(
  network: Network,
  a: Float32Array,
  b: Float32Array,
  initial: Float32Array,
  of: 'parameters' | 'statistics',
) {
  const [left, right, start] = [a, b, initial].map((flat) => tensorViews(network[of], flat));
  let worst = { name: '', difference: 0 };
  for (const { name } of network[of]) {
    const [x = [], y = [], from = []] = [left?.get(name), right?.get(name), start?.get(name)];
    const change = Math.max(1e-3, ...Array.from(x, (value, index) => Math.abs(value - (from[index] ?? 0))));
    const difference =
      Math.max(...Array.from(x, (value, index) => Math.abs(value - (y[index] ?? Number.NaN)))) / change;
    if (!(difference <= worst.difference)) worst = { name, difference };
  }
  return worst;
}

async function expectSameTraining(network: Network, batchSize: number, tolerance: number): Promise<void> {
  const standard = await trajectory(network, batchSize, null);
  const blocked = await trajectory(network, batchSize, blocks);
  for (const [step, loss] of standard.losses.entries()) {
    expect(Math.abs((blocked.losses[step] ?? Number.NaN) - loss), `loss of step ${step}`).toBeLessThan(
      1e-3 * (1 + loss),
    );
  }
  const initial = initialWeights(network, 3);
  for (const of of ['parameters', 'statistics'] as const) {
    const worst = worstDifference(network, standard.weights[of], blocked.weights[of], initial[of], of);
    expect(worst.difference, worst.name).toBeLessThan(tolerance);
  }
}

const image = (channels: number, height: number, width: number): ImageShape => ({ channels, height, width });

/** A block whose every width is no multiple of 16, with squeeze-and-excite, hard-swish, strides and large kernels. */
const mobile = (input: ImageShape): Network =>
  Network.build(input, (x) => {
    let y: Feature = activation(batchNorm(conv2d(x, { out: 8, kernel: 3, stride: 2 })), 'hard-swish');
    y = invertedResidual(y, { out: 8, expanded: 24, activation: 'relu' });
    y = invertedResidual(y, { out: 17, expanded: 40, kernel: 5, stride: 2, squeeze: 5, activation: 'hard-swish' });
    y = invertedResidual(y, { out: 17, expanded: 24, squeeze: 8, activation: 'hard-swish' });
    return linear(globalAvgPool(y), { out: 5 });
  });

/** Widths on both sides of a block, one after the other, by every kind of convolution. */
const widths = (channels: number): Network =>
  Network.build(image(channels, 9, 7), (x) => {
    let y = x;
    for (const out of [1, 3, 5, 8, 16, 17, 24, 40]) {
      const dense = activation(batchNorm(conv2d(y, { out, kernel: 3 })), 'relu6');
      const depthwise = batchNorm(conv2d(dense, { out, kernel: 3, groups: out }));
      const grouped = out % 4 === 0 ? conv2d(dense, { out, kernel: 1, groups: 4 }) : conv2d(dense, { out, kernel: 1 });
      y = activation(add([depthwise, grouped, dense]), 'silu');
    }
    return linear(globalAvgPool(y), { out: 4 });
  });

/** Layers that have no blocked form, between ones that have. */
const mixed = Network.build(image(3, 11, 10), (x) => {
  const stem = activation(batchNorm(conv2d(x, { out: 24, kernel: 3, bias: true })), 'gelu');
  const left = conv2d(sliceChannels(stem, 0, 10), { out: 10, kernel: [1, 5], dilation: 2 });
  const right = maxPool2d(sliceChannels(stem, 10, 24), { kernel: 3, stride: 1, padding: 1 });
  const joined = channelShuffle(activation(batchNorm(concat([left, right])), 'tanh'), 3);
  const pooled = avgPool2d(joined, { kernel: 3, stride: 2, padding: 1 });
  return linear(flatten(activation(conv2d(pooled, { out: 3, kernel: [3, 2], padding: 0 }), 'hard-sigmoid')), {
    out: 4,
  });
});

/** The same network with smooth functions only. */
function smooth(network: Network): Network {
  const text = JSON.stringify(network.toJson())
    .replaceAll(/"function":"(relu|relu6|hard-swish)"/g, '"function":"silu"')
    .replaceAll('"function":"hard-sigmoid"', '"function":"sigmoid"');
  return Network.fromJson(JSON.parse(text));
}

const preset = (name: string, side: number): Network => {
  const network = benchmarkNetworks[name];
  if (network === undefined) throw new Error(`there is no reference network ${name}`);
  const { build, input } = network;
  return build({ input: { ...input, height: side, width: side }, classes: 10 });
};

const cell = nasBench201({ channels: 5, cells: 1 });
const bench201 = cell.build(
  cell.parse('|nor_conv_3x3~0|+|avg_pool_3x3~0|nor_conv_1x1~1|+|skip_connect~0|none~1|nor_conv_3x3~2|'),
  { ...image(3, 12, 12), classes: 10 },
);

const networks = {
  'mobile, odd images': () => mobile(image(3, 17, 15)),
  'mobile, grey images': () => mobile(image(1, 14, 14)),
  'widths from 1 to 40, 3 channels': () => widths(3),
  'widths from 1 to 40, 17 channels': () => widths(17),
  'layers without a blocked form': () => mixed,
  'residual, odd images': () => preset('resnet-16', 11),
  residual: () => preset('resnet-16', 16),
  'mobile benchmark': () => preset('mobile-16', 12),
  'NAS-Bench-201': () => bench201,
} satisfies { readonly [name: string]: () => Network };

// A processor without blocked kernels has nothing to compare with standard operators.
describe.skipIf(blocks === null)('blocked and standard training agree', () => {
  test.each([
    ['mobile, odd images', 7],
    ['mobile, odd images', 32],
    ['mobile, grey images', 16],
    ['widths from 1 to 40, 3 channels', 5],
    ['widths from 1 to 40, 17 channels', 32],
    ['layers without a blocked form', 6],
    ['layers without a blocked form', 32],
    ['residual, odd images', 10],
    ['residual', 32],
    ['mobile benchmark', 32],
    ['NAS-Bench-201', 9],
    ['NAS-Bench-201', 32],
  ] as const)('%s, batch %i, smooth', (name, batchSize) =>
    expectSameTraining(smooth(networks[name]()), batchSize, SMOOTH),
  );

  test.each([
    ['mobile, odd images', 7],
    ['widths from 1 to 40, 3 channels', 16],
    ['residual', 32],
    ['mobile benchmark', 32],
  ] as const)('%s, batch %i, as it is', (name, batchSize) => expectSameTraining(networks[name](), batchSize, KINKED));
});
