/** @file The rank test, against SciPy. */
import { describe, expect, it } from 'vitest';
import { mannWhitney } from './mann-whitney.js';

describe('the test of Mann and Whitney', () => {
  // scipy.stats.mannwhitneyu(x, y, alternative='two-sided', method='asymptotic').pvalue
  it.each([
    [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 0.012185780355344813],
    [[1, 2, 2, 3, 5, 5, 5, 8], [2, 3, 4, 5, 6, 9, 9], 0.2646524857805508],
    [[1, 3, 5, 7, 9, 11], [2, 4, 6, 8, 10, 12], 0.6889205558044607],
  ])('gives the p-value of SciPy for %j and %j', (first, second, expected) => {
    expect(Math.abs(mannWhitney(first, second) - expected)).toBeLessThan(1e-6);
    expect(Math.abs(mannWhitney(second, first) - expected)).toBeLessThan(1e-6);
  });

  it('ranks what is infinite, and refuses what has no rank', () => {
    const worst = Number.NEGATIVE_INFINITY;
    expect(mannWhitney([worst, worst, 1], [worst, 2, 3])).toBe(mannWhitney([0, 0, 1], [0, 2, 3]));
    expect(() => mannWhitney([1, Number.NaN], [2])).toThrow('NaN has no rank');
  });

  it('finds nothing in equal values, nor in none', () => {
    expect(mannWhitney([1, 1, 1], [1, 1])).toBe(1);
    expect(mannWhitney([], [1, 2])).toBe(1);
  });
});
