/** @file A prediction of how a trial will end, and what it says of its chances. */
import { normalBelow } from '../normal-distribution.js';

/** How a trial will end, as a normal distribution. */
export interface CurvePrediction {
  readonly value: number;
  /** Standard deviation: root mean square of the leave-one-out residuals of the curves that it was learnt from. */
  readonly deviation: number;
}

/**
 * The probability that a trial ends no better than a bar: Φ((bar − ŷ) / σ) (Baker et al. 2018, section 3.3). Without a deviation
 * it is 0 or 1, and ½ where the prediction is the bar.
 *
 * @param direction which way is better. Default `max`
 */
export function probabilityOfMissing(
  { value, deviation }: CurvePrediction,
  bar: number,
  direction: 'max' | 'min' = 'max',
): number {
  const shortfall = direction === 'max' ? bar - value : value - bar;
  if (deviation > 0) return normalBelow(shortfall / deviation);
  return (1 + Math.sign(shortfall)) / 2;
}
