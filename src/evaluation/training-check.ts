/** @file Whether there are enough images for a training as it was set, before anything is trained. */
import { trainingBatches } from '../data/batches.js';
import type { Dataset } from '../data/dataset.js';
import { subset } from '../data/split.js';
import type { Json } from '../json.js';
import { plannedBatchSize, trainSettings } from './train-settings.js';

/** @throws UsageError where subsets, batches or the augmentation do not fit the data */
export function checkTraining(settings: Json, dataset: Dataset): void {
  const checked = trainSettings.parse(settings);
  const { subset: part, validSubset, augmentation } = checked;
  subset(dataset.valid, validSubset, 0);
  const images = subset(dataset.train, part, 0);
  // What does not fit is thrown before the first batch is drawn.
  const batchSize = plannedBatchSize(checked, images.count);
  trainingBatches(images, { batchSize, seed: 0, epoch: 0, augmentation: { ...augmentation, flip: false } });
}
