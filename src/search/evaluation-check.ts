/** @file Whether evaluations as they were set fit the data, before a study begins. */
import type { Dataset } from '../data/dataset.js';
import { messageOf, UsageError } from '../error.js';
import { evaluationNamed } from '../evaluation/registry.js';
import type { Json } from '../json.js';

/**
 * @param place where the settings stand in a config: `evaluation` or `final`
 * @param evaluation whose settings they are
 * @throws UsageError that names the place, where the settings do not fit the data
 */
export function checkEvaluation(
  place: string,
  evaluation: { readonly name: string; readonly settings: Json },
  dataset: Dataset,
): void {
  try {
    evaluationNamed(evaluation.name).check?.(evaluation.settings, dataset);
  } catch (error) {
    throw new UsageError(`The setting ${place} does not fit the data. ${messageOf(error)}`);
  }
}
