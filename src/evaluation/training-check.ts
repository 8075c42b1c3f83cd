/** @file Whether there are enough images for a training as it was set, before anything is trained. */
import { trainingBatches } from '../data/batches.js';
import type { Dataset } from '../data/dataset.js';
import { subset } from '../data/split.js';
import { UsageError } from '../error.js';
import type { Json } from '../json.js';
import { plannedBatchSize, trainingPlan, trainSettings } from '../training/train-settings.js';

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

/** @throws UsageError where a budget is less than a step: budgets of several sizes would all become one step. */
export function checkTrainingBudget(settings: Json, dataset: Dataset, budget: number): void {
  const checked = trainSettings.parse(settings);
  const shown = subset(dataset.train, checked.subset, 0).count;
  const { epochs, stepsPerEpoch } = trainingPlan(checked, { all: dataset.train.count, shown });
  const steps = epochs * stepsPerEpoch;
  // Shares come from divisions: a 49th of 49 steps is one.
  if (budget * steps >= 1 - 1e-9) return;
  throw new UsageError(
    `A full evaluation is a training of ${steps} step${steps === 1 ? '' : 's'}, and there is nothing less than a step: ` +
      `train for more epochs, on more images or in smaller batches, or give strategy.resource a value of at most ${steps}.`,
  );
}
