/** @file Batches of images: shuffled and augmented for training, in order for evaluation. */
import { UsageError } from '../error.js';
import { Random } from '../random.js';
import { type Augmentation, checkAugmentation, copyAugmented, cutOut, drawAugmentation } from './augmentation.js';
import type { Images } from './dataset.js';
import { channelStatistics } from './statistics.js';

/** A batch. Its arrays are used again for the next one: copy what must last longer. */
export interface Batch {
  /** [N, C, H, W], 0 to 255. */
  readonly pixels: Float32Array;
  /** [N]. */
  readonly labels: Int32Array;
}

/** A batch of fixed size whose last places may be padding. */
export interface EvaluationBatch extends Batch {
  /** How many of the images are real; the others are black, with label 0, and must not be counted. */
  readonly count: number;
}

/** Which batches an epoch has: equal options give equal batches. */
export interface BatchOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** From 0 on. */
  readonly epoch: number;
  readonly augmentation: Augmentation;
}

/**
 * The batches of one epoch: every image at most once, in an order and with an augmentation that depend on
 * (`seed`, `epoch`) alone. What is left after the last whole batch is dropped, other images in every epoch.
 *
 * @throws {UsageError} where there are fewer images than one batch needs, or the augmentation does not fit them
 */
export function trainingBatches(images: Images, options: BatchOptions): Generator<Batch, void, void> {
  const { batchSize, augmentation } = options;
  checkBatchSize(batchSize);
  if (images.count < batchSize) {
    throw new UsageError(
      `There are ${images.count} training images, fewer than one batch of ${batchSize}: choose a batch size of at most ${images.count}, or use more images.`,
    );
  }
  checkAugmentation(augmentation, images);
  return trainingEpoch(images, options);
}

function* trainingEpoch(
  images: Images,
  { batchSize, seed, epoch, augmentation }: BatchOptions,
): Generator<Batch, void, void> {
  const random = new Random(seed).stream('epoch', epoch);
  const order = random.stream('order').shuffle(images.labels.keys());
  const draws = random.stream('augmentation');
  const fill = augmentation.cutout > 0 ? channelStatistics(images).mean : [];
  const size = images.channels * images.height * images.width;
  const batch = { pixels: new Float32Array(batchSize * size), labels: new Int32Array(batchSize) };
  for (let start = 0; start + batchSize <= images.count; start += batchSize) {
    for (let place = 0; place < batchSize; place++) {
      const index = order[start + place] ?? 0;
      const draw = drawAugmentation(augmentation, images, draws);
      copyAugmented(images, index, draw, batch.pixels, place * size);
      if (augmentation.cutout > 0) cutOut(images, augmentation.cutout, draw, fill, batch.pixels, place * size);
      batch.labels[place] = images.labels[index] ?? 0;
    }
    yield batch;
  }
}

/** All images in their order, in batches of one size; the last one is padded. */
export function evaluationBatches(images: Images, batchSize: number): Generator<EvaluationBatch, void, void> {
  checkBatchSize(batchSize);
  return evaluationPass(images, batchSize);
}

function* evaluationPass(images: Images, batchSize: number): Generator<EvaluationBatch, void, void> {
  const size = images.channels * images.height * images.width;
  const pixels = new Float32Array(batchSize * size);
  const labels = new Int32Array(batchSize);
  for (let start = 0; start < images.count; start += batchSize) {
    const end = Math.min(images.count, start + batchSize);
    pixels.set(images.pixels.subarray(start * size, end * size));
    pixels.fill(0, (end - start) * size);
    labels.set(images.labels.subarray(start, end));
    labels.fill(0, end - start);
    yield { pixels, labels, count: end - start };
  }
}

function checkBatchSize(batchSize: number): void {
  if (Number.isInteger(batchSize) && batchSize > 0) return;
  throw new UsageError(`The batch size is ${batchSize}, but must be a whole number of at least 1.`);
}
