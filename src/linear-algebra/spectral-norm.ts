/** @file The largest singular value of a matrix. */
import { eigenvalues } from './symmetric.js';

/** A matrix, row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: ArrayLike<number>;
}

/**
 * By how much a matrix stretches a vector at most: √ of the largest eigenvalue of M Mᵀ or Mᵀ M, whichever is smaller.
 *
 * @throws {RangeError} where an element is no finite number
 */
export function spectralNorm({ rows, columns, data }: Matrix): number {
  const [size, others] = rows < columns ? [rows, columns] : [columns, rows];
  const element = (one: number, other: number): number =>
    data[rows < columns ? one * columns + other : other * columns + one] ?? 0;
  const products = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = 0;
      for (let other = 0; other < others; other++) sum += element(row, other) * element(column, other);
      products[row * size + column] = sum;
    }
  }
  return Math.sqrt(Math.max(eigenvalues({ size, data: products }).at(-1) ?? 0, 0));
}
