/** @file The features of architectures as the inputs of networks: dense rows, in one scale. */
import type { InputPoint } from './gaussian-process.js';

/** What one observation alone has tells networks which it is, not what it scores. */
const LEAST_SHARED = 2;

interface Column {
  readonly column: number;
  /** The largest value that was observed. */
  readonly largest: number;
}

/** A column for each feature that several of the observed architectures have, divided by the largest value that was observed. */
export class NetworkInputs {
  /** By view and index. */
  readonly #columns: readonly ReadonlyMap<number, Column>[];
  /** How many columns there are. */
  readonly width: number;

  constructor(observed: readonly InputPoint[]) {
    const views = occurrences(observed).map((view) => [...view].filter(([, values]) => values.length >= LEAST_SHARED));
    let width = 0;
    this.#columns = views.map(
      (view) => new Map(view.map(([index, values]) => [index, { column: width++, largest: Math.max(...values) }])),
    );
    this.width = width;
  }

  /** Rows of `length` numbers, one after the other; what is more than the columns stays zero. */
  rowsOf(points: readonly InputPoint[], length: number): Float32Array {
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

/** The values of each feature that are not zero, by view and index. */
function occurrences(observed: readonly InputPoint[]): Map<number, number[]>[] {
  const views = (observed[0] ?? []).map(() => new Map<number, number[]>());
  for (const point of observed) {
    for (const [view, { indices, values }] of point.entries()) {
      for (const [entry, index] of indices.entries()) {
        const known = views[view]?.get(index);
        if (known === undefined) views[view]?.set(index, [values[entry] ?? 0]);
        else known.push(values[entry] ?? 0);
      }
    }
  }
  return views;
}
