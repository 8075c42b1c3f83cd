/** @file Eigenvalues of symmetric matrices. */

/** A square matrix, row by row. */
export interface SquareMatrix {
  readonly size: number;
  readonly data: Float64Array;
}

/** QL steps for one eigenvalue: three are usual. */
const MOST_STEPS = 60;

/**
 * The eigenvalues of a symmetric matrix, ascending: Householder's reduction to a tridiagonal matrix, then QL with implicit
 * shifts (Golub and Van Loan, Matrix Computations, sections 8.3.1 and 8.3.3). The lower triangle is read.
 *
 * @throws {RangeError} where an element is no finite number
 */
export function eigenvalues({ size, data }: SquareMatrix): Float64Array {
  if (!data.every(Number.isFinite))
    throw new RangeError('a matrix with an element that is not finite has no eigenvalues');
  const { diagonal, beside } = tridiagonal(size, Float64Array.from(data));
  for (let first = 0; first < size; first++) reduce(diagonal, beside, first);
  return diagonal.sort();
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** `beside[i]` stands between the diagonal's elements i and i + 1. */
  readonly beside: Float64Array;
}

/** A ← H A H for reflections H that clear one column after another; `a` is overwritten. */
function tridiagonal(size: number, a: Float64Array): Tridiagonal {
  const at = (row: number, column: number): number =>
    (row >= column ? a[row * size + column] : a[column * size + row]) as number;
  const beside = new Float64Array(size);
  const v = new Float64Array(size);
  const w = new Float64Array(size);
  for (let column = 0; column < size - 1; column++) {
    let squares = 0;
    for (let row = column + 1; row < size; row++) squares += at(row, column) ** 2;
    const head = at(column + 1, column);
    const length = Math.sqrt(squares);
    beside[column] = head > 0 ? -length : length;
    const norm = squares - head * (beside[column] as number);
    if (norm === 0) continue;
    for (let row = column + 1; row < size; row++) v[row] = at(row, column);
    v[column + 1] = head - (beside[column] as number);
    let product = 0;
    for (let row = column + 1; row < size; row++) {
      let sum = 0;
      for (let other = column + 1; other < size; other++) sum += at(row, other) * (v[other] as number);
      w[row] = sum / norm;
      product += (w[row] as number) * (v[row] as number);
    }
    for (let row = column + 1; row < size; row++) {
      w[row] = (w[row] as number) - (product / (2 * norm)) * (v[row] as number);
    }
    for (let row = column + 1; row < size; row++) {
      for (let other = column + 1; other <= row; other++) {
        const change = (v[row] as number) * (w[other] as number) + (w[row] as number) * (v[other] as number);
        a[row * size + other] = (a[row * size + other] as number) - change;
      }
    }
  }
  return { diagonal: Float64Array.from({ length: size }, (_, index) => at(index, index)), beside };
}

/** Rotates until the first element is an eigenvalue of its own. */
function reduce(d: Float64Array, e: Float64Array, first: number): void {
  const size = d.length;
  for (let step = 0; step < MOST_STEPS; step++) {
    let last = first;
    while (last < size - 1 && !isNegligible(d, e, last)) last++;
    if (last === first) return;
    const half = ((d[first + 1] as number) - (d[first] as number)) / (2 * (e[first] as number));
    const root = Math.hypot(half, 1);
    let g = (d[last] as number) - (d[first] as number) + (e[first] as number) / (half + (half < 0 ? -root : root));
    let [sine, cosine, shift] = [1, 1, 0];
    for (let i = last - 1; i >= first; i--) {
      const f = sine * (e[i] as number);
      const b = cosine * (e[i] as number);
      const r = Math.hypot(f, g);
      e[i + 1] = r;
      sine = r === 0 ? 0 : f / r;
      cosine = r === 0 ? 1 : g / r;
      const difference = (d[i + 1] as number) - shift;
      const t = ((d[i] as number) - difference) * sine + 2 * cosine * b;
      shift = sine * t;
      d[i + 1] = difference + shift;
      g = cosine * t - b;
    }
    d[first] = (d[first] as number) - shift;
    e[first] = g;
    e[last] = 0;
  }
}

function isNegligible(d: Float64Array, e: Float64Array, index: number): boolean {
  const scale = Math.abs(d[index] as number) + Math.abs(d[index + 1] as number);
  return Math.abs(e[index] as number) <= Number.EPSILON * scale;
}
