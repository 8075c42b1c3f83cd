import { describe, expect, test } from 'vitest';
import { Random } from '../random.js';
import { bootstrap } from './bootstrap.js';
import { kendall, ndcg, pearson, ranksOf, spearman } from './correlation.js';

describe('correlations', () => {
  test('are those of SciPy 1.11’s documentation', () => {
    expect(spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(0.820782681668, 10);
    expect(kendall([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])).toBeCloseTo(-0.47140452079103173, 12);
    expect(pearson([1, 2, 3, 4, 5, 6, 7], [10, 9, 2.5, 6, 4, 3, 2])).toBeCloseTo(-0.828503883588428, 10);
  });

  test('share ranks among equal numbers, and put NaN last', () => {
    expect(ranksOf([3, 1, 3, Number.NaN, Number.POSITIVE_INFINITY])).toEqual([3.5, 2, 3.5, 1, 5]);
    expect(ranksOf([Number.NEGATIVE_INFINITY, Number.NaN, 0])).toEqual([1.5, 1.5, 3]);
  });

  test('are not known of equal numbers', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNaN();
    expect(kendall([1, 2, 3], [1, 1, 1])).toBeNaN();
    expect(() => spearman([1, 2], [1, 2, 3])).toThrow('2 and 3 numbers cannot be correlated');
  });
});

test('nDCG is that of scikit-learn’s documentation', () => {
  expect(ndcg([0.1, 0.2, 0.3, 4, 70], [10, 0, 0, 1, 5])).toBeCloseTo(0.69569, 5);
  expect(ndcg([0.05, 1.1, 1, 0.5, 0], [10, 0, 0, 1, 5])).toBeCloseTo(0.49368, 5);
  expect(ndcg([0.05, 1.1, 1, 0.5, 0], [10, 0, 0, 1, 5], 4)).toBeCloseTo(0.35202, 5);
});

describe('the bootstrap', () => {
  const sample = Array.from({ length: 400 }, (_, place) => (place * 7919) % 400);
  const mean = (places: readonly number[]): number =>
    places.reduce((sum, place) => sum + (sample[place] ?? 0), 0) / places.length;

  test('gives the interval of the normal distribution for a mean', () => {
    // The standard error of the mean of 0…399: 115.47 / √400.
    const { low, high } = bootstrap(400, mean, new Random(1), { resamples: 2_000 });
    expect(low).toBeCloseTo(199.5 - 1.96 * 5.77, -0.5);
    expect(high).toBeCloseTo(199.5 + 1.96 * 5.77, -0.5);
  });

  test('is narrower for a smaller share, and the same for the same seed', () => {
    const wide = bootstrap(400, mean, new Random(2));
    const narrow = bootstrap(400, mean, new Random(2), { share: 0.5 });
    expect(narrow.low).toBeGreaterThan(wide.low);
    expect(narrow.high).toBeLessThan(wide.high);
    expect(bootstrap(400, mean, new Random(2))).toEqual(wide);
  });

  test('leaves out resamples that have no statistic', () => {
    const lone = (places: readonly number[]): number => (places.includes(0) ? 1 : Number.NaN);
    expect(bootstrap(2, lone, new Random(3), { resamples: 50 })).toEqual({ low: 1, high: 1 });
  });
});
