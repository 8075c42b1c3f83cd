/** @file The images that networks are scored on. */
import { noAugmentation } from '../data/augmentation.js';
import { trainingBatches } from '../data/batches.js';
import type { Images } from '../data/dataset.js';
import { channelStatistics } from '../data/statistics.js';
import { normalizingMap } from '../nn/input-normalization.js';

/** Images as a network takes them, normalised, and their labels. */
export interface LabelledBatch {
  /** [N, C, H, W]. */
  readonly images: Float32Array;
  /** [N]. */
  readonly labels: Int32Array;
}

/** Which images are taken. */
export interface BatchChoice {
  /** Images of a batch. */
  readonly size: number;
  readonly count: number;
  readonly seed: number;
}

/**
 * Batches of different images, drawn at random, each channel normalised by its mean and deviation over all images.
 *
 * @throws {UsageError} where there are fewer images than one batch needs
 */
export function scoringBatches(images: Images, { size, count, seed }: BatchChoice): LabelledBatch[] {
  const { scale, shift } = normalizingMap(channelStatistics(images), images.channels);
  const plane = images.height * images.width;
  const batches: LabelledBatch[] = [];
  for (let epoch = 0; batches.length < count; epoch++) {
    for (const { pixels, labels } of trainingBatches(images, {
      batchSize: size,
      seed,
      epoch,
      augmentation: noAugmentation,
    })) {
      const normalized = pixels.map((pixel, at) => {
        const channel = Math.floor(at / plane) % images.channels;
        return pixel * (scale[channel] ?? 1) + (shift[channel] ?? 0);
      });
      batches.push({ images: normalized, labels: Int32Array.from(labels) });
      if (batches.length === count) break;
    }
  }
  return batches;
}
