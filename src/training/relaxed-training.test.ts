/** @file A relaxed network trains by mixed and by sampled paths, and tells the gradient of its architecture weights. */
import { describe, expect, test } from 'vitest';
import { bars } from '../../test/bars.js';
import { trainingBatches } from '../data/batches.js';
import { nodeEngine } from '../engine/node-engine.js';
import type { Choice } from '../nn/layer-kind.js';
import type { Network } from '../nn/network.js';
import { initialWeights, layout } from '../nn/weights.js';
import { Random } from '../random.js';
import { relax } from '../space/decisions/relax.js';
import { nasBench201 } from '../space/nas-bench-201.js';
import { add, mul, reduceSum, scalar, sgd } from '../tensor/index.js';
import { crossEntropy, type LossTerm } from './loss.js';
import { TrainingState } from './state.js';
import { TrainingStep, type TrainingStepOptions } from './step.js';

const engine = nodeEngine();
const OPTIONS = 5;
const space = nasBench201({ channels: 4, cells: 1 });
const target = { channels: 1, height: 8, width: 8, classes: 3 };
const supernet = space.build(relax(space.decisions), target);
const edges = supernet.architectureParameters.map(({ name }) => name);
const dataset = bars(8);
const optimizer = sgd({ momentum: 0.9 });
const usual = { batchSize: 12, optimizer, normalization: { mean: [100], std: [60] }, threads: 1 };
const noise = new Random(0);

const stateOf = (): TrainingState => TrainingState.start(supernet, initialWeights(supernet, 1), optimizer);

const compile = (network: Network, options: Partial<TrainingStepOptions> = {}) =>
  TrainingStep.compile(engine, network, { ...usual, ...options });

/** Twenty batches. Each is a copy. */
const batches = [0, 1, 2, 3].flatMap((epoch) => {
  const augmentation = { flip: false, shift: 0, cutout: 0 };
  return Array.from(trainingBatches(dataset.train, { batchSize: 12, seed: 1, epoch, augmentation }), (batch) => ({
    pixels: batch.pixels.slice(),
    labels: batch.labels.slice(),
  }));
});
const [first = { pixels: new Float32Array(), labels: new Int32Array() }] = batches;

/** Loss and gradient at these architecture weights; the state stays as it is. */
async function at(step: TrainingStep, state: TrainingState, architecture: Float32Array) {
  const { steps, vectors } = state.select(step.tensors);
  const flat = { steps, vectors: { ...vectors, architecture } };
  const { loss, architectureGradient } = await step.run(flat, { ...first, learningRate: 0, noise });
  return { loss, gradient: [...architectureGradient] };
}

const random = new Random(3);
const weights = Float32Array.from({ length: edges.length * OPTIONS }, () => random.normal());

const norm = (vector: readonly number[]) => Math.hypot(...vector);
const difference = (a: readonly number[], b: readonly number[]) =>
  norm(a.map((value, index) => value - (b[index] ?? Number.NaN)));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('twenty steps of all paths mixed lower the loss, and the architecture weights follow their gradient', async () => {
  const step = await compile(supernet);
  const state = stateOf();
  const losses: number[] = [];
  for (const batch of batches) {
    const { loss, next, architectureGradient } = await step.run(state.select(step.tensors), {
      ...batch,
      learningRate: 0.05,
      noise,
    });
    const architecture = next.vectors.architecture?.map((value, index) => value - (architectureGradient[index] ?? 0));
    state.absorb(step.tensors, { ...next, vectors: { ...next.vectors, ...(architecture && { architecture }) } });
    losses.push(loss);
  }
  await step.release();
  expect(losses).toHaveLength(20);
  expect(mean(losses.slice(-5))).toBeLessThan(0.7 * mean(losses.slice(0, 5)));
  expect(state.steps).toBe(20);
  const learnt = state.select(supernet).vectors.architecture ?? new Float32Array();
  expect(learnt).toHaveLength(edges.length * OPTIONS);
  expect(learnt.every((value) => value !== 0 && Number.isFinite(value))).toBe(true);
});

describe('the gradient of the architecture weights of mixed paths', () => {
  test('is that of finite differences', async () => {
    const step = await compile(supernet);
    const state = stateOf();
    const { gradient } = await at(step, state, weights);
    const expected: number[] = [];
    const width = 0.001;
    for (const index of weights.keys()) {
      const shifted = (by: number) => weights.map((value, other) => (other === index ? value + by : value));
      const [above, below] = [await at(step, state, shifted(width)), await at(step, state, shifted(-width))];
      expected.push((above.loss - below.loss) / (2 * width));
    }
    await step.release();
    expect(norm(expected)).toBeGreaterThan(0.05);
    // Float32 and the kinks of ReLU cost each difference some digits.
    expect(difference(gradient, expected)).toBeLessThan(0.03 * norm(expected));
  });

  test('is that of gates of all branches, led through the softmax', async () => {
    const [mixed, gated] = [
      await compile(supernet),
      await compile(supernet, { choose: () => ({ gates: [0, 1, 2, 3, 4] }) }),
    ];
    const state = stateOf();
    const parts = edges.map((_, edge) => softmax(weights.slice(edge * OPTIONS, (edge + 1) * OPTIONS)));
    const direct = await at(mixed, state, weights);
    const byGates = await at(gated, state, Float32Array.from(parts.flat()));
    await mixed.release();
    await gated.release();
    expect(byGates.loss).toBeCloseTo(direct.loss, 5);
    const led = parts.flatMap((shares, edge) => {
      const slopes = byGates.gradient.slice(edge * OPTIONS, (edge + 1) * OPTIONS);
      const average = shares.reduce((sum, share, option) => sum + share * (slopes[option] ?? 0), 0);
      return shares.map((share, option) => share * ((slopes[option] ?? 0) - average));
    });
    expect(difference(direct.gradient, led)).toBeLessThan(1e-3 * norm(led));
  });

  test('has the part of a term that reads the architecture weights', async () => {
    const penalty: LossTerm = {
      name: 'sum of squares',
      settings: {},
      lower: ({ architecture }) =>
        mul([...architecture.values()].map((edge) => reduceSum(mul(edge, edge))).reduce(add), scalar(0.5)),
    };
    const [plain, penalised] = [await compile(supernet), await compile(supernet, { terms: [crossEntropy(), penalty] })];
    const state = stateOf();
    const [without, beside] = [await at(plain, state, weights), await at(penalised, state, weights)];
    await plain.release();
    await penalised.release();
    const added = beside.gradient.map((slope, index) => slope - (without.gradient[index] ?? 0));
    expect(difference(added, [...weights])).toBeLessThan(1e-4 * norm([...weights]));
  });
});

function softmax(logits: Float32Array): number[] {
  const exponentials = Array.from(logits, Math.exp);
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

const cells = [
  '|nor_conv_3x3~0|+|avg_pool_3x3~0|skip_connect~1|+|nor_conv_1x1~0|none~1|nor_conv_3x3~2|',
  '|nor_conv_1x1~0|+|nor_conv_3x3~0|none~1|+|skip_connect~0|avg_pool_3x3~1|skip_connect~2|',
].map((text) => space.parse(text));

/** What a cell takes at each edge. */
function choicesOf(cell: (typeof cells)[number]): (of: { readonly name: string }) => { readonly path: number } {
  const options = new Map(space.decisions.sequence(cell).map(({ path, option }) => [path, option]));
  return ({ name }) => ({ path: options.get(name) ?? Number.NaN });
}

describe('a sampled path', () => {
  test('is a network whose numbers are gathered from the supernet, and scattered back: twenty steps of two paths', async () => {
    const state = stateOf();
    const before = state.weights.parameters;
    const steps = [];
    for (const cell of cells) steps.push(await compile(space.build(cell, target)));
    const losses: number[] = [];
    for (const [index, batch] of batches.entries()) {
      const step = steps[index % 2];
      if (step === undefined) continue;
      const { loss, next } = await step.run(state.select(step.tensors), { ...batch, learningRate: 0.05, noise });
      state.absorb(step.tensors, next);
      losses.push(loss);
    }
    expect(losses).toHaveLength(20);
    expect(mean(losses.slice(-5))).toBeLessThan(0.8 * mean(losses.slice(0, 5)));
    // What no path has passed is as it was; the rest has moved.
    const passed = new Set(steps.flatMap(({ tensors }) => tensors.parameters.map(({ name }) => name)));
    expect(passed.size).toBeLessThan(supernet.parameters.length);
    const after = state.weights.parameters;
    for (const { spec, start, end } of layout(supernet.parameters)) {
      const same = expect(after.subarray(start, end), spec.name);
      if (passed.has(spec.name)) same.not.toEqual(before.subarray(start, end));
      else same.toEqual(before.subarray(start, end));
    }
    for (const step of steps) await step.release();
  });

  test('is the same bit for bit as the supernet lowered with that choice, and computes nothing else', async () => {
    for (const cell of cells) {
      const [decided, chosen] = [
        await compile(space.build(cell, target)),
        await compile(supernet, { choose: choicesOf(cell) }),
      ];
      expect(chosen.tensors.parameters.map(({ name }) => name)).toEqual(
        decided.tensors.parameters.map(({ name }) => name),
      );
      const state = stateOf();
      const run = async (step: TrainingStep) => {
        const { loss, next } = await step.run(state.select(step.tensors), { ...first, learningRate: 0.1, noise });
        return { loss, parameters: next.vectors.parameters, statistics: next.vectors.statistics };
      };
      expect(await run(chosen)).toEqual(await run(decided));
      await decided.release();
      await chosen.release();
    }
  });

  test('behind a gate of one tells the derivative by that gate, and by no other', async () => {
    const [cell] = cells;
    if (cell === undefined) throw new Error('no cell');
    const path = choicesOf(cell);
    const choose = (of: { readonly name: string }): Choice => ({ gates: [path(of).path] });
    const gates = Float32Array.from(
      edges.flatMap((name) => Array.from({ length: OPTIONS }, (_, option) => (option === path({ name }).path ? 1 : 0))),
    );
    const [gated, decided] = [await compile(supernet, { choose }), await compile(space.build(cell, target))];
    const state = stateOf();
    const { loss, gradient } = await at(gated, state, gates);
    expect(loss).toBeCloseTo((await at(decided, state, new Float32Array())).loss, 5);
    gradient.forEach((slope, index) => {
      if (gates[index] === 0) expect(slope).toBe(0);
    });
    expect(norm(gradient)).toBeGreaterThan(0);
    await gated.release();
    await decided.release();
  });
});
