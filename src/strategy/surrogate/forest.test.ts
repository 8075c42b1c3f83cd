/** @file The forest: trees that find what matters, and how sure it is. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.js';
import { Forest } from './forest.js';
import { Grower, leafOf, type TreeLesson } from './regression-tree.js';

/** Rows of whole numbers; the first two columns say all there is to know, but for noise. */
function lesson(count: number, noise: number, seed = 1): TreeLesson {
  const random = new Random(seed);
  const rows = Array.from({ length: count }, () => Float64Array.from({ length: 9 }, () => random.integer(6)));
  const values = Float64Array.from(rows, ([x = 0, y = 0]) => x + (y > 2 ? 3 : 0) + noise * random.normal());
  return { rows, values };
}

describe('a regression tree', () => {
  it('splits where squared errors are least, halfway between values, until its leaves are pure', () => {
    const rows = [0, 1, 4, 5].map((x) => Float64Array.of(x, 7));
    const tree = new Grower({ rows, values: Float64Array.of(1, 1, 9, 10) }).grow(
      Int32Array.of(0, 1, 2, 3),
      new Random(1),
    );
    expect(tree).toMatchObject({ column: 0, threshold: 2.5, below: { mean: 1, variance: 0 } });
    expect(tree).toMatchObject({ above: { threshold: 4.5, below: { mean: 9 }, above: { mean: 10 } } });
    expect(leafOf(tree, Float64Array.of(2.4, 0)).mean).toBe(1);
  });

  it('has one leaf with the spread of its values where rows are equal', () => {
    const rows = [1, 1].map((x) => Float64Array.of(x));
    const tree = new Grower({ rows, values: Float64Array.of(1, 3) }).grow(Int32Array.of(0, 1), new Random(1));
    expect(tree).toEqual({ mean: 2, variance: 1 });
  });
});

describe('a forest', () => {
  it('predicts what it has not seen, and the same from the same seed', () => {
    const known = lesson(200, 0.1);
    const unknown = lesson(100, 0, 2);
    const errorOf = (seed: number) => {
      const forest = new Forest(known, 50, new Random(seed));
      return unknown.rows.map((row, index) => forest.predict(row).mean - (unknown.values[index] ?? 0));
    };
    const errors = errorOf(3);
    const meanSquare = errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length;
    // The values have a variance of 5.2.
    expect(meanSquare).toBeLessThan(0.6);
    expect(errorOf(3)).toEqual(errors);
    expect(errorOf(4)).not.toEqual(errors);
  });

  it.each([0.3, 3])('is as sure as it may be with noise of %d', (noise) => {
    const forest = new Forest(lesson(200, noise), 50, new Random(3));
    const unknown = lesson(400, noise, 2);
    const within = (deviations: number) =>
      unknown.rows.filter((row, index) => {
        const { mean, deviation } = forest.predict(row);
        return Math.abs((unknown.values[index] ?? 0) - mean) <= deviations * deviation;
      }).length / unknown.rows.length;
    expect(Math.abs(within(0.674) - 0.5)).toBeLessThan(0.12);
    expect(Math.abs(within(1.645) - 0.9)).toBeLessThan(0.07);
  });

  it('gives the value where all are alike, and needs an example', () => {
    const rows = [Float64Array.of(1), Float64Array.of(2)];
    const forest = new Forest({ rows, values: Float64Array.of(4, 4) }, 10, new Random(1));
    expect(forest.predict(Float64Array.of(9)).mean).toBeCloseTo(4, 9);
    expect(forest.predict(Float64Array.of(9)).deviation).toBeLessThan(1e-3);
    expect(() => new Forest({ rows: [], values: Float64Array.of() }, 10, new Random(1))).toThrow('needs an example');
  });
});
