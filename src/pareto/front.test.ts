/** @file Pareto fronts against the definition, and by their properties. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paretoFront } from './front.js';

interface Point {
  readonly score: number;
  readonly cost: number;
}

const criteria = ({ cost, score }: Point) => [cost, -score];

/** Few values, so that ties and equal points are common. */
const coordinate = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom(Infinity, -Infinity, 0.5));
const points = fc.array(fc.record({ score: coordinate, cost: coordinate }), { maxLength: 40 });

const dominates = (a: Point, b: Point): boolean =>
  a.score >= b.score && a.cost <= b.cost && (a.score > b.score || a.cost < b.cost);

describe('paretoFront', () => {
  it('is what the definition says, and nothing else', () => {
    fc.assert(
      fc.property(points, (all) => {
        const expected = new Set(all.filter((point) => !all.some((other) => dominates(other, point))));
        expect(new Set(paretoFront(all, criteria))).toEqual(expected);
        expect(paretoFront(all, criteria)).toHaveLength(expected.size);
      }),
    );
  });

  it('rises in cost and in score', () => {
    fc.assert(
      fc.property(points, (all) => {
        const front = paretoFront(all, criteria);
        for (const [index, point] of front.entries()) {
          const next = front[index + 1];
          if (next === undefined) continue;
          expect(next.cost).toBeGreaterThanOrEqual(point.cost);
          expect(next.score).toBeGreaterThanOrEqual(point.score);
        }
      }),
    );
  });

  it('has the same values in whatever order the points come', () => {
    fc.assert(
      fc.property(
        points.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(paretoFront(shuffled, criteria)).toEqual(paretoFront(all, criteria));
        },
      ),
    );
  });

  it('keeps equal points in the order given', () => {
    const all: (Point & { readonly name: string })[] = [
      { score: 2, cost: 1, name: 'a' },
      { score: 1, cost: 1, name: 'b' },
      { score: 2, cost: 1, name: 'c' },
    ];
    expect(paretoFront(all, criteria).map(({ name }) => name)).toEqual(['a', 'c']);
  });

  it('leaves out points without a score or a cost', () => {
    const good = { score: 1, cost: 1 };
    expect(paretoFront([{ score: NaN, cost: 0 }, good, { score: 2, cost: NaN }], criteria)).toEqual([good]);
    expect(paretoFront([], criteria)).toEqual([]);
  });
});
