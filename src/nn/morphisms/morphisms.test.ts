/** @file Morphisms: every transform, and any chain of them, keeps the function of networks of all kinds. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { trainedNetwork } from '../../../test/trained-network.js';
import { nodeEngine } from '../../engine/node-engine.js';
import { deviationBetween } from '../../model/random-images.js';
import { Random } from '../../random.js';
import { darts } from '../../space/darts.js';
import { mobile } from '../../space/mobile.js';
import { nasBench101 } from '../../space/nas-bench-101.js';
import { nasBench201 } from '../../space/nas-bench-201.js';
import { regnet } from '../../space/regnet.js';
import { buildNetwork, type SearchSpace } from '../../space/space.js';
import { tree } from '../../space/tree.js';
import { squeezeExcite } from '../blocks/index.js';
import { usualNoise } from '../inherit.js';
import {
  activation,
  add,
  batchNorm,
  channelShuffle,
  concat,
  conv2d,
  flatten,
  globalAvgPool,
  linear,
  sliceChannels,
} from '../layers/index.js';
import { Network } from '../network.js';
import type { TrainedNetwork } from '../trained-network.js';
import { tensorViews } from '../weights.js';
import { channelGroups, deeper, deeperPlaces, insertBranch, insertSkip, largerWindows, wider } from './index.js';

const engine = nodeEngine();
const target = { channels: 2, height: 12, width: 12, classes: 3, widthMultiplier: 0.25 };

const sampled = (space: SearchSpace, seed: number): Network =>
  buildNetwork(space, space.decisions.sample(new Random(seed)), target);

/** Places where layers can be inserted, drawn at random; the network as it is where there are none. */
const transforms = {
  wider: (trained: TrainedNetwork, seed: number) => wider(trained, { factor: 1.2, seed }),
  deeper(trained: TrainedNetwork, seed: number) {
    const places = deeperPlaces(trained.network);
    return places.length === 0 ? trained : deeper(trained, { after: new Random(seed).pick(places).name, seed });
  },
  largerWindows(trained: TrainedNetwork, seed: number) {
    const windows = trained.network.layers.filter(({ kind, attributes }) => kind.growth?.enlarge?.(attributes, 5));
    if (windows.length === 0) return trained;
    const chosen = new Random(seed).pick(windows);
    return largerWindows(trained, { window: 5, only: (layer) => layer === chosen });
  },
  insertSkip: (trained: TrainedNetwork, seed: number) => between(trained, seed, { from: 0, insert: insertSkip }),
  insertBranch: (trained: TrainedNetwork, seed: number) => between(trained, seed, { from: 1, insert: insertBranch }),
};

function between(
  trained: TrainedNetwork,
  seed: number,
  { from, insert }: { from: number; insert: typeof insertSkip | typeof insertBranch },
): TrainedNetwork {
  const random = new Random(seed);
  const maps = trained.network.layers.filter(({ shape }) => shape.length === 3);
  const after = random.pick(maps.slice(1));
  const fitting = maps.filter(
    ({ index, shape }) => index < after.index && shape.slice(from).join() === after.shape.slice(from).join(),
  );
  return fitting.length === 0 ? trained : insert(trained, { from: random.pick(fitting).name, after: after.name, seed });
}

describe('the function stays', () => {
  test.each([
    ['residual sums, depthwise convolutions and squeeze-and-excite', mobile],
    ['grouped convolutions', regnet()],
    ['sums of joined and sliced channels', nasBench101({ channels: 16, stacks: 1, cells: 1 })],
    ['splits and means of what was split', tree()],
    ['sums of edges, some of them zeros', nasBench201({ cells: 1 })],
    ['cells of two inputs', darts({ cells: 3 })],
  ] as [string, SearchSpace][])('through %s, for chains of ten', async (_, space) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1000 }),
        fc.array(fc.constantFrom(...Object.values(transforms)), { minLength: 10, maxLength: 10 }),
        async (seed, chain) => {
          const trained = trainedNetwork(sampled(space, seed), seed);
          const grown = chain.reduce((before, transform, place) => transform(before, seed + place), trained);
          expect(grown.network.cost().params).toBeGreaterThan(trained.network.cost().params);
          expect(await deviationBetween(engine, [trained, grown])).toBeLessThan(1e-5);
        },
      ),
      { numRuns: 1, seed: 7 },
    );
  });
});

const image = { channels: 2, height: 6, width: 6 };

/** Every tie that channels can have. */
const tied = Network.build(image, (x) => {
  const stem = activation(batchNorm(conv2d(x, { name: 'stem', out: 8, kernel: 3 }), { name: 'norm' }), 'relu');
  const filtered = conv2d(stem, { name: 'depthwise', out: 8, kernel: 3, groups: 8 });
  const grouped = conv2d(conv2d(filtered, { name: 'reduce', out: 6, kernel: 1 }), {
    name: 'grouped',
    out: 9,
    kernel: 3,
    groups: 3,
  });
  const stream = add([conv2d(grouped, { name: 'project', out: 8, kernel: 1 }), squeezeExcite(stem, { squeeze: 2 })]);
  const halves = [sliceChannels(stream, 0, 5), sliceChannels(stream, 5, 8)];
  const joined = concat([...halves, conv2d(x, { name: 'side', out: 4, kernel: 1 })]);
  const shuffled = channelShuffle(conv2d(joined, { name: 'shuffled', out: 4, kernel: 1 }), 2);
  const hidden = linear(flatten(shuffled), { name: 'hidden', out: 5 });
  return linear(add([hidden, linear(globalAvgPool(joined), { name: 'pooled', out: 5 })]), { out: 3 });
});

describe('wider', () => {
  const trained = trainedNetwork(tied, 3);
  const shapeOf = ({ network }: TrainedNetwork, name: string) =>
    network.layers.find((layer) => layer.name === name)?.shape[0];

  test('finds the channels that are tied, and grows all of them but those of image, output and shuffle', async () => {
    const groups = channelGroups(tied).map(({ layers, size }) => [layers[0], layers.length, size]);
    expect(groups).toEqual([
      // Where a slice has cut the residual stream, it is two groups.
      ['stem', expect.any(Number), 5],
      ['stem', expect.any(Number), 3],
      ['reduce', 2, 3],
      ['squeezeExcite.reduce', 2, 2],
      ['side', 3, 4],
      ['shuffled', 3, 4],
      ['hidden', 3, 5],
    ]);
    const grown = wider(trained, { factor: 2, seed: 1 });
    expect(
      ['stem', 'depthwise', 'reduce', 'grouped', 'concat', 'side', 'shuffled', 'pooled', 'linear'].map((name) =>
        shapeOf(grown, name),
      ),
    ).toEqual([16, 16, 12, 18, 24, 8, 4, 10, 3]);
    expect(grown.network.layers.find(({ name }) => name === 'grouped')?.attributes.groups).toBe(6);
    expect(await deviationBetween(engine, [trained, grown])).toBeLessThan(1e-6);
  });

  test('grows one group alone, such as what a bottleneck has inside', async () => {
    const grown = wider(trained, { factor: 1.5, only: ({ layers }) => layers.includes('squeezeExcite.reduce') });
    expect(shapeOf(grown, 'squeezeExcite.reduce')).toBe(3);
    expect(shapeOf(grown, 'stem')).toBe(8);
    expect(await deviationBetween(engine, [trained, grown])).toBeLessThan(1e-6);
  });

  test('copies rows, and divides by the number of copies what reads them', () => {
    const chain = trainedNetwork(
      Network.build({ channels: 3, height: 1, width: 1 }, (x) =>
        linear(linear(flatten(x), { name: 'first', out: 2 }), { name: 'second', out: 1 }),
      ),
      1,
    );
    const { network, weights } = wider(chain, { factor: 2, seed: 4 });
    const numbers = (of: TrainedNetwork, name: string) =>
      Array.from(tensorViews(of.network.parameters, of.weights.parameters).get(name) ?? []);
    const [rows, bias, read] = ['first.weight', 'first.bias', 'second.weight'].map((name) => numbers(chain, name));
    const found = numbers({ network, weights }, 'first.bias');
    expect(found.length).toBe(4);
    const map = found.map((value) => bias?.indexOf(value) ?? -1);
    expect(new Set(map)).toEqual(new Set([0, 1]));
    expect(numbers({ network, weights }, 'first.weight')).toEqual(
      map.flatMap((from) => rows?.slice(3 * from, 3 * from + 3) ?? []),
    );
    const copies = (from: number) => map.filter((other) => other === from).length;
    expect(numbers({ network, weights }, 'second.weight')).toEqual(
      map.map((from) => Math.fround((read?.[from] ?? Number.NaN) / copies(from))),
    );
  });

  test('breaks the symmetry of copies alone, if asked to', () => {
    const noise = usualNoise(new Random(1));
    const [plain, noisy] = [undefined, noise].map((each) => wider(trained, { factor: 1.5, seed: 2, noise: each }));
    const all = (of?: TrainedNetwork) =>
      of === undefined ? new Map() : tensorViews(of.network.parameters, of.weights.parameters);
    const before = all(plain);
    for (const [name, view] of all(noisy)) {
      const moved = [...view].filter((value, index) => value !== before.get(name)[index]).length;
      const isCopied = /^(stem|depthwise|reduce|grouped|project|side|hidden|pooled|squeezeExcite.*)\.weight$/.test(
        name,
      );
      expect([name, moved > 0 && moved < view.length]).toEqual([name, isCopied]);
    }
  });

  test.each([
    [0.5, /0.5 times as wide: give a number above 1/],
    [Number.NaN, /NaN times/],
    [1.01, /No channels .* too few for the factor/],
  ])('a factor of %s is refused', (factor, message) => {
    expect(() => wider(trained, { factor })).toThrow(message);
  });
});

describe('insertions', () => {
  const trained = trainedNetwork(tied, 3);

  test.each([
    [() => deeper(trained, { after: 'norm' }), /behind "norm" .*name the ReLU/],
    [() => deeper(trained, { after: 'relu', window: 4 }), /window of 4 pixels has no middle/],
    [() => deeper(trained, { after: 'relv' }), /no layer "relv"/],
    [() => insertSkip(trained, { from: 'depthwise', after: 'stem' }), /"depthwise" \[8, 6, 6\] .*must come before/],
    [() => insertSkip(trained, { from: 'stem', after: 'reduce' }), /have its size/],
    [() => largerWindows(trained, { window: 3 }), /No convolution has a window that can become 3/],
  ])('%#: what does not fit is refused', (attempt, message) => {
    expect(attempt).toThrow(message);
  });

  test('deeper is nearly the identity with noise', async () => {
    const noise = { copies: 0, identities: 0.001, random: new Random(1) };
    const noisy = deeper(trained, { after: 'relu', noise });
    const deviation = await deviationBetween(engine, [trained, noisy]);
    expect(deviation).toBeGreaterThan(1e-5);
    expect(deviation).toBeLessThan(0.1);
  });
});
