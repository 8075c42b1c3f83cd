/** @file Sorting by dominance, crowding, hypervolume and knees: against definitions and published examples. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dominates, nonDominatedFronts, type Objectives } from './dominance.js';
import { hypervolume } from './hypervolume.js';
import { kneeOf } from './knee.js';
import { crowdingDistances, Ranking, rankedIndices } from './ranking.js';

/** Few values, so that ties and equal points are common. */
const pointsOf = (objectives: number) =>
  fc.array(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: objectives, maxLength: objectives }), {
    maxLength: 30,
  });
const points = fc.integer({ min: 1, max: 4 }).chain(pointsOf);

describe('nonDominatedFronts', () => {
  it('peels off front after front, as the definition says', () => {
    fc.assert(
      fc.property(points, (all) => {
        let rest = [...all.keys()];
        for (const front of nonDominatedFronts(all)) {
          const at = (index: number): Objectives => all[index] ?? [];
          const expected = rest.filter((index) => !rest.some((other) => dominates(at(other), at(index))));
          expect([...front].sort((a, b) => a - b)).toEqual(expected);
          rest = rest.filter((index) => !expected.includes(index));
        }
        expect(rest).toEqual([]);
      }),
    );
  });
});

describe('with ties', () => {
  it.each([1, 2])('fronts of %i objectives take O(n log n) comparisons', (objectives) => {
    let looks = 0;
    const counted = Array.from({ length: 4_000 }, (_, index) => {
      const values = new Array<number>(objectives).fill(index % 3);
      return new Proxy(values, {
        get(target, key) {
          if (key === 'entries') looks++;
          return Reflect.get(target, key);
        },
      });
    });
    expect(nonDominatedFronts(counted).map((front) => front.length)).toEqual([1_334, 1_333, 1_333]);
    // Sorting takes n·log₂ n = 48,000 at most, and finding the front of each point 2 more.
    expect(looks).toBeLessThan(60_000);
  });
});

describe('rankedIndices', () => {
  it('is the stable order by the objective where there is one', () => {
    fc.assert(
      fc.property(pointsOf(1), (all) => {
        const value = (index: number) => all[index]?.[0] ?? 0;
        expect(rankedIndices(all)).toEqual([...all.keys()].sort((a, b) => value(a) - value(b)));
      }),
    );
  });

  it('never places a point before one that dominates it', () => {
    fc.assert(
      fc.property(points, (all) => {
        const order = rankedIndices(all);
        for (const [place, index] of order.entries()) {
          for (const later of order.slice(place)) expect(dominates(all[later] ?? [], all[index] ?? [])).toBe(false);
        }
      }),
    );
  });

  it('prefers the ends of a front, then the solitary', () => {
    const front = [
      [0, 10],
      [1, 9],
      [2, 8],
      [6, 4],
      [10, 0],
    ];
    // Sides of the cuboid between neighbours: (2 + 2)/10, (5 + 5)/10, (8 + 8)/10.
    expect(crowdingDistances(front)).toEqual([Infinity, 0.4, 1, 1.6, Infinity].map((n) => expect.closeTo(n, 12)));
    expect(rankedIndices(front)).toEqual([0, 4, 3, 2, 1]);
  });
});

describe('a ranking', () => {
  it('is at any time the order of what has come', () => {
    fc.assert(
      fc.property(points, (all) => {
        const ranking = new Ranking<number>();
        for (const [index, objectives] of all.entries()) {
          ranking.add(index, objectives);
          expect(ranking.best(3)).toEqual(rankedIndices(all.slice(0, index + 1)).slice(0, 3));
        }
        expect(ranking.best(all.length)).toEqual(rankedIndices(all));
      }),
    );
  });
});

describe('hypervolume', () => {
  it('is the area below a staircase', () => {
    // 1×5 between 1 and 2, 2×3 between 2 and 4, 1×1 between 4 and 5 of the first objective; 6 is the reference.
    expect(
      hypervolume(
        [
          [1, 5],
          [2, 3],
          [4, 1],
        ],
        [5, 6],
      ),
    ).toBe(1 * 1 + 2 * 3 + 1 * 5);
    expect(hypervolume([[3]], [10])).toBe(7);
    expect(hypervolume([], [1, 1])).toBe(0);
    expect(hypervolume([[1, 7]], [5, 6])).toBe(0);
  });

  it('counts the unit cells that are dominated, in any number of dimensions', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }).chain((n) => fc.tuple(fc.constant(n), pointsOf(n))),
        ([n, all]) => {
          let cells = 0;
          for (let cell = 0; cell < 5 ** n; cell++) {
            const corner = Array.from({ length: n }, (_, axis) => Math.floor(cell / 5 ** axis) % 5);
            if (all.some((point) => point.every((value, axis) => value <= (corner[axis] ?? 0)))) cells++;
          }
          expect(hypervolume(all, new Array(n).fill(5))).toBe(cells);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('kneeOf', () => {
  const identity = (point: Objectives) => point;
  it('is where the front bends, whatever the units', () => {
    const front = [
      [0, 100],
      [1, 20],
      [3, 10],
      [10, 0],
    ];
    expect(kneeOf(front, identity)).toEqual([1, 20]);
    expect(kneeOf(front, ([a = 0, b = 0]) => [1000 * a, b / 7])).toEqual([1, 20]);
  });

  it('is the only point of a front of one', () => {
    expect(kneeOf([[2, 2]], identity)).toEqual([2, 2]);
    expect(kneeOf([], identity)).toBeUndefined();
  });
});
