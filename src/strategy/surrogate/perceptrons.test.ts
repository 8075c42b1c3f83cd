/** @file Perceptrons side by side: their gradients, what each of them sees, and that they learn. */

import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/engine.js';
import { nodeEngine } from '../../engine/node-engine.js';
import { Random } from '../../random.js';
import {
  initialParameters,
  optimizerSlots,
  parameterCount,
  predictionModel,
  stepInputs,
  trainingModel,
} from './perceptron-graphs.js';
import { Perceptrons } from './perceptrons.js';

const size = { members: 2, inputs: 3, hidden: [4] };
const opened: { release(): Promise<void> }[] = [];
const engine: Engine = {
  ...nodeEngine(),
  async load(model: Uint8Array) {
    const session = await nodeEngine().load(model);
    opened.push(session);
    return session;
  },
};

afterEach(async () => {
  for (const session of opened.splice(0)) await session.release();
});

const rows = Float32Array.of(0.3, -1, 0.5, 1, 0.2, -0.4);
const values = Float32Array.of(2, -1);
const weights = Float32Array.of(0.5, 0.25, 0, 1);
const vector = (data: Float32Array) => ({ shape: [data.length], data });
const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });

describe('a step of training', () => {
  it('moves each parameter against the finite difference of the weighted L1 loss', async () => {
    const predict = await engine.load(predictionModel(size));
    const train = await engine.load(trainingModel(size, { batch: 2, steps: 1 }));
    const parameters = initialParameters(size, new Random(3));
    const names = stepInputs(0);
    const slots = optimizerSlots.map((name) => [name, vector(new Float32Array(parameters.length))] as const);
    const stepped = await train.run({
      parameters: vector(parameters),
      ...Object.fromEntries(slots),
      [names.rows]: { shape: [2, 3], data: rows },
      [names.values]: { shape: [2, 1], data: values },
      [names.weights]: { shape: [2, 2, 1], data: weights },
      [names.learningRate]: scalar(0.01),
      [names.count]: scalar(1),
    });
    const loss = async (at: Float32Array): Promise<number> => {
      const { predictions } = await predict.run({ parameters: vector(at), rows: { shape: [2, 3], data: rows } });
      const distance = (member: number, row: number) =>
        (weights[2 * member + row] ?? 0) * Math.abs((predictions?.data[2 * row + member] ?? 0) - (values[row] ?? 0));
      return distance(0, 0) + distance(0, 1) + distance(1, 0) + distance(1, 1);
    };
    // Adam's mean after the first step is a tenth of the gradient.
    const mean = stepped['next mean']?.data ?? [];
    for (const [index, value] of parameters.entries()) {
      const [above, below] = [parameters.with(index, value + 1e-2), parameters.with(index, value - 1e-2)];
      const slope = ((await loss(above)) - (await loss(below))) / 2e-2;
      expect((mean[index] ?? 0) / 0.1, `parameter ${index} of ${parameterCount(size)}`).toBeCloseTo(slope, 2);
    }
    expect(mean.some((value) => value !== 0)).toBe(true);
  });
});

describe('members', () => {
  const options = { batch: 8, steps: 4, epochs: 10, leastSteps: 40, learningRate: 0.01 };
  const random = new Random(1);
  const lessonRows = Float32Array.from({ length: 3 * 20 }, () => random.uniform());
  const targets = Array.from({ length: 20 }, (_, row) => (lessonRows[3 * row] ?? 0) - (lessonRows[3 * row + 1] ?? 0));
  const sees = (member: number, row: number) => row % 2 !== member;

  async function predictionsAfter(lesson: readonly number[]): Promise<number[]> {
    const perceptrons = await Perceptrons.load(engine, size, options);
    await perceptrons.fit({ rows: lessonRows, values: lesson, sees }, new Random(7));
    return [...(await perceptrons.predict(rows))];
  }

  it('learn the same from the same', async () => {
    expect(await predictionsAfter(targets)).toEqual(await predictionsAfter(targets));
  });

  it('learn nothing from what they do not see', async () => {
    // Row 5 is seen by member 0 alone.
    const [first, second] = [await predictionsAfter(targets.with(5, 40)), await predictionsAfter(targets.with(5, -40))];
    expect([first[1], first[3]]).toEqual([second[1], second[3]]);
    expect(first[0]).not.toBe(second[0]);
    expect(first[2]).not.toBe(second[2]);
  });
});
