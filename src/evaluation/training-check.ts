/** @file Whether there are enough images for a training as it was set. */
import { trainingBatches } from '../data/batches.js';
import type { Dataset } from '../data/dataset.js';
import { subset } from '../data/split.js';
import { plannedBatchSize, type TrainSettings } from '../training/train-settings.js';

/** @throws {UsageError} where subsets, batches or the augmentation do not fit the data */
export function checkTraining(settings: TrainSettings, dataset: Dataset): void {
  const { subset: part, validSubset, augmentation } = settings;
  subset(dataset.valid, validSubset, 0);
  const images = subset(dataset.train, part, 0);
  // What does not fit is thrown before the first batch is drawn.
  const batchSize = plannedBatchSize(settings, images.count);
  trainingBatches(images, { batchSize, seed: 0, epoch: 0, augmentation: { ...augmentation, flip: false } });
}
