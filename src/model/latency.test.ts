import { describe, expect, it } from 'vitest';
import { quantile } from './latency.js';

describe('a quantile', () => {
  // NumPy's default: numpy.quantile([1, 2, 4, 8, 16], share).
  it.each([
    [0, 1],
    [0.5, 4],
    [0.95, 14.4],
    [0.1, 1.4],
    [1, 16],
  ])('at %d is %d', (share, expected) => {
    expect(quantile([1, 2, 4, 8, 16], share)).toBeCloseTo(expected, 12);
  });

  it('of one value is that value', () => {
    expect(quantile([3], 0.95)).toBe(3);
  });
});
