/** @file Feature vectors of which most entries are zero. */

/** The entries that are not zero: their indices in ascending order, and their values. */
export interface SparseVector {
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

/** The vector with these entries, in any order. */
export function sparseVector(entries: Iterable<readonly [index: number, value: number]>): SparseVector {
  const sorted = [...entries].filter(([, value]) => value !== 0).sort(([first], [second]) => first - second);
  return { indices: sorted.map(([index]) => index), values: sorted.map(([, value]) => value) };
}

/** The squared Euclidean distance. */
export function squaredDistance(first: SparseVector, second: SparseVector): number {
  let sum = 0;
  let i = 0;
  let j = 0;
  while (i < first.indices.length || j < second.indices.length) {
    const left = first.indices[i] ?? Number.POSITIVE_INFINITY;
    const right = second.indices[j] ?? Number.POSITIVE_INFINITY;
    const difference = (left <= right ? (first.values[i] ?? 0) : 0) - (right <= left ? (second.values[j] ?? 0) : 0);
    sum += difference * difference;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return sum;
}
