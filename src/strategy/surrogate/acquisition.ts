/** @file Acquisition functions: how much it is worth to evaluate an architecture of which a surrogate predicts the score. */
import { normalBelow, normalDensity } from '../../normal-distribution.js';
import type { Random } from '../../random.js';
import type { Prediction } from './gaussian-process.js';

/** How much a question is worth. */
export interface Acquisition {
  valueOf(prediction: Prediction): number;
  /** At least the value of any prediction with this mean and no larger a deviation. */
  boundOf(prediction: Prediction): number;
}

/** By how much the score will exceed the best so far, on average (Jones et al. 1998, eq. 15). It grows with the deviation. */
export function expectedImprovement(best: number): Acquisition {
  const improvement = ({ mean, deviation }: Prediction) => {
    const z = (mean - best) / deviation;
    return deviation * (z * normalBelow(z) + normalDensity(z));
  };
  return { valueOf: improvement, boundOf: improvement };
}

/** A draw from each prediction, independent of the others: Thompson sampling as White et al. (BANANAS, AAAI 2021) do it. */
export function independentThompson(random: Random): Acquisition {
  return {
    valueOf: ({ mean, deviation }) => mean + deviation * random.normal(),
    boundOf: () => Number.POSITIVE_INFINITY,
  };
}
