/** @file Distances of sparse rows against those of dense vectors. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SparseRows } from './sparse-rows.js';
import { sparseVector, squaredDistanceFrom } from './sparse-vector.js';

const dense = fc.array(fc.constantFrom(0, 0, 0, 1, 2, -0.5), { minLength: 6, maxLength: 6 });
const squaredDistance = (first: readonly number[], second: readonly number[]) =>
  first.reduce((sum, value, index) => sum + (value - (second[index] ?? 0)) ** 2, 0);

it('has the distances of all rows, also after some were taken back', () => {
  fc.assert(
    fc.property(
      fc.array(dense, { maxLength: 8 }),
      fc.array(dense, { maxLength: 8 }),
      dense,
      fc.nat(8),
      (kept, more, from, gone) => {
        const rows = new SparseRows();
        const vectorOf = (values: readonly number[]) => sparseVector(values.entries());
        for (const row of [...kept, ...more.slice(0, gone)]) rows.append(vectorOf(row));
        rows.truncate(kept.length);
        for (const row of more) rows.append(vectorOf(row));
        const distances = rows.squaredDistancesFrom(vectorOf(from));
        const expected = [...kept, ...more].map((row) => squaredDistance(row, from));
        expect(distances).toHaveLength(expected.length);
        for (const [row, distance] of distances.entries()) expect(distance).toBeCloseTo(expected[row] ?? Number.NaN, 9);
        const distanceTo = squaredDistanceFrom(vectorOf(from));
        for (const row of kept) expect(distanceTo(vectorOf(row))).toBeCloseTo(squaredDistance(row, from), 9);
      },
    ),
  );
});
