/** @file The Gaussian process against closed forms and numbers from NumPy. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalBelow } from '../../normal-distribution.js';
import { GaussianProcess, type InputPoint, matern52 } from './gaussian-process.js';
import { fitHyperparameters } from './hyperparameters.js';
import { normalScores } from './normal-scores.js';
import { sparseVector } from './sparse-vector.js';

const at = (...coordinates: number[]): InputPoint => [sparseVector(coordinates.entries())];
/** NumPy 2.4 at the points, values and parameters of the first test. */
const REFERENCE = { mean: -0.024770147130656027, deviation: 0.9063326504653086, highestMean: 1.3582725085566691 };

const parameters = { logNoise: Math.log(0.1), logScales: [Math.log(0.7)] };

function processOf(points: readonly InputPoint[], values: readonly number[]): GaussianProcess {
  const process = new GaussianProcess(parameters);
  for (const point of points) process.append(point);
  process.condition(Float64Array.from(values));
  return process;
}

describe('a Gaussian process', () => {
  it('predicts what numpy.linalg.solve gives for the same kernel', () => {
    const process = processOf([at(0, 0), at(1, 0.5), at(0.2, 2)], [0.5, -1, 1.5]);
    const { mean, deviation, deviationBound } = process.outline(at(0.5, 1));
    expect(mean).toBeCloseTo(REFERENCE.mean, 9);
    expect(deviation()).toBeCloseTo(REFERENCE.deviation, 9);
    expect(deviationBound).toBeGreaterThan(deviation());
    expect(process.highestMean).toBeCloseTo(REFERENCE.highestMean, 9);
  });

  it('is the same whether points are appended, or were appended and taken back before', () => {
    const straight = processOf([at(0), at(1)], [1, -1]);
    const detour = new GaussianProcess(parameters);
    for (const point of [at(0), at(5), at(6)]) detour.append(point);
    detour.truncate(1);
    detour.append(at(1));
    detour.condition(Float64Array.of(1, -1));
    expect(detour.outline(at(0.3)).mean).toBe(straight.outline(at(0.3)).mean);
    expect(detour.outline(at(0.3)).deviation()).toBe(straight.outline(at(0.3)).deviation());
  });

  it('becomes surer, and not of another opinion, near points whose values are awaited', () => {
    const process = processOf([at(0), at(1)], [1, -1]);
    const before = process.outline(at(2));
    const deviation = before.deviation();
    process.append(at(2.1));
    expect(process.outline(at(2)).mean).toBe(before.mean);
    expect(process.outline(at(2)).deviation()).toBeLessThan(0.7 * deviation);
  });

  it('is never less sure than its bound says', () => {
    const coordinate = fc.double({ min: -3, max: 3, noNaN: true });
    const points = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(points, fc.tuple(coordinate, coordinate), (known, asked) => {
        const process = processOf(
          known.map((point) => at(...point)),
          known.map(([x]) => Math.sin(x)),
        );
        const { deviation, deviationBound } = process.outline(at(...asked));
        expect(deviation()).toBeLessThanOrEqual(deviationBound * (1 + 1e-9));
      }),
    );
  });

  it('finds which view of a point says something', () => {
    const points = Array.from({ length: 40 }, (_, index) => [
      sparseVector([[0, (index * 7) % 40]]),
      sparseVector([[0, (index * 17) % 40]]),
    ]);
    const values = Float64Array.from(points, (_, index) => Math.sin(((index * 7) % 40) / 6));
    const { logScales, logNoise } = fitHyperparameters(points, values);
    const [telling = 0, silent = 0] = logScales;
    expect(silent).toBeGreaterThan(telling + 1);
    expect(logNoise).toBeLessThan(Math.log(0.02));
  });
});

describe('scores made normal', () => {
  it('are quantiles of the standard normal distribution, and shared by equal scores', () => {
    // scipy.stats.norm.ppf((rank - 1/2) / n)
    expect([...normalScores([3, 1, 2])]).toEqual([0.967422, -0.967422, 0].map((value) => expect.closeTo(value, 5)));
    expect([...normalScores([5, 5, 9, -1e9])]).toEqual([0, 0, 1.150349, -1.150349].map((v) => expect.closeTo(v, 5)));
    expect(normalScores(Array.from({ length: 100 }, (_, i) => i))[0]).toBeCloseTo(-2.575829, 5);
  });

  it('have tails of small relative error', () => {
    // scipy.stats.norm.cdf
    expect(normalBelow(1)).toBeCloseTo(0.8413447460685429, 6);
    expect(normalBelow(-6) / 9.865876450376946e-10).toBeCloseTo(1, 6);
  });
});

it('Matérn 5/2 falls from 1 as in Rasmussen and Williams 2006, eq. 4.17', () => {
  expect(matern52(0)).toBe(1);
  expect(matern52(1)).toBeCloseTo((1 + Math.sqrt(5) + 5 / 3) * Math.exp(-Math.sqrt(5)), 12);
});
