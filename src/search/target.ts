/** @file What networks are for, as the data and the evaluation say. */
import type { Dataset } from '../data/dataset.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import type { BuildTarget } from '../space/space.js';

/** The shape of the images and the number of classes. */
export function targetOf({ train, classes }: Dataset): BuildTarget {
  const { channels, height, width } = train;
  return { channels, height, width, classes: classes.length };
}

/**
 * What the networks of a search are for, at full size. An evaluation that makes images smaller is a budget, and candidates are
 * counted for the images as they are; one that enlarges them does so because its networks take no smaller ones.
 */
export function searchTarget(dataset: Dataset, evaluation: Pick<Evaluation, 'target'>): BuildTarget {
  const target = targetOf(dataset);
  const { resolution = 0 } = evaluation.target?.(target, 1) ?? target;
  return resolution > Math.max(target.height, target.width) ? { ...target, resolution } : target;
}
