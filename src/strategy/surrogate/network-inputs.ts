/** @file The features of architectures as the inputs of networks: dense rows, in one scale. */
import type { Point } from './gaussian-process.js';

/**
 * A column for each feature that one of the observed architectures has, divided by the largest value that was observed; others
 * are left out, since nothing can be learnt about them.
 */
export class NetworkInputs {
  /** By view and index: the column and what it is divided by. */
  readonly #columns: readonly ReadonlyMap<number, { readonly column: number; readonly largest: number }>[];
  /** How many columns there are. */
  readonly width: number;

  constructor(observed: readonly Point[]) {
    const columns: Map<number, { column: number; largest: number }>[] = [];
    let width = 0;
    for (const point of observed) {
      for (const [view, { indices, values }] of point.entries()) {
        columns[view] ??= new Map();
        const known = columns[view];
        for (const [entry, index] of indices.entries()) {
          const value = Math.abs(values[entry] ?? 0);
          const column = known.get(index);
          if (column === undefined) known.set(index, { column: width++, largest: value });
          else column.largest = Math.max(column.largest, value);
        }
      }
    }
    this.#columns = columns;
    this.width = width;
  }

  /** Rows of `length` numbers, one after the other; what is more than the columns stays zero. */
  rowsOf(points: readonly Point[], length: number): Float32Array {
    const rows = new Float32Array(points.length * length);
    for (const [row, point] of points.entries()) {
      for (const [view, { indices, values }] of point.entries()) {
        for (const [entry, index] of indices.entries()) {
          const known = this.#columns[view]?.get(index);
          if (known !== undefined) rows[row * length + known.column] = (values[entry] ?? 0) / known.largest;
        }
      }
    }
    return rows;
  }
}
