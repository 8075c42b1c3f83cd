/** @file Features on common scales, learnt from the curves that a model is fitted on. */
import type { CurveFeatures } from './features.js';

/** Numbers shifted by their mean, in standard deviations; what does not vary becomes 0. */
export interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

/** Mean and standard deviation of some numbers. */
export function scaleOf(values: readonly number[]): Scale {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

/** A number on a scale. */
export const scaled = (value: number, { mean, deviation }: Scale): number =>
  deviation > 0 ? (value - mean) / deviation : 0;

/** Puts features on the scales of those that it was made from. */
export type Standardisation = (features: CurveFeatures) => CurveFeatures;

/**
 * The standardisation of some features. A difference is measured in standard deviations of the value at its end rather than in
 * its own: late in a training a curve differs from the epoch before by noise alone, which its own scale would make as large
 * as the curve.
 *
 * @param observed how many values each series has
 */
export function standardisationOf(all: readonly CurveFeatures[], observed: number): Standardisation {
  const scalesOf = (block: keyof CurveFeatures): Scale[] =>
    (all[0]?.[block] ?? []).map((_, place) => scaleOf(all.map((features) => features[block][place] ?? 0)));
  const values = scalesOf('values');
  const facts = scalesOf('facts');
  const ends = Array.from({ length: values.length / observed }, (_, series) => {
    const own = values.slice(series * observed, (series + 1) * observed);
    return [...own.slice(1), ...own.slice(2)];
  }).flat();
  const differences = scalesOf('differences').map(({ mean }, place) => ({
    mean,
    deviation: ends[place]?.deviation ?? 0,
  }));
  return (features) => ({
    values: onScales(features.values, values),
    differences: onScales(features.differences, differences),
    facts: onScales(features.facts, facts),
  });
}

const onScales = (values: readonly number[], scales: readonly Scale[]): number[] =>
  values.map((value, place) => scaled(value, scales[place] ?? { mean: 0, deviation: 0 }));
