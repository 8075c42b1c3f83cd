/** @file Acquisition functions: expected improvement by its closed form and by draws, Thompson samples by their distribution. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.js';
import { expectedImprovement, independentThompson } from './acquisition.js';

describe('expected improvement', () => {
  // σ (z Φ(z) + φ(z)) with z = (μ − best) / σ, by Python's math.erfc.
  it.each([
    [1.0, 0.5, 0.8, 0.3152194184737265],
    [0.2, 1.5, 1.0, 0.2815596968823034],
    [-1.0, 0.3, 0.0, 3.362336569049426e-5],
    [0.5, 1.0, 0.5, 0.3989422804014327],
  ])('of mean %d and deviation %d over %d', (mean, deviation, best, expected) => {
    expect(expectedImprovement(best).valueOf({ mean, deviation })).toBeCloseTo(expected, 6);
  });

  it('is the mean of what draws are above the best', () => {
    const random = new Random(1);
    const draws = 100_000;
    let gain = 0;
    for (let draw = 0; draw < draws; draw++) gain += Math.max(0, 0.4 + 0.7 * random.normal() - 0.9) / draws;
    expect(expectedImprovement(0.9).valueOf({ mean: 0.4, deviation: 0.7 })).toBeCloseTo(gain, 2);
  });

  it('grows with the deviation, so that a bound on it bounds the value', () => {
    const acquisition = expectedImprovement(0.5);
    for (const mean of [-1, 0.2, 0.5, 2]) {
      for (const deviation of [0.01, 0.3, 1]) {
        const bound = acquisition.boundOf({ mean, deviation: 1.5 * deviation });
        expect(acquisition.valueOf({ mean, deviation })).toBeLessThanOrEqual(bound);
      }
    }
  });
});

describe('Thompson samples', () => {
  it('are draws of the prediction', () => {
    const acquisition = independentThompson(new Random(2));
    const prediction = { mean: 3, deviation: 0.5 };
    const draws = Array.from({ length: 20_000 }, () => acquisition.valueOf(prediction));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    expect(mean).toBeCloseTo(3, 1);
    expect(Math.sqrt(variance)).toBeCloseTo(0.5, 1);
    expect(Math.max(...draws)).toBeLessThan(acquisition.boundOf(prediction));
  });
});
