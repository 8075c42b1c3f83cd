/** @file A small task that networks learn in a few steps: where in the image a bright bar lies. */
import type { Dataset, Images } from '../src/data/dataset.js';
import { Random } from '../src/random.js';

/** Grey images with a bright third, under noise; the label tells which third. */
export function imagesOfBars(count: number, side: number, seed: number): Images {
  const random = new Random(seed);
  const labels = Uint16Array.from({ length: count }, () => random.integer(3));
  const pixels = Uint8Array.from({ length: count * side * side }, (_, index) => {
    const row = Math.floor((index % (side * side)) / side);
    return random.integer(120) + (Math.floor((3 * row) / side) === labels[Math.floor(index / (side * side))] ? 90 : 0);
  });
  return { count, channels: 1, height: side, width: side, pixels, labels };
}

/** 60 images for training and 40 for validation. */
export const bars = (side: number): Dataset => ({
  name: 'bars',
  classes: ['top', 'middle', 'bottom'],
  origin: 'Made up.',
  split: 'Made up.',
  mirrorInvariant: true,
  notices: [],
  train: imagesOfBars(60, side, 1),
  valid: imagesOfBars(40, side, 2),
  test: imagesOfBars(3, side, 3),
});
