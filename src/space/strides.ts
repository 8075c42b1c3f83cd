/** @file Strides for small images: those of a network for large ones, without the early ones. */
import type { ImageShape } from '../nn/feature.js';

/** The last map of a classifier has at least this side, which spares images of 96×96 and more all strides of 32 in all. */
const SMALLEST_SIDE = 3;

/**
 * The strides of a chain of layers, with 1 in place of the earliest ones while the last map would be too small to have
 * anything to average. Of five strides of 2, images of 28×28 and 32×32 keep the last three: the last map has 4×4.
 */
export function fittingStrides(
  strides: readonly number[],
  { height, width }: Pick<ImageShape, 'height' | 'width'>,
): number[] {
  const side = Math.min(height, width);
  let total = 1;
  const fitting = strides.toReversed().map((stride) => {
    if (Math.ceil(side / (total * stride)) < SMALLEST_SIDE) return 1;
    total *= stride;
    return stride;
  });
  return fitting.reverse();
}
