/** @file Largest singular values are those that are known in closed form. */
import { expect, test } from 'vitest';
import { spectralNorm } from './spectral-norm.js';

test('is 1 of a rotation, and the product of the norms of an outer product, tall or wide', () => {
  const [cosine, sine] = [Math.cos(0.7), Math.sin(0.7)];
  expect(spectralNorm({ rows: 2, columns: 2, data: [cosine, -sine, sine, cosine] })).toBeCloseTo(1, 12);
  const [u, v] = [
    [1, 2, 2],
    [3, -4],
  ];
  const outer = u.flatMap((a) => v.map((b) => a * b));
  expect(spectralNorm({ rows: 3, columns: 2, data: outer })).toBeCloseTo(15, 12);
  expect(spectralNorm({ rows: 2, columns: 3, data: v.flatMap((b) => u.map((a) => a * b)) })).toBeCloseTo(15, 12);
});
