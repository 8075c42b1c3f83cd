/** @file Normal scores of numbers that are not among those by which they are ranked, and the way back. */
import { normalScores } from './normal-scores.js';

/** A value that is known, and its normal score. */
interface Knot {
  readonly value: number;
  readonly normal: number;
}

/**
 * Goes between values and their normal scores: straight lines between those that are known, and beyond them the line from one
 * quarter of them to the outermost, since a single step at the end is much by chance.
 */
export class ValueScale {
  readonly #knots: readonly Knot[];

  /** @param values at least one; where all are equal, any unit will do */
  constructor(values: readonly number[]) {
    const normals = normalScores(values);
    const knots = new Map(values.map((value, index) => [value, { value, normal: normals[index] ?? 0 }]));
    const [only] = knots.values();
    if (only !== undefined && knots.size === 1) knots.set(only.value + 1, { value: only.value + 1, normal: 1 });
    this.#knots = [...knots.values()].sort((first, second) => first.value - second.value);
  }

  /** What stands at a normal score. */
  valueAt(normal: number): number {
    return this.#through(normal, 'normal', 'value');
  }

  /** Where a value stands. */
  normalOf(value: number): number {
    return this.#through(value, 'value', 'normal');
  }

  #through(at: number, from: keyof Knot, to: keyof Knot): number {
    const [first, second] = this.#around(at, from);
    return first[to] + ((at - first[from]) / (second[from] - first[from])) * (second[to] - first[to]);
  }

  /** The knots of the line on which a number lies. */
  #around(at: number, from: keyof Knot): readonly [Knot, Knot] {
    const knots = this.#knots;
    const last = knots.length - 1;
    const quarter = Math.max(1, Math.floor(knots.length / 4));
    const above = knots.findIndex((knot) => knot[from] >= at);
    const [low, high] =
      above < 0
        ? [last - quarter, last]
        : above === 0 && knots[0]?.[from] !== at
          ? [0, quarter]
          : [Math.max(0, above - 1), Math.max(1, above)];
    return [knots[low] as Knot, knots[high] as Knot];
  }
}
