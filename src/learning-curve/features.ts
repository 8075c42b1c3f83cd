/** @file What a prediction is made from: the first part of a learning curve, and what is known of the trial (Baker et al. 2018, section 3.1). */
import { UsageError } from '../error.js';

/** Numbers by name. */
interface Named<T> {
  readonly [name: string]: T;
}

/** A learning curve as far as it was seen. */
export interface SeenCurve {
  /** What the score is made of, one value an epoch. */
  readonly values: readonly number[];
  /** What else was measured at each epoch, such as the loss on the training images, one value an epoch. Default: nothing. */
  readonly beside?: Named<readonly number[]> | undefined;
  /** What is known of the trial beside its curve: parameters, layers, hyper-parameters. Default: nothing. */
  readonly facts?: Named<number> | undefined;
}

/** A curve whose end is known. */
export interface FinishedCurve extends SeenCurve {
  /** What the trial came to. */
  readonly final: number;
}

/** Which part of a curve features are made of. */
export interface FeatureLayout {
  /** How many values of each curve. */
  readonly observed: number;
  readonly beside: readonly string[];
  readonly facts: readonly string[];
}

/** Features in blocks, so that a kernel can weigh one block against another. */
export interface CurveFeatures {
  readonly values: readonly number[];
  /** First differences (from two values on) and second ones (from three on). */
  readonly differences: readonly number[];
  readonly facts: readonly number[];
}

/** The layout of what all curves have, by the names of the first. */
export const layoutOf = ([first]: readonly SeenCurve[], observed: number): FeatureLayout => ({
  observed,
  beside: Object.keys(first?.beside ?? {}).sort(),
  facts: Object.keys(first?.facts ?? {}).sort(),
});

/**
 * The features of a curve as they are.
 *
 * @throws {UsageError} where the curve is shorter than what is to be seen, or something of it is missing or no finite number
 */
export function featuresOf(curve: SeenCurve, { observed, beside, facts }: FeatureLayout): CurveFeatures {
  const series = [curve.values, ...beside.map((name) => curve.beside?.[name] ?? [])];
  for (const [place, values] of series.entries()) checkSeries(values, observed, beside[place - 1] ?? 'score');
  const seen = series.map((values) => values.slice(0, observed));
  return {
    values: seen.flat(),
    differences: seen.map(differences).flatMap((slopes) => [...slopes, ...differences(slopes)]),
    facts: facts.map((name) => {
      const fact = curve.facts?.[name];
      if (fact !== undefined && Number.isFinite(fact)) return fact;
      throw new UsageError(
        `A curve has ${fact ?? 'nothing'} as its ${name}, but every curve must have a finite number there, as the first one has.`,
      );
    }),
  };
}

function checkSeries(values: readonly number[], observed: number, name: string): void {
  if (values.length < observed) {
    throw new UsageError(
      `A curve has ${values.length} values of its ${name}, but a prediction from the first ${observed} needs so many of every curve: see fewer, or leave the curve out.`,
    );
  }
  const hole = values.slice(0, observed).findIndex((value) => !Number.isFinite(value));
  if (hole >= 0) {
    throw new UsageError(
      `Value ${hole + 1} of the ${name} of a curve is ${values[hole]}, but it must be a finite number: see fewer, or leave the curve out.`,
    );
  }
}

const differences = (values: readonly number[]): number[] =>
  values.slice(1).map((value, place) => value - (values[place] ?? 0));
