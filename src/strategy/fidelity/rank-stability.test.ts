/** @file When two rungs rank alike: soft ranking, and its ε from curves that cross back and forth. */
import { describe, expect, it } from 'vitest';
import { rankNoise, ranksAlike } from './rank-stability.js';

describe('soft ranking', () => {
  it('is ranking where nothing counts as equal', () => {
    expect(ranksAlike([3, 2, 1], [30, 20, 10], 0)).toBe(true);
    expect(ranksAlike([3, 2, 1], [30, 10, 20], 0)).toBe(false);
    expect(ranksAlike([3], [30], 0)).toBe(true);
  });

  it('lets candidates change places that were within ε of one another', () => {
    expect(ranksAlike([3, 2.9, 1], [20, 30, 10], 0.2)).toBe(true);
    expect(ranksAlike([3, 2.9, 1], [20, 10, 30], 0.2)).toBe(false);
    // In a chain of near ones each may move by one place, but no further.
    expect(ranksAlike([3, 2.9, 2.8], [20, 30, 10], 0.15)).toBe(true);
    expect(ranksAlike([3, 2.9, 2.8], [10, 20, 30], 0.15)).toBe(false);
  });
});

describe('ε', () => {
  it('is how far curves are apart that cross back and forth', () => {
    expect(
      rankNoise([
        [1, 2, 4],
        [2, 1, 3.5],
      ]),
    ).toBeUndefined();
    expect(
      rankNoise([
        [2, 1, 4],
        [1, 2, 3.5],
      ]),
    ).toBeCloseTo(0.5, 12);
    expect(
      rankNoise([
        [1, 2, 3],
        [2, 3, 4],
      ]),
    ).toBeUndefined();
    expect(rankNoise([])).toBeUndefined();
  });

  it('is taken where both curves end, and the 90th percentile of all pairs', () => {
    expect(
      rankNoise([
        [2, 1, 4, 9],
        [1, 2, 3.5],
      ]),
    ).toBeCloseTo(0.5, 12);
    // Eleven curves that cross the last one: differences of 1 to 11, whose 90th percentile is 10.
    const crossing = Array.from({ length: 11 }, (_, place) => [1, -1, place + 1]);
    const flat = [0, 0.5, 0];
    const pairs = crossing.map((curve) => rankNoise([curve, flat]));
    expect(pairs).toEqual(crossing.map(([, , last]) => last));
  });
});
