/** @file One definition for decided and open choices: the supernet differentiates, and holds every decided network. */

import { describe, expect, it } from 'vitest';
import { nodeEngine } from '../../engine/node-engine.js';
import { flatViews, initialWeights, lowerNetwork, type Network } from '../../nn/index.js';
import { Random } from '../../random.js';
import { constant, emitModel, gradients, input, softmaxCrossEntropy, type Tensor } from '../../tensor/index.js';
import { nasBench201 } from '../nas-bench-201.js';
import { relax } from './relax.js';

const engine = nodeEngine();

const target = { channels: 2, height: 8, width: 8, classes: 3 };
const BATCH = 6;
const space = nasBench201({ channels: 4, cells: 1 });
const supernet = space.build(relax(space.decisions), target);
const { parameters, statistics } = initialWeights(supernet, 3);
const parameterOf = flatViews(supernet.parameters, constant(parameters, [parameters.length]));
const statisticOf = flatViews(supernet.statistics, constant(statistics, [statistics.length]));

const random = new Random(5);
const images = constant(
  Float32Array.from({ length: BATCH * 2 * 64 }, () => random.normal()),
  [BATCH, 2, 8, 8],
);
const labels = constant(
  Int32Array.from({ length: BATCH }, (_, image) => image % 3),
  [BATCH],
);

const architecture = new Map(
  supernet.architectureParameters.map(({ name, shape }) => [name, input(name, shape)] as const),
);

/** Weights are found by the names of layers: any network of the space can run with those of the supernet. */
const logitsOf = (network: Network): Tensor =>
  lowerNetwork(network, { mode: 'training', images, parameters: parameterOf, statistics: statisticOf, architecture })
    .logits;

type Vectors = { [name: string]: Float32Array };

const feedsOf = (vectors: Vectors) =>
  Object.fromEntries(Object.entries(vectors).map(([name, data]) => [name, { shape: [data.length], data }]));

describe('a relaxed NAS-Bench-201 network', () => {
  it('has a loss whose derivatives by the architecture weights are those of finite differences', async () => {
    const loss = softmaxCrossEntropy(logitsOf(supernet), labels);
    const derivatives = gradients(loss, [...architecture.values()]);
    const names = [...architecture.keys()];
    const outputs = Object.fromEntries(derivatives.map((derivative, index) => [`d ${names[index]}`, derivative]));
    const session = await engine.load(emitModel({ loss, ...outputs }));
    const at: Vectors = Object.fromEntries(
      names.map((name) => [name, Float32Array.from({ length: 5 }, () => random.normal())]),
    );
    const lossAt = async (vectors: Vectors) => (await session.run(feedsOf(vectors))).loss?.data[0] ?? Number.NaN;

    const exact = await session.run(feedsOf(at));
    const found: number[] = [];
    const expected: number[] = [];
    for (const name of names) {
      const slopes = exact[`d ${name}`]?.data ?? [];
      expect(slopes).toHaveLength(5);
      for (const [option, slope] of slopes.entries()) {
        const step = 0.001;
        const shifted = (by: number) => ({
          ...at,
          [name]: Float32Array.from(at[name] ?? [], (w, o) => (o === option ? w + by : w)),
        });
        const difference = ((await lossAt(shifted(step))) - (await lossAt(shifted(-step)))) / (2 * step);
        found.push(slope);
        expected.push(difference);
      }
      // A softmax does not change when all its weights grow alike.
      expect(Math.abs([...slopes].reduce((sum, slope) => sum + slope, 0))).toBeLessThan(1e-5);
    }
    // Float32 and the kinks of ReLU cost each difference some digits: all together agree to 0.2 %.
    const norm = (vector: readonly number[]) => Math.hypot(...vector);
    expect(norm(expected)).toBeGreaterThan(0.05);
    expect(norm(found.map((slope, index) => slope - (expected[index] ?? 0)))).toBeLessThan(0.01 * norm(expected));
    await session.release();
  });

  it('is, where one option has all the weight, the decided network with weights of the same names', async () => {
    const session = await engine.load(emitModel({ logits: logitsOf(supernet) }));
    for (const text of [
      '|nor_conv_3x3~0|+|avg_pool_3x3~0|skip_connect~1|+|nor_conv_1x1~0|none~1|nor_conv_3x3~2|',
      '|none~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|skip_connect~0|avg_pool_3x3~1|none~2|',
    ]) {
      const cell = space.parse(text);
      const decided = await engine.load(emitModel({ logits: logitsOf(space.build(cell, target)) }));
      const vectors: Vectors = Object.fromEntries(
        space.decisions
          .sequence(cell)
          .map(({ path, options, option }) => [
            path,
            Float32Array.from(options, (_, index) => (index === option ? 100 : 0)),
          ]),
      );
      const [mixed, alone] = [await session.run(feedsOf(vectors)), await decided.run({})];
      for (const [index, logit] of (alone.logits?.data ?? []).entries()) {
        expect(mixed.logits?.data[index]).toBeCloseTo(logit, 4);
      }
      expect(new Set(alone.logits?.data).size).toBeGreaterThan(3);
      await decided.release();
    }
    await session.release();
  });
});
