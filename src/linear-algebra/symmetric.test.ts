/** @file Eigenvalues are those that are known in closed form. */
import { expect, test } from 'vitest';
import { Random } from '../random.js';
import { eigenvalues } from './symmetric.js';

const matrix = (size: number, at: (row: number, column: number) => number) => ({
  size,
  data: Float64Array.from({ length: size * size }, (_, index) => at(Math.floor(index / size), index % size)),
});

test('are those of second differences, 2 − 2 cos(kπ / (n + 1))', () => {
  const found = eigenvalues(matrix(20, (i, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)));
  for (const [k, value] of found.entries()) expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / 21), 12);
});

test('are those of a full matrix: n + 1 and 1 for ones everywhere and two on the diagonal', () => {
  const found = eigenvalues(matrix(64, (i, j) => (i === j ? 2 : 1)));
  expect(found.at(-1)).toBeCloseTo(65, 10);
  for (const value of found.subarray(0, -1)) expect(value).toBeCloseTo(1, 10);
});

test('have the trace as their sum and the squared norm as their sum of squares', () => {
  const random = new Random(3);
  const half = Array.from({ length: 50 * 50 }, () => random.normal());
  const a = matrix(50, (i, j) => (half[i * 50 + j] ?? 0) + (half[j * 50 + i] ?? 0));
  const found = eigenvalues(a);
  const trace = Array.from({ length: 50 }, (_, i) => a.data[i * 51] ?? 0).reduce((sum, value) => sum + value, 0);
  expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 9);
  const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);
  expect(squares(found)).toBeCloseTo(squares(a.data), 7);
});

test('are none of what is not finite', () => {
  expect(() => eigenvalues(matrix(2, () => Number.NaN))).toThrow('not finite');
  expect([...eigenvalues(matrix(1, () => 3))]).toEqual([3]);
  expect([...eigenvalues(matrix(3, () => 0))]).toEqual([0, 0, 0]);
});
