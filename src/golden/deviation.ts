/** @file How far computed values are from reference values, in units of the tolerance. */
import type { ReferenceArray, Tolerance } from './reference.js';

/**
 * The largest |computed − expected| / (absolute + relative · |expected|): at most 1 where every element is within the
 * tolerance; infinite where shapes differ or an element is not finite.
 */
export function deviation(
  computed: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  expected: ReferenceArray,
  { relative, absolute }: Tolerance,
): number {
  const size = expected.shape.reduce((product, count) => product * count, 1);
  if (computed.data.length !== size || expected.data.length !== size) return Number.POSITIVE_INFINITY;
  return expected.data.reduce((worst, value, index) => {
    const error = Math.abs((computed.data[index] ?? Number.NaN) - value) / (absolute + relative * Math.abs(value));
    return Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
  }, 0);
}
