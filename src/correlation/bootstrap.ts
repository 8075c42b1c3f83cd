/** @file Confidence intervals by bootstrap (Efron 1979). */
import type { Random } from '../random.js';

/** The middle share of what resamples give. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The percentile interval of a statistic of a sample: the items are drawn anew with replacement, many times. Resamples whose
 * statistic is NaN (all items equal, say) are left out.
 *
 * @param size how many items the sample has
 * @param statistic of the items at these places
 * @param resamples default 1,000
 * @param share of the resamples that the interval holds; default 0.95
 */
export function bootstrap(
  size: number,
  statistic: (places: readonly number[]) => number,
  random: Random,
  { resamples = 1_000, share = 0.95 } = {},
): Interval {
  const found = Array.from({ length: resamples }, () =>
    statistic(Array.from({ length: size }, () => random.integer(size))),
  )
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b);
  const at = (quantile: number): number => {
    const place = quantile * (found.length - 1);
    const [low = Number.NaN, high = low] = [found[Math.floor(place)], found[Math.ceil(place)]];
    return low + (place - Math.floor(place)) * (high - low);
  };
  return { low: at((1 - share) / 2), high: at((1 + share) / 2) };
}
