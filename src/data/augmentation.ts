/** @file Seeded augmentation of one image while it is copied into a batch: mirror, shifted crop, cutout. */
import { UsageError } from '../error.js';
import type { Random } from '../random.js';
import type { Images } from './dataset.js';

/** How training images are changed at random before each step. */
export interface Augmentation {
  /** Mirror each image left to right with probability 1/2. */
  readonly flip: boolean;
  /**
   * Shift each image by up to this many pixels both ways, uniformly: a random crop after padding with black (value 0)
   * on all sides, as He et al. 2016, §4.2, do with 4 pixels at 32×32. 0: no shift.
   */
  readonly shift: number;
  /**
   * Side in pixels of a square at a uniform place, partly outside the image at its edges, that is filled with the mean
   * of its channel (DeVries and Taylor 2017, §3). 0: no cutout.
   */
  readonly cutout: number;
}

/** Images as they are. */
export const noAugmentation: Augmentation = { flip: false, shift: 0, cutout: 0 };

/** What is done to one image. */
export interface AugmentationDraw {
  readonly mirrored: boolean;
  /** Output pixel (y, x) shows the input pixel (y + `down`, x + `right`), then mirrored. */
  readonly down: number;
  readonly right: number;
  /** Centre of the cutout. */
  readonly centreY: number;
  readonly centreX: number;
}

/** @throws {UsageError} where a shift or cutout is no whole number of pixels, or a shift goes beyond the image */
export function checkAugmentation({ shift, cutout }: Augmentation, { height, width }: Images): void {
  const side = Math.min(height, width);
  for (const [name, value, most] of [['shift', shift, side - 1] as const, ['cutout', cutout, 2 * side] as const]) {
    if (Number.isInteger(value) && value >= 0 && value <= most) continue;
    throw new UsageError(
      `The ${name} of the augmentation is ${value}, but must be a whole number from 0 to ${most} pixels for images of ${height}×${width}.`,
    );
  }
}

/** Draws what is done to the next image; takes random numbers only for what is asked. */
export function drawAugmentation(
  { flip, shift, cutout }: Augmentation,
  images: Images,
  random: Random,
): AugmentationDraw {
  return {
    mirrored: flip && random.integer(2) === 1,
    down: shift > 0 ? random.integer(2 * shift + 1) - shift : 0,
    right: shift > 0 ? random.integer(2 * shift + 1) - shift : 0,
    centreY: cutout > 0 ? random.integer(images.height) : 0,
    centreX: cutout > 0 ? random.integer(images.width) : 0,
  };
}

/** Copies image `index`, shifted and mirrored, to `target` from `offset` on. */
export function copyAugmented(
  images: Images,
  index: number,
  draw: AugmentationDraw,
  target: Float32Array,
  offset: number,
): void {
  const { channels, height, width, pixels } = images;
  const { mirrored, down, right } = draw;
  const size = channels * height * width;
  if (!mirrored && down === 0 && right === 0) {
    target.set(pixels.subarray(index * size, (index + 1) * size), offset);
    return;
  }
  if (down !== 0 || right !== 0) target.fill(0, offset, offset + size);
  const top = Math.max(0, -down);
  const bottom = Math.min(height, height - down);
  const left = Math.max(0, -right);
  const end = Math.min(width, width - right);
  for (let channel = 0; channel < channels; channel++) {
    const plane = channel * height * width;
    for (let y = top; y < bottom; y++) {
      const from = index * size + plane + (y + down) * width + right;
      const row = offset + plane + y * width;
      if (mirrored) for (let x = left; x < end; x++) target[row + width - 1 - x] = pixels[from + x] ?? 0;
      else for (let x = left; x < end; x++) target[row + x] = pixels[from + x] ?? 0;
    }
  }
}

/** Fills the cutout square of the image at `offset` with `fill`, one value a channel. */
export function cutOut(
  images: Images,
  side: number,
  { centreY, centreX }: AugmentationDraw,
  fill: readonly number[],
  target: Float32Array,
  offset: number,
): void {
  const { height, width } = images;
  const top = Math.max(0, centreY - (side >> 1));
  const bottom = Math.min(height, centreY - (side >> 1) + side);
  const left = Math.max(0, centreX - (side >> 1));
  const right = Math.min(width, centreX - (side >> 1) + side);
  for (const [channel, value] of fill.entries()) {
    for (let y = top; y < bottom; y++) {
      const row = offset + (channel * height + y) * width;
      target.fill(value, row + left, row + right);
    }
  }
}
