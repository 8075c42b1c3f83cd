/** @file Sparse vectors one below the other: the distances of all of them from another one at the cost of what they share. */
import type { SparseVector } from './sparse-vector.js';

/** The rows in which an index is not zero, ascending, with their values there. */
interface Posting {
  readonly rows: number[];
  readonly values: number[];
}

export class SparseRows {
  readonly #vectors: SparseVector[] = [];
  /** By index. */
  readonly #postings = new Map<number, Posting>();

  append(vector: SparseVector): void {
    const row = this.#vectors.push(vector) - 1;
    for (const [entry, index] of vector.indices.entries()) {
      const posting = this.#postings.get(index) ?? { rows: [], values: [] };
      this.#postings.set(index, posting);
      posting.rows.push(row);
      posting.values.push(vector.values[entry] ?? 0);
    }
  }

  /** Takes back all rows but the first `length`. */
  truncate(length: number): void {
    for (const { indices } of this.#vectors.splice(length).reverse()) {
      for (const index of indices) {
        const posting = this.#postings.get(index);
        posting?.rows.pop();
        posting?.values.pop();
      }
    }
  }

  /** |x − y|² for each row y. */
  squaredDistancesFrom({ indices, values, squaredNorm }: SparseVector): Float64Array {
    const products = new Float64Array(this.#vectors.length);
    for (let entry = 0; entry < indices.length; entry++) {
      const posting = this.#postings.get(indices[entry] as number);
      if (posting === undefined) continue;
      const value = values[entry] as number;
      for (let place = 0; place < posting.rows.length; place++) {
        const row = posting.rows[place] as number;
        products[row] = (products[row] as number) + value * (posting.values[place] as number);
      }
    }
    for (let row = 0; row < products.length; row++) {
      const other = this.#vectors[row] as SparseVector;
      products[row] = Math.max(0, squaredNorm + other.squaredNorm - 2 * (products[row] as number));
    }
    return products;
  }
}
