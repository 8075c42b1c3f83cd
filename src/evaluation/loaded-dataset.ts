/** @file The dataset of the last request: trials of one study share it. */
import type { Dataset } from '../data/dataset.js';
import { loadDataset } from '../data/load.js';
import type { DataReference } from './evaluation.js';

let loaded: { readonly key: string; readonly dataset: Promise<Dataset> } | undefined;

/** Loads a dataset, or gives the one that was loaded last. */
export function datasetOf({ reference, seed }: DataReference): Promise<Dataset> {
  const key = JSON.stringify([reference, seed]);
  if (loaded?.key === key) return loaded.dataset;
  const current = { key, dataset: loadDataset(reference, { seed }) };
  loaded = current;
  // The next request tries again: the data may be there by then.
  current.dataset.catch(() => {
    if (loaded === current) loaded = undefined;
  });
  return current.dataset;
}
