/** @file A dataset in the words of reports and model cards. */
import type { Dataset } from '../data/dataset.js';
import type { DataDescription } from '../report/description.js';

/** @param reference as the user named the data */
export function describeData(reference: string, dataset: Dataset): DataDescription {
  const { name, origin, split, classes, notices, train, valid, test } = dataset;
  return {
    reference,
    name,
    origin,
    split,
    classes,
    image: { channels: train.channels, height: train.height, width: train.width },
    images: { train: train.count, valid: valid.count, test: test.count },
    notices,
  };
}
