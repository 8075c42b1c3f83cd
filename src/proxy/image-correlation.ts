/** @file Correlations between the images of a batch, from the inner products of what a network makes of them. */
import type { SquareMatrix } from '../linear-algebra/symmetric.js';
import { UndefinedScore } from './proxy.js';

/**
 * Pearson's correlations from covariances, up to a common factor.
 *
 * @throws {UndefinedScore} where an image has no variance
 */
export function correlations({ size, data }: SquareMatrix): SquareMatrix {
  const deviations = Array.from({ length: size }, (_, image) => Math.sqrt(data[image * (size + 1)] ?? 0));
  if (!deviations.every((deviation) => deviation > 0)) {
    throw new UndefinedScore('its output does not depend on every image');
  }
  return {
    size,
    data: data.map((product, at) => {
      const [row, column] = [Math.floor(at / size), at % size];
      return product / ((deviations[row] ?? 1) * (deviations[column] ?? 1));
    }),
  };
}
