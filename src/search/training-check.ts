/** @file Whether there are enough images for a training as it was set, before anything is trained. */
import { trainingBatches } from '../data/batches.js';
import type { Dataset } from '../data/dataset.js';
import { subset } from '../data/split.js';
import { messageOf, UsageError } from '../error.js';
import { trainSettings } from '../evaluation/train-settings.js';
import type { Json } from '../json.js';

/**
 * @param place where the settings stand in a config: `evaluation` or `final`
 * @throws UsageError where subsets, batches or the augmentation do not fit the data
 */
export function checkTraining(place: string, settings: Json, dataset: Dataset): void {
  const { subset: part, validSubset, batchSize, augmentation } = trainSettings.parse(settings);
  try {
    subset(dataset.valid, validSubset, 0);
    const images = subset(dataset.train, part, 0);
    // What does not fit is thrown before the first batch is drawn.
    trainingBatches(images, { batchSize, seed: 0, epoch: 0, augmentation: { ...augmentation, flip: false } });
  } catch (error) {
    throw new UsageError(`The setting ${place} does not fit the data. ${messageOf(error)}`);
  }
}
