/** @file Hyperband's brackets against the table of the paper. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hyperbandBrackets, mostHalvings } from './brackets.js';

describe('hyperbandBrackets', () => {
  it('are those of table 1 of Li et al. 2018 for R = 81 and η = 3', () => {
    const rungs = hyperbandBrackets(81, 3).map((plan) => plan.rungs.map(({ size, resource }) => [size, resource]));
    expect(rungs).toEqual([
      [
        [81, 1],
        [27, 3],
        [9, 9],
        [3, 27],
        [1, 81],
      ],
      [
        [34, 3],
        [11, 9],
        [3, 27],
        [1, 81],
      ],
      [
        [15, 9],
        [5, 27],
        [1, 81],
      ],
      [
        [8, 27],
        [2, 81],
      ],
      [[5, 81]],
    ]);
  });

  it('end in full evaluations, and each rung keeps at most one in η', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 2, max: 8 }), (resource, eta) => {
        for (const { s, rungs } of hyperbandBrackets(resource, eta)) {
          expect(rungs).toHaveLength(s + 1);
          expect(rungs[0]?.resource).toBeGreaterThanOrEqual(1);
          expect(rungs.at(-1)).toMatchObject({ fidelity: 1, resource });
          for (const [level, { size, fidelity, resource: units }] of rungs.entries()) {
            expect(units / resource).toBeCloseTo(fidelity, 12);
            expect(size).toBeGreaterThanOrEqual(1);
            const next = rungs[level + 1];
            if (next) expect(next.size).toBe(Math.floor(size / eta));
          }
        }
      }),
    );
  });
});

describe('mostHalvings', () => {
  it('is exact where logarithms are not', () => {
    expect(Math.floor(Math.log(1000) / Math.log(10))).toBe(2);
    expect([mostHalvings(1000, 10), mostHalvings(999, 10), mostHalvings(1, 10)]).toEqual([3, 2, 0]);
  });
});
