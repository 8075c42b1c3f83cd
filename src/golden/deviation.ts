/** @file How far computed values are from reference values, in units of the tolerance. */
import type { ReferenceArray, Tolerance } from './reference.js';

/** The worst error of one part of a check, such as the gradient of one input. */
export interface Deviation {
  readonly part: string;
  /** In units of the tolerance: 1 is the most that passes. */
  readonly worst: number;
}

/**
 * The largest |computed − expected| / (absolute + relative · |expected|): at most 1 where every element is within the
 * tolerance; infinite where shapes differ (axes of size 1 aside) or an element is not finite.
 */
export function deviation(
  computed: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  expected: ReferenceArray,
  { relative, absolute }: Tolerance,
): number {
  if (squeezed(computed.shape) !== squeezed(expected.shape)) return Number.POSITIVE_INFINITY;
  if (computed.data.length !== expected.data.length) return Number.POSITIVE_INFINITY;
  return expected.data.reduce((worst, value, index) => {
    const error = Math.abs((computed.data[index] ?? Number.NaN) - value) / (absolute + relative * Math.abs(value));
    return Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
  }, 0);
}

const squeezed = (shape: readonly number[]): string => shape.filter((size) => size !== 1).join();

/** The deviation that is worst. Throws a `RangeError` where there is none. */
export function worstOf(deviations: readonly Deviation[]): Deviation {
  const [first, ...others] = deviations;
  if (first === undefined) throw new RangeError('the case has nothing to compare');
  return others.reduce((worst, other) => (other.worst > worst.worst ? other : worst), first);
}
