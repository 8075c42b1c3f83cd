/** @file The Cholesky factor of a positive definite matrix that grows by rows. */

/** L with L Lᵀ = A. Appending a row to an n × n matrix costs n²/2 multiplications, where factoring anew costs n³/6. */
export class Cholesky {
  /** Row i holds L[i][0 … i]. */
  readonly #rows: Float64Array[] = [];

  get size(): number {
    return this.#rows.length;
  }

  /** Natural logarithm of the determinant of A. */
  get logDeterminant(): number {
    let sum = 0;
    for (const [index, row] of this.#rows.entries()) sum += Math.log(row[index] ?? 0);
    return 2 * sum;
  }

  /**
   * Appends a row (and with it a column) to A.
   * @param row A[n][0 … n]: the entries left of the diagonal, then the diagonal.
   * @throws {RangeError} where the matrix is no longer positive definite
   */
  append(row: Float64Array): void {
    const n = this.size;
    const factor = new Float64Array(n + 1);
    factor.set(this.solveLower(row));
    const pivot = (row[n] ?? Number.NaN) - squaredNorm(factor);
    if (!(pivot > 0)) throw new RangeError('the matrix is not positive definite');
    factor[n] = Math.sqrt(pivot);
    this.#rows.push(factor);
  }

  /** Takes back all rows but the first `size`. */
  truncate(size: number): void {
    this.#rows.length = Math.min(size, this.#rows.length);
  }

  /** L⁻¹ b; entries of `b` beyond the size of the matrix are ignored. */
  solveLower(b: Float64Array): Float64Array {
    const x = new Float64Array(this.size);
    for (let i = 0; i < this.size; i++) {
      const row = this.#rows[i] as Float64Array;
      x[i] = ((b[i] as number) - dot(row, x, i)) / (row[i] as number);
    }
    return x;
  }

  /** L⁻ᵀ b. */
  solveUpper(b: Float64Array): Float64Array {
    const x = Float64Array.from(b);
    for (let i = this.size - 1; i >= 0; i--) {
      const row = this.#rows[i] as Float64Array;
      const value = (x[i] as number) / (row[i] as number);
      x[i] = value;
      for (let j = 0; j < i; j++) x[j] = (x[j] as number) - (row[j] as number) * value;
    }
    return x;
  }

  /** A⁻¹ b. */
  solve(b: Float64Array): Float64Array {
    return this.solveUpper(this.solveLower(b));
  }
}

/** Σ x². */
export const squaredNorm = (x: Float64Array): number => dot(x, x, x.length);

/** Σ x y over the first `length` entries, in four sums that do not wait for each other. */
function dot(x: Float64Array, y: Float64Array, length: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let index = 0;
  for (; index + 3 < length; index += 4) {
    a += (x[index] as number) * (y[index] as number);
    b += (x[index + 1] as number) * (y[index + 1] as number);
    c += (x[index + 2] as number) * (y[index + 2] as number);
    d += (x[index + 3] as number) * (y[index + 3] as number);
  }
  for (; index < length; index++) a += (x[index] as number) * (y[index] as number);
  return a + b + c + d;
}
