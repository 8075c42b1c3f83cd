/** @file Inherited weights: equal layers whole, slices of larger ones, and growth that keeps the function. */
import { describe, expect, test } from 'vitest';
import { trainedNetwork } from '../../test/trained-network.js';
import { nodeEngine } from '../engine/node-engine.js';
import { deviationBetween } from '../model/random-images.js';
import { invertedResidual } from './blocks/index.js';
import { inheritWeights } from './inherit.js';
import { activation, add, batchNorm, concat, conv2d, globalAvgPool, linear, zeros } from './layers/index.js';
import { Network } from './network.js';
import type { TrainedNetwork } from './trained-network.js';
import { initialWeights, tensorViews } from './weights.js';

const build = ({ out = 4, kernel = 3, strided = false } = {}): Network =>
  Network.build({ channels: 2, height: 6, width: 6 }, (image) => {
    let x = activation(batchNorm(conv2d(image, { out, kernel })), 'relu');
    if (strided) x = conv2d(x, { name: 'added', out, kernel: 1, stride: 2 });
    return linear(globalAvgPool(x), { out: 3 });
  });

const tensor = ({ network, weights }: TrainedNetwork, name: string): number[] => [
  ...(tensorViews(network.parameters, weights.parameters).get(name) ?? []),
];

/** A child that has not been trained, with what its parent gives it. */
function child(from: TrainedNetwork, network: Network): TrainedNetwork & { readonly share: number } {
  return { network, ...inheritWeights(from, { network, weights: initialWeights(network, 2) }) };
}

const deviation = (from: TrainedNetwork, to: TrainedNetwork) => deviationBetween(nodeEngine(), [from, to]);

test('an equal network has all of them; what is new keeps its own', () => {
  const from = trainedNetwork(build(), 1);
  expect(child(from, build())).toMatchObject({ weights: from.weights, share: 1 });
  const network = build({ strided: true });
  const longer = child(from, network);
  expect(tensor(longer, 'added.weight')).toEqual(
    tensor({ network, weights: initialWeights(network, 2) }, 'added.weight'),
  );
  expect(tensor(longer, 'linear.weight')).toEqual(tensor(from, 'linear.weight'));
  expect(longer.share).toBeCloseTo(1 - 16 / network.cost().params, 12);
});

test('a smaller layer is a slice: the first channels, and the middle of the window', () => {
  const from = trainedNetwork(build({ out: 4, kernel: 5 }), 1);
  const slim = child(from, build({ out: 3, kernel: 3 }));
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
  expect(slim.share).toBe(1);
});

describe('a child that is larger computes what its parent does', () => {
  interface Genes {
    readonly expanded: number;
    readonly width: number;
    readonly kernel: number;
    readonly depth: number;
  }
  const parent: Genes = { expanded: 12, width: 6, kernel: 3, depth: 1 };
  const mobile = ({ expanded, width, kernel, depth }: Genes) =>
    Network.build({ channels: 2, height: 8, width: 8 }, (image) => {
      let x = batchNorm(conv2d(image, { out: width, kernel: 3 }));
      for (let block = 0; block < depth; block++) {
        x = invertedResidual(x, { name: `block${block}`, out: width, expanded, kernel, squeeze: expanded / 4 });
      }
      return linear(globalAvgPool(conv2d(x, { name: 'head', out: 8, kernel: 1 })), { out: 3 });
    });

  test.each<[string, Partial<Genes>, number]>([
    ['width', { width: 9 }, 1],
    ['expansion', { expanded: 24 }, 1],
    // Windows of 5 × 5 have zeros where those of 3 × 3 had nothing.
    ['kernel', { kernel: 5 }, 0.7],
    ['depth', { depth: 3 }, 0.2],
    ['all of them', { expanded: 20, width: 8, kernel: 7, depth: 2 }, 0.2],
  ])('in %s', async (_, genes, leastShare) => {
    const from = trainedNetwork(mobile(parent), 3);
    const grown = child(from, mobile({ ...parent, ...genes }));
    expect(grown.network.cost().params).toBeGreaterThan(from.network.cost().params);
    expect(await deviation(from, grown)).toBeLessThan(1e-5);
    expect(grown.share).toBeGreaterThanOrEqual(leastShare);
    expect(grown.share === 1).toBe(leastShare === 1);
  });

  test('in what is added or joined: an edge that was none, one summand and one part more', async () => {
    const cell = ({ isGrown }: { isGrown: boolean }) =>
      Network.build({ channels: 2, height: 8, width: 8 }, (image) => {
        const x = conv2d(image, { name: 'stem', out: 4, kernel: 3 });
        const operator = (name: string) => batchNorm(conv2d(x, { name, out: 4, kernel: 3 }), { name: `${name}Norm` });
        const node = add([operator('first'), isGrown ? operator('edge') : zeros(x)], { name: 'node' });
        const sum = add([node, x, ...(isGrown ? [operator('more')] : [])], { name: 'sum' });
        const all = concat([x, sum, ...(isGrown ? [operator('part')] : [])], { name: 'all' });
        return linear(globalAvgPool(activation(all, 'relu')), { out: 3 });
      });
    const from = trainedNetwork(cell({ isGrown: false }), 3);
    expect(await deviation(from, child(from, cell({ isGrown: true })))).toBeLessThan(1e-6);
  });
});
