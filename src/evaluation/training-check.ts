/** @file Whether there are enough images for a training as it was set, and what its least share is. */
import { trainingBatches } from '../data/batches.js';
import type { Dataset } from '../data/dataset.js';
import { subset } from '../data/split.js';
import { plannedBatchSize, type TrainSettings, trainingPlan } from '../training/train-settings.js';
import type { DataFacts } from './evaluation.js';

/** @throws {UsageError} where subsets, batches or the augmentation do not fit the data */
export function checkTraining(settings: TrainSettings, dataset: Dataset): void {
  const { subset: part, validSubset, augmentation } = settings;
  subset(dataset.valid, validSubset, 0);
  const images = subset(dataset.train, part, 0);
  // What does not fit is thrown before the first batch is drawn.
  const batchSize = plannedBatchSize(settings, images.count);
  trainingBatches(images, { batchSize, seed: 0, epoch: 0, augmentation: { ...augmentation, flip: false } });
}

/** The share of a training that one step is: fidelities below it would all become one step. */
export function leastTraining(settings: TrainSettings, data: DataFacts): number {
  const { subset: part } = settings;
  const shown = part <= 1 ? Math.round(data.train * part) : Math.min(part, data.train);
  const { epochs, stepsPerEpoch } = trainingPlan(settings, { all: data.train, shown });
  return 1 / (epochs * stepsPerEpoch);
}
