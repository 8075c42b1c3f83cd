/** @file Feature vectors of which most entries are zero. */

/** The entries that are not zero, in any order. */
export interface SparseVector {
  readonly indices: Int32Array;
  readonly values: Float64Array;
  /** Σ x². */
  readonly squaredNorm: number;
}

/** The vector with these entries. */
export function sparseVector(entries: Iterable<readonly [index: number, value: number]>): SparseVector {
  const indices: number[] = [];
  const values: number[] = [];
  let squaredNorm = 0;
  for (const [index, value] of entries) {
    if (value === 0) continue;
    indices.push(index);
    values.push(value);
    squaredNorm += value * value;
  }
  return { indices: Int32Array.from(indices), values: Float64Array.from(values), squaredNorm };
}

/** The squared Euclidean distance from a vector, as a function of the other: the vector is unpacked once for many. */
export function squaredDistanceFrom({ indices, values, squaredNorm }: SparseVector): (other: SparseVector) => number {
  const dense = new Float64Array(indices.reduce((length, index) => Math.max(length, index + 1), 0));
  for (const [entry, index] of indices.entries()) dense[index] = values[entry] ?? 0;
  return (other) => {
    let product = 0;
    for (let entry = 0; entry < other.indices.length; entry++) {
      const index = other.indices[entry] as number;
      if (index < dense.length) product += (dense[index] as number) * (other.values[entry] as number);
    }
    return Math.max(0, squaredNorm + other.squaredNorm - 2 * product);
  };
}
