/** @file Inherited weights: equal layers whole, slices of larger ones, and growth that keeps the function. */
import { expect, test } from 'vitest';
import { nodeEngine } from '../engine/node-engine.js';
import { Random } from '../random.js';
import { constant, emitModel } from '../tensor/index.js';
import { flatViews } from './flat-tensors.js';
import { inheritWeights } from './inherit.js';
import { activation, batchNorm, conv2d, globalAvgPool, linear } from './layers/index.js';
import { lowerNetwork } from './lower.js';
import { Network } from './network.js';
import type { TrainedNetwork } from './trained-network.js';
import { initialWeights, tensorViews, type Weights } from './weights.js';

const build = ({ out = 4, kernel = 3, deeper = false } = {}): Network =>
  Network.build({ channels: 2, height: 6, width: 6 }, (image) => {
    let x = activation(batchNorm(conv2d(image, { out, kernel })), 'relu');
    if (deeper) x = conv2d(x, { name: 'deeper', out, kernel: 1 });
    return linear(globalAvgPool(x), { out: 3 });
  });

/** Numbers that tell places apart, as after training. */
function trained(network: Network, seed: number): TrainedNetwork {
  const random = new Random(seed);
  const { parameters, statistics } = initialWeights(network, seed);
  const near = (value: number) => value + 0.2 * random.uniform();
  return { network, weights: { parameters: parameters.map(near), statistics: statistics.map(near) } };
}

/** All of zeros but for the variances. */
function empty(network: Network): TrainedNetwork {
  const { parameters, statistics } = initialWeights(network, 0);
  return { network, weights: { parameters: parameters.fill(0), statistics } };
}

const tensor = ({ network, weights }: TrainedNetwork, name: string): number[] => [
  ...(tensorViews(network.parameters, weights.parameters).get(name) ?? []),
];

const random = new Random(9);
const images = constant(
  Float32Array.from({ length: 2 * 72 }, () => random.normal()),
  [2, 2, 6, 6],
);

async function logitsOf({ network, weights: { parameters, statistics } }: TrainedNetwork): Promise<number[]> {
  const { logits } = lowerNetwork(network, {
    mode: 'inference',
    images,
    parameters: flatViews(network.parameters, constant(parameters, [parameters.length])),
    statistics: flatViews(network.statistics, constant(statistics, [statistics.length])),
  });
  const model = await nodeEngine().load(emitModel({ logits }));
  const results = await model.run({});
  await model.release();
  return [...(results.logits?.data ?? [])];
}

const inherited = (from: TrainedNetwork, to: TrainedNetwork): { network: Network; weights: Weights } => ({
  network: to.network,
  weights: inheritWeights(from, to),
});

test('an equal network has all of them; what is new keeps its own', () => {
  const from = trained(build(), 1);
  expect(inheritWeights(from, trained(build(), 2))).toEqual(from.weights);
  const own = trained(build({ deeper: true }), 2);
  const deeper = inherited(from, own);
  expect(tensor(deeper, 'deeper.weight')).toEqual(tensor(own, 'deeper.weight'));
  expect(tensor(deeper, 'linear.weight')).toEqual(tensor(from, 'linear.weight'));
});

test('a smaller layer is a slice: the first channels, and the middle of the window', () => {
  const from = trained(build({ out: 4, kernel: 5 }), 1);
  const slim = inherited(from, trained(build({ out: 3, kernel: 3 }), 2));
  const large = tensor(from, 'conv2d.weight');
  const expected = [0, 1, 2].flatMap((out) =>
    [0, 1].flatMap((channel) =>
      [1, 2, 3].flatMap((y) => [1, 2, 3].map((x) => large[((out * 2 + channel) * 5 + y) * 5 + x])),
    ),
  );
  expect(tensor(slim, 'conv2d.weight')).toEqual(expected);
  expect(tensor(slim, 'batchNorm.scale')).toEqual(tensor(from, 'batchNorm.scale').slice(0, 3));
  const head = tensor(from, 'linear.weight');
  expect(tensor(slim, 'linear.weight')).toEqual([0, 4, 8].flatMap((row) => head.slice(row, row + 3)));
});

test('a network that grows into zeros, wider and with larger windows, keeps its function', async () => {
  const from = trained(build({ out: 4, kernel: 3 }), 1);
  const grown = await logitsOf(inherited(from, empty(build({ out: 6, kernel: 5 }))));
  const before = await logitsOf(from);
  expect(new Set(before).size).toBeGreaterThan(4);
  grown.forEach((logit, index) => {
    expect(logit).toBeCloseTo(before[index] ?? Number.NaN, 5);
  });
});
