/** @file The state of a supernet gives the numbers of its paths by name, and takes them back. */
import { describe, expect, test } from 'vitest';
import type { TrainedTensors } from '../nn/network.js';
import { sgd } from '../tensor/index.js';
import { TrainingState } from './state.js';

const spec = (name: string, ...shape: number[]) => ({
  name,
  shape,
  initial: { distribution: 'constant', value: 0 } as const,
});

const whole: TrainedTensors = {
  parameters: [spec('a', 2), spec('b', 1, 2), spec('c', 1), spec('d', 2)],
  statistics: [spec('a.mean', 1), spec('d.mean', 1)],
  architectureParameters: [{ name: 'edge', shape: [2] }],
};
const path: TrainedTensors = {
  parameters: [spec('d', 2), spec('b', 1, 2), spec('c', 1)],
  statistics: [spec('d.mean', 1)],
  architectureParameters: [],
};

const floats = (...numbers: number[]) => Float32Array.from(numbers);
const start = () => ({ parameters: floats(1, 2, 3, 4, 5, 6, 7), statistics: floats(8, 9) });
const optimizer = sgd({ momentum: 0.9 });

test('a path is gathered by name, whatever its order', () => {
  const state = TrainingState.start(whole, start(), optimizer);
  expect(state.select(path)).toEqual({
    steps: 0,
    vectors: {
      parameters: floats(6, 7, 3, 4, 5),
      statistics: floats(9),
      architecture: floats(),
      velocity: floats(0, 0, 0, 0, 0),
    },
  });
});

test('what a path has learnt goes back to its tensors; the others stay, and so do the arrays of the start', () => {
  const weights = start();
  const state = TrainingState.start(whole, weights, optimizer);
  const before = state.weights;
  state.absorb(path, {
    steps: 1,
    vectors: { parameters: floats(60, 70, 30, 40, 50), statistics: floats(90), velocity: floats(1, 2, 3, 4, 5) },
  });
  expect(state.steps).toBe(1);
  expect(state.weights).toEqual({ parameters: floats(1, 2, 30, 40, 50, 60, 70), statistics: floats(8, 90) });
  expect(state.select(whole).vectors.velocity).toEqual(floats(0, 0, 3, 4, 5, 1, 2));
  expect([weights, before]).toEqual([start(), start()]);
});

test('the whole is handed out and taken back without a copy', () => {
  const state = TrainingState.start(whole, start(), optimizer);
  const { vectors } = state.select(whole);
  expect(state.select({ ...whole }).vectors.parameters).toBe(vectors.parameters);
  const next = floats(7, 6, 5, 4, 3, 2, 1);
  state.absorb(whole, { steps: 1, vectors: { ...vectors, parameters: next } });
  expect(state.select(whole).vectors.parameters).toBe(next);
});

describe('what does not fit is refused', () => {
  const state = TrainingState.start(whole, start(), optimizer);

  test('a tensor of another name', () => {
    expect(() => state.select({ ...path, parameters: [spec('e', 2)] })).toThrow('the state has no "e"');
  });

  test('a tensor of another shape and equal size', () => {
    expect(() => state.select({ ...path, parameters: [spec('b', 2, 1)] })).toThrow(
      '"b" is [2, 1], but [1, 2] in the state',
    );
  });

  test('a vector of another length', () => {
    expect(() => TrainingState.start(whole, { ...start(), statistics: floats(1) }, optimizer)).toThrow(
      'statistics are 2 elements, not 1',
    );
  });
});
