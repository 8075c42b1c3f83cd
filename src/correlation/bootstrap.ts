/** @file Confidence intervals by bootstrap (Efron 1979). */
import type { Random } from '../random.js';

/** The middle share of what resamples give. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How often a sample is drawn anew, and how much of what comes out is kept. */
export interface BootstrapOptions {
  /** Default 1,000. */
  readonly resamples?: number;
  /** Of the resamples, the share that the interval holds. Default 0.95. */
  readonly share?: number;
}

/**
 * The percentile interval of a statistic of a sample: the items are drawn anew with replacement, many times. Resamples whose
 * statistic is NaN (all items equal, say) are left out.
 *
 * @param size how many items the sample has
 * @param statistic of the items at these places
 */
export function bootstrap(
  size: number,
  statistic: (places: readonly number[]) => number,
  random: Random,
  { resamples = 1_000, share = 0.95 }: BootstrapOptions = {},
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
