/** @file Lowered networks compute what their layers say, in training and in inference. */
import { describe, expect, test } from 'vitest';
import { nodeEngine } from '../engine/node-engine.js';
import { Random } from '../random.js';
import { constant, emitModel, gradients, input, reduceSum, type Tensor } from '../tensor/index.js';
import { convNorm, shuffleUnitV1, shuffleUnitV2, squeezeExcite } from './blocks/index.js';
import type { Feature } from './feature.js';
import { flatViews, joinTensors, nextStatistics } from './flat-tensors.js';
import {
  activation,
  activations,
  add,
  average,
  avgPool2d,
  batchNorm,
  channelShuffle,
  concat,
  conv2d,
  dropout,
  flatten,
  globalAvgPool,
  identity,
  linear,
  maxPool2d,
  mixture,
  multiply,
  padChannels,
  sliceChannels,
  zeros,
} from './layers/index.js';
import { lowerNetwork, neededLayers } from './lower.js';
import { Network, trainedTensors } from './network.js';
import { initialWeights } from './weights.js';

const engine = nodeEngine();

const image = { channels: 2, height: 4, width: 4 };
const build = (body: (image: Feature) => Feature): Network => Network.build(image, body);

/** Two images of seeded noise. */
const random = new Random(5);
const pixels = Float32Array.from({ length: 2 * 32 }, () => random.normal());
const pixel = (n: number, c: number, y: number, x: number): number => pixels[((n * 2 + c) * 4 + y) * 4 + x] ?? 0;

async function values(
  outputs: { [name: string]: Tensor },
  feeds: Record<string, { shape: number[]; data: Float32Array }> = {},
) {
  const session = await engine.load(emitModel(outputs));
  const results = await session.run({ images: { shape: [2, 2, 4, 4], data: pixels }, ...feeds });
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, [...data]]));
}

interface Given {
  readonly mode?: 'training' | 'inference';
  readonly architecture?: Record<string, number[]>;
}

/** The network lowered with initial weights as constants. */
function lowered(network: Network, { mode = 'inference', architecture = {} }: Given = {}) {
  const { parameters, statistics } = initialWeights(network, 3);
  return lowerNetwork(network, {
    mode,
    images: input('images', [2, 2, 4, 4]),
    parameters: flatViews(network.parameters, constant(parameters, [parameters.length])),
    statistics: flatViews(network.statistics, constant(statistics, [statistics.length])),
    architecture: new Map(
      Object.entries(architecture).map(([name, vector]) => [name, constant(vector, [vector.length])]),
    ),
    noise: (layer, shape) => input(`${layer}.noise`, shape),
  });
}

const outputOf = async (network: Network, given: Given = {}): Promise<number[]> =>
  (await values({ y: lowered(network, given).logits })).y ?? [];

function expectClose(found: readonly number[] | undefined, expected: readonly number[]): void {
  expect(found?.length).toBe(expected.length);
  expected.forEach((value, index) => {
    expect(found?.[index]).toBeCloseTo(value, 4);
  });
}

describe('lowering', () => {
  test('an identity gives the pixels', async () => {
    expectClose(await outputOf(build((x) => identity(x))), [...pixels]);
  });

  test('a shuffle interleaves the groups, and its counterpart undoes it', async () => {
    const both = build((x) => channelShuffle(channelShuffle(concat([x, x, x]), 2), 3));
    expectClose(await outputOf(both), await outputOf(build((x) => concat([x, x, x]))));
    const once = await outputOf(build((x) => channelShuffle(concat([x, activation(x, 'tanh')]), 2)));
    expect(once[16]).toBeCloseTo(Math.tanh(pixel(0, 0, 0, 0)), 5);
  });

  test('sums, gates, slices, pools and joins', async () => {
    const network = build((x) => {
      const first = sliceChannels(x, 0, 1);
      const second = sliceChannels(x, 1, 2);
      return flatten(
        concat([
          add([first, second, second]),
          multiply(first, globalAvgPool(second)),
          maxPool2d(x, { kernel: 3, stride: 1, padding: 1 }),
        ]),
      );
    });
    const [y = []] = [await outputOf(network)];
    expect(y.length).toBe(2 * 4 * 16);
    expect(y[0]).toBeCloseTo(pixel(0, 0, 0, 0) + 2 * pixel(0, 1, 0, 0), 5);
    const mean = pixels.slice(16, 32).reduce((sum, value) => sum + value / 16, 0);
    expect(y[16]).toBeCloseTo(pixel(0, 0, 0, 0) * mean, 5);
    expect(y[32]).toBeCloseTo(Math.max(pixel(0, 0, 0, 0), pixel(0, 0, 0, 1), pixel(0, 0, 1, 0), pixel(0, 0, 1, 1)), 5);
  });

  test('averages leave the padding out', async () => {
    const y = await outputOf(build((x) => avgPool2d(x, { kernel: 3, stride: 1, padding: 1 })));
    expect(y[0]).toBeCloseTo((pixel(0, 0, 0, 0) + pixel(0, 0, 0, 1) + pixel(0, 0, 1, 0) + pixel(0, 0, 1, 1)) / 4, 5);
  });

  test('padded channels are zeros behind the others', async () => {
    const y = await outputOf(build((x) => padChannels(x, 3)));
    expect(y.length).toBe(2 * 3 * 16);
    for (const [n, c] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const) {
      expect(y[(n * 3 + c) * 16 + 5]).toBeCloseTo(pixel(n, c, 1, 1), 5);
    }
    expectClose([...y.slice(32, 48), ...y.slice(80)], new Array<number>(32).fill(0));
    expect(() => build((x) => padChannels(x, 1))).toThrow('it pads to 1 channels, but there are 2');
  });

  test('the average of features is that of their elements', async () => {
    const y = await outputOf(build((x) => average([x, x, activation(x, 'tanh')])));
    expectClose(
      y,
      [...pixels].map((value) => (2 * value + Math.tanh(value)) / 3),
    );
  });

  test('zeros need no image', async () => {
    const y = await outputOf(build((x) => add([zeros(x), x])));
    expectClose(y, [...pixels]);
  });

  test.each(activations)('%s runs', async (name) => {
    const y = await outputOf(build((x) => activation(x, name)));
    const reference: Record<typeof name, (x: number) => number> = {
      relu: (x) => Math.max(x, 0),
      relu6: (x) => Math.min(Math.max(x, 0), 6),
      'hard-swish': (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
      'hard-sigmoid': (x) => Math.min(Math.max(x + 3, 0), 6) / 6,
      silu: (x) => x / (1 + Math.exp(-x)),
      sigmoid: (x) => 1 / (1 + Math.exp(-x)),
      tanh: Math.tanh,
      // The tanh form of Hendrycks and Gimpel (2016), which is within 5e-4 of the exact one.
      gelu: (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
    };
    y.forEach((value, index) => {
      expect(Math.abs(value - reference[name](pixels[index] ?? 0))).toBeLessThan(1e-3);
    });
  });
});

describe('batch norm', () => {
  test('normalises by the batch in training, and keeps running statistics with momentum 0.1 and the unbiased variance', async () => {
    const network = build((x) => batchNorm(x, { name: 'norm' }));
    const { logits, observations } = lowered(network, { mode: 'training' });
    const running = constant([0, 0, 1, 1], [4]);
    const { y = [], statistic } = await values({
      y: logits,
      statistic: nextStatistics(network, running, observations),
    });
    const expected: number[] = [];
    for (const c of [0, 1]) {
      const channel = [...pixels].filter((_, index) => Math.floor(index / 16) % 2 === c);
      const mean = channel.reduce((sum, value) => sum + value, 0) / 32;
      const squares = channel.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      expected[c] = 0.1 * mean;
      expected[c + 2] = 0.9 + (0.1 * squares) / 31;
      expect(y[16 * c]).toBeCloseTo((pixel(0, c, 0, 0) - mean) / Math.sqrt(squares / 32 + 1e-5), 4);
    }
    expectClose(statistic, expected);
  });

  test('uses running statistics in inference and leaves them', async () => {
    const network = build((x) => batchNorm(x, { epsilon: 3 }));
    expectClose(
      await outputOf(network),
      [...pixels].map((value) => value / 2),
    );
    expect(lowered(network).observations.size).toBe(0);
  });

  test('needs no parameters without an affine map', async () => {
    const network = build((x) => batchNorm(x, { affine: false, epsilon: 3 }));
    expect(network.parameters).toEqual([]);
    const { logits } = lowerNetwork(network, {
      mode: 'inference',
      images: input('images', [2, 2, 4, 4]),
      parameters: new Map(),
      statistics: flatViews(network.statistics, constant([0, 0, 1, 1], [4])),
    });
    expectClose(
      (await values({ logits })).logits,
      [...pixels].map((value) => value / 2),
    );
  });
});

describe('dropout', () => {
  const network = build((x) => dropout(x, 0.25, { name: 'drop' }));

  test('keeps what draws below 1 − rate, scaled, in training', async () => {
    const data = Float32Array.from(pixels, (_, index) => (index % 8) / 8);
    const { y } = await values(
      { y: lowered(network, { mode: 'training' }).logits },
      { 'drop.noise': { shape: [2, 2, 4, 4], data } },
    );
    expectClose(
      y,
      [...pixels].map((value, index) => (index % 8 < 6 ? value / 0.75 : 0)),
    );
  });

  test('does nothing in inference', async () => {
    expectClose(await outputOf(network), [...pixels]);
  });

  test('asks for its noise', () => {
    const images = input('images', [2, 2, 4, 4]);
    expect(() =>
      lowerNetwork(network, { mode: 'training', images, parameters: new Map(), statistics: new Map() }),
    ).toThrow('no noise was given');
  });
});

describe('mixture', () => {
  const network = build((x) =>
    mixture(x, { weights: 'edge', branches: [identity(x), zeros(x), activation(x, 'relu')] }),
  );

  test('weighs its branches by the softmax of the architecture weights', async () => {
    const y = await outputOf(network, { architecture: { edge: [Math.log(2), Math.log(5), Math.log(3)] } });
    expectClose(
      y,
      [...pixels].map((value) => 0.2 * value + 0.3 * Math.max(value, 0)),
    );
  });

  test('lets gradients reach the architecture weights, also the share of zeros', async () => {
    const alpha = input('alpha', [3]);
    const { logits } = lowerNetwork(network, {
      mode: 'training',
      images: input('images', [2, 2, 4, 4]),
      parameters: new Map(),
      statistics: new Map(),
      architecture: new Map([['edge', alpha]]),
    });
    const [gradient] = gradients(reduceSum(logits), [alpha]);
    if (gradient === undefined) throw new Error('no gradient');
    const { g = [] } = await values({ g: gradient }, { alpha: { shape: [3], data: new Float32Array(3) } });
    const total = pixels.reduce((sum, value) => sum + value, 0);
    const positive = pixels.reduce((sum, value) => sum + Math.max(value, 0), 0);
    const mean = (total + positive) / 3;
    expectClose(
      g,
      [total, 0, positive].map((branch) => (branch - mean) / 3),
    );
  });

  test('is one branch where a path is chosen, and needs nothing of the others', async () => {
    const convolved = build((x) =>
      mixture(x, {
        weights: 'edge',
        branches: [conv2d(x, { out: 2, kernel: 3, name: 'heavy' }), activation(x, 'relu')],
      }),
    );
    const choose = () => ({ path: 1 });
    const needed = neededLayers(convolved, { mode: 'training', choose });
    expect(needed.map(({ name }) => name)).toEqual(['relu', 'mixture']);
    expect(trainedTensors(needed).parameters).toEqual([]);
    const { logits } = lowerNetwork(convolved, {
      mode: 'training',
      choose,
      images: input('images', [2, 2, 4, 4]),
      parameters: new Map(),
      statistics: new Map(),
    });
    expectClose(
      (await values({ logits })).logits,
      [...pixels].map((value) => Math.max(value, 0)),
    );
  });

  test('takes its architecture weights as gates of the branches that are chosen', async () => {
    const edge = input('edge', [3]);
    const { logits } = lowerNetwork(network, {
      mode: 'training',
      choose: () => ({ gates: [2, 0] }),
      images: input('images', [2, 2, 4, 4]),
      parameters: new Map(),
      statistics: new Map(),
      architecture: new Map([['edge', edge]]),
    });
    const [gradient] = gradients(reduceSum(logits), [edge]);
    if (gradient === undefined) throw new Error('no gradient');
    const gates = { edge: { shape: [3], data: Float32Array.of(0.25, 9, 2) } };
    const { y, g } = await values({ y: logits, g: gradient }, gates);
    expectClose(
      y,
      [...pixels].map((value) => 0.25 * value + 2 * Math.max(value, 0)),
    );
    const total = pixels.reduce((sum, value) => sum + value, 0);
    const positive = pixels.reduce((sum, value) => sum + Math.max(value, 0), 0);
    expectClose(g, [total, 0, positive]);
  });

  test('has no branch beyond its last', () => {
    expect(() => neededLayers(network, { mode: 'training', choose: () => ({ path: 3 }) })).toThrow(
      '"mixture" has 3 inputs, and none at 3',
    );
  });
});

describe('weights', () => {
  test('a convolution with bias and a linear layer compute w·x + b', async () => {
    const network = build((x) => linear(flatten(conv2d(x, { out: 1, kernel: 4, padding: 0, bias: true })), { out: 1 }));
    const flat = Float32Array.from({ length: 32 + 1 + 2 }, (_, index) => index / 32);
    const { logits } = lowerNetwork(network, {
      mode: 'inference',
      images: input('images', [2, 2, 4, 4]),
      parameters: flatViews(network.parameters, constant(flat, [flat.length])),
      statistics: new Map(),
    });
    const sums = [0, 1].map((n) =>
      pixels.slice(32 * n, 32 * n + 32).reduce((sum, value, index) => sum + (value * index) / 32, 0),
    );
    expectClose(
      (await values({ logits })).logits,
      sums.map((sum) => (sum + 1) * (33 / 32) + 34 / 32),
    );
  });

  test('every block has a gradient for every parameter', async () => {
    const network = build((x) => {
      const wide = convNorm(x, { name: 'wide', out: 16, kernel: 3, activation: 'hard-swish' });
      const shuffled = shuffleUnitV2(shuffleUnitV1(wide, { out: 32, groups: 2, stride: 2 }), { out: 32 });
      return linear(globalAvgPool(squeezeExcite(shuffled, { squeeze: 4 })), { out: 3 });
    });
    const { parameters, statistics } = initialWeights(network, 1);
    const flat = input('flat', [parameters.length]);
    const views = flatViews(network.parameters, flat);
    const { logits } = lowerNetwork(network, {
      mode: 'training',
      images: input('images', [2, 2, 4, 4]),
      parameters: views,
      statistics: flatViews(network.statistics, constant(statistics, [statistics.length])),
    });
    const score = reduceSum(logits);
    const [gradient] = gradients(score, [flat]);
    const parts = gradients(score, [...views.values()]);
    if (gradient === undefined) throw new Error('no gradient');
    const joined = joinTensors(
      network.parameters,
      new Map(network.parameters.map(({ name }, index) => [name, parts[index] ?? gradient])),
    );
    const feeds = { flat: { shape: [parameters.length], data: parameters } };
    const { whole = [], pieces } = await values({ whole: gradient, pieces: joined }, feeds);
    expectClose(pieces, whole);
    expect(whole.every(Number.isFinite)).toBe(true);
    expect(whole.filter((value) => value !== 0).length).toBeGreaterThan(whole.length / 2);
  });

  test('what is missing is named', () => {
    const network = build((x) => conv2d(x, { name: 'stem', out: 1, kernel: 1 }));
    const nothing = { parameters: new Map(), statistics: new Map() };
    expect(() =>
      lowerNetwork(network, { mode: 'inference', images: input('images', [2, 2, 4, 4]), ...nothing }),
    ).toThrow('"stem.weight"');
    expect(() =>
      lowerNetwork(network, { mode: 'inference', images: input('images', [2, 1, 4, 4]), ...nothing }),
    ).toThrow('[N, 2, 4, 4], not [2, 1, 4, 4]');
  });
});
