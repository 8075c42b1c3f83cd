/** @file Optimisers and clipping against their formulas, and schedules at their landmarks. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EngineArray } from '../../engine/engine.js';
import { nodeEngine } from '../../engine/node-engine.js';
import { adam, adamW, clipGlobalNorm, emitModel, input, type Optimizer, sgd, type Tensor } from '../index.js';
import { cosine, flat, step, warmup } from '../schedule.js';

const engine = nodeEngine();

const SIZE = 4;
const gradientAt = (index: number, time: number): number => Math.sin(3 * index + 2 * time) + 0.2;
const start = [1, -2, 0.5, 0];

/** Parameters after each of five steps at a learning rate of 0.1. */
async function trajectory(optimizer: Optimizer): Promise<number[][]> {
  const vector = (name: string): Tensor => input(name, [SIZE]);
  const next = optimizer.update({
    parameters: vector('parameters'),
    gradient: vector('gradient'),
    slots: optimizer.slots.map(vector),
    learningRate: input('learningRate', []),
    step: input('step', []),
  });
  const slots = Object.fromEntries(next.slots.map((slot, place) => [`next ${optimizer.slots[place]}`, slot]));
  const session = await engine.load(emitModel({ 'next parameters': next.parameters, ...slots }));
  const feeds: Record<string, EngineArray> = { parameters: { shape: [SIZE], data: Float32Array.from(start) } };
  for (const slot of optimizer.slots) feeds[slot] = { shape: [SIZE], data: new Float32Array(SIZE) };
  const path: number[][] = [];
  for (let time = 1; time <= 5; time++) {
    feeds.gradient = {
      shape: [SIZE],
      data: Float32Array.from({ length: SIZE }, (_, index) => gradientAt(index, time)),
    };
    feeds.learningRate = { shape: [], data: Float32Array.of(0.1) };
    feeds.step = { shape: [], data: Float32Array.of(time) };
    const known = Object.entries(feeds).filter(([name]) => session.inputs.has(name));
    const results = await session.run(Object.fromEntries(known));
    for (const [name, array] of Object.entries(results)) feeds[name.replace('next ', '')] = array;
    path.push([...(feeds.parameters?.data ?? [])]);
  }
  await session.release();
  return path;
}

/** Five steps of one parameter after another, in double precision. */
function expected(
  update: (state: { theta: number; v: number; s: number; g: number; time: number }) => number[],
): number[][] {
  const states = start.map((theta) => ({ theta, v: 0, s: 0 }));
  return [1, 2, 3, 4, 5].map((time) =>
    states.map((state, index) => {
      const [theta = 0, v = 0, s = 0] = update({ ...state, g: gradientAt(index, time), time });
      Object.assign(state, { theta, v, s });
      return theta;
    }),
  );
}

function expectClose(path: number[][], reference: number[][]): void {
  path.flat().forEach((value, place) => {
    expect(value).toBeCloseTo(reference.flat()[place] ?? Number.NaN, 5);
  });
}

describe('optimisers', () => {
  test('SGD without momentum keeps nothing between steps', async () => {
    expect(sgd().slots).toEqual([]);
    expectClose(
      await trajectory(sgd()),
      expected(({ theta, g }) => [theta - 0.1 * g]),
    );
  });

  test('SGD adds the weight decay to the gradient', async () => {
    const reference = expected(({ theta, g }) => [theta - 0.1 * (g + 0.3 * theta)]);
    expectClose(await trajectory(sgd({ weightDecay: 0.3 })), reference);
  });

  test.each([false, true])('SGD with momentum, Nesterov %s', async (nesterov) => {
    const reference = expected(({ theta, v, g }) => {
      const next = 0.9 * v + g;
      return [theta - 0.1 * (nesterov ? g + 0.9 * next : next), next];
    });
    expectClose(await trajectory(sgd({ momentum: 0.9, nesterov })), reference);
  });

  test('Adam sees the weight decay in its moments, AdamW does not', async () => {
    const moments = (g: number, v: number, s: number, time: number) => {
      const [mean, square] = [0.8 * v + 0.2 * g, 0.99 * s + 0.01 * g * g];
      return { mean, square, direction: mean / (1 - 0.8 ** time) / (Math.sqrt(square / (1 - 0.99 ** time)) + 1e-3) };
    };
    const options = { beta1: 0.8, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.2 };
    const coupled = expected(({ theta, v, s, g, time }) => {
      const { mean, square, direction } = moments(g + 0.2 * theta, v, s, time);
      return [theta - 0.1 * direction, mean, square];
    });
    const decoupled = expected(({ theta, v, s, g, time }) => {
      const { mean, square, direction } = moments(g, v, s, time);
      return [theta - 0.1 * 0.2 * theta - 0.1 * direction, mean, square];
    });
    expectClose(await trajectory(adam(options)), coupled);
    expectClose(await trajectory(adamW(options)), decoupled);
    expect(adamW().name).toBe('adamw');
  });

  test('the first step of Adam is the learning rate in size, whatever the gradient', async () => {
    const [first = []] = await trajectory(adam());
    first.forEach((value, index) => {
      expect(value).toBeCloseTo((start[index] ?? 0) - 0.1 * Math.sign(gradientAt(index, 1)), 5);
    });
  });
});

test('clipping scales the whole gradient to the limit, and leaves a shorter one alone', async () => {
  const gradient = input('gradient', [SIZE]);
  const session = await engine.load(emitModel({ clipped: clipGlobalNorm(gradient, 2) }));
  const clip = async (...data: number[]) => {
    const results = await session.run({ gradient: { shape: [SIZE], data: Float32Array.from(data) } });
    return [...(results.clipped?.data ?? [])];
  };
  const long = await clip(3, 0, -4, 0);
  [1.2, 0, -1.6, 0].forEach((value, index) => {
    expect(long[index]).toBeCloseTo(value, 5);
  });
  expect(await clip(1, 0, -1, 0)).toEqual([1, 0, -1, 0]);
  expect(await clip(0, 0, 0, 0)).toEqual([0, 0, 0, 0]);
  await session.release();
});

describe('schedules', () => {
  test('cosine falls from 1 to its end, half-way in the middle', () => {
    expect([0, 0.5, 1].map(cosine())).toEqual([1, expect.closeTo(0.5, 12), expect.closeTo(0, 12)]);
    expect([0, 0.5, 1].map(cosine(0.2))).toEqual([1, expect.closeTo(0.6, 12), expect.closeTo(0.2, 12)]);
  });

  test('steps multiply at and after each milestone', () => {
    expect([0, 0.49, 0.5, 0.74, 0.75, 1].map(step([0.5, 0.75]))).toEqual([
      1,
      1,
      0.1,
      0.1,
      expect.closeTo(0.01, 12),
      expect.closeTo(0.01, 12),
    ]);
    expect(step([0.5], 0.3)(0.6)).toBe(0.3);
  });

  test('a warm-up rises straight to where the schedule starts, and the rest is squeezed behind it', () => {
    const schedule = warmup(0.2, cosine());
    expect([0, 0.1, 0.2, 0.6, 1].map(schedule)).toEqual([0, 0.5, 1, expect.closeTo(0.5, 12), expect.closeTo(0, 12)]);
    expect([0, 0.5].map(warmup(1, flat()))).toEqual([0, 0.5]);
    expect([0, 0.5, 1].map(warmup(0, flat()))).toEqual([1, 1, 1]);
  });

  test('every schedule stays within 0 and 1', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(unit, unit, unit, (progress, share, final) => {
        for (const after of [cosine(final), flat(), step([0.5, share])]) {
          for (const schedule of [after, warmup(share, after)]) {
            expect(schedule(progress)).toBeGreaterThanOrEqual(0);
            expect(schedule(progress)).toBeLessThanOrEqual(1);
          }
        }
      }),
      { seed: 1 },
    );
  });
});
