/** @file The plain ways to guess how a curve ends, which learn from no other curve. */
import { UsageError } from '../error.js';
import { parametricCurves } from './parametric.js';

/** A guess from one curve alone. */
export interface Baseline {
  readonly name: string;
  readonly description: string;
  /**
   * What the curve will be at an epoch to come.
   *
   * @param values one for each epoch from 1 on, the higher the better
   * @throws {UsageError} where there are none, or one is no finite number
   */
  readonly guess: (values: readonly number[], epoch: number) => number;
}

/** Guesses from the last value, from the best one, and from curves of a known form. */
export const baselines: readonly Baseline[] = [
  { name: 'last', description: 'the last value', guess: (values) => known(values).at(-1) ?? Number.NaN },
  { name: 'best', description: 'the best value so far', guess: (values) => Math.max(...known(values)) },
  ...parametricCurves.map(({ name, formula, extrapolate }) => ({
    name,
    description: formula,
    guess: (values: readonly number[], epoch: number) => extrapolate(known(values), epoch),
  })),
];

function known(values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new UsageError('A curve has no value yet: nothing can be guessed from it.');
  const hole = values.findIndex((value) => !Number.isFinite(value));
  if (hole < 0) return values;
  throw new UsageError(`Value ${hole + 1} of a curve is ${values[hole]}, but it must be a finite number.`);
}
