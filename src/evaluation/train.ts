import type { Dataset } from '../data/dataset.js';
import { loadDataset } from '../data/load.js';
import { Network } from '../nn/network.js';
import { trainNetwork } from '../training/train-network.js';
import { trainSettings } from '../training/train-settings.js';
import type { DataReference, EvaluationContext, EvaluationDefinition, EvaluationRequest } from './evaluation.js';
import { checkTraining, checkTrainingBudget } from './training-check.js';

/** The dataset of the last request: trials of one study share it. */
let loaded: { readonly key: string; readonly dataset: Promise<Dataset> } | undefined;

function datasetOf({ reference, seed }: DataReference): Promise<Dataset> {
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

async function evaluate(request: EvaluationRequest, context: EvaluationContext) {
  const settings = trainSettings.parse(request.settings);
  const network = Network.fromJson(request.network);
  const dataset = await datasetOf(request.data);
  const { seed, threads, budget = 1 } = request;
  const run = { seed, threads, milestones: [budget] };
  const { score, metrics, epochs } = await trainNetwork(network, dataset, settings, run, context);
  return { score, metrics, epochs };
}

export const train: EvaluationDefinition = {
  name: 'train',
  title: 'Training from scratch, scored by the best validation accuracy of any epoch',
  paper: 'Zoph and Le, Neural Architecture Search with Reinforcement Learning, ICLR 2017, section 4.1',
  settings: trainSettings,
  target: (settings, target) => {
    const { resolution, widthMultiplier } = trainSettings.parse(settings);
    return { ...target, widthMultiplier, ...(resolution !== null && { resolution }) };
  },
  check: checkTraining,
  checkBudget: checkTrainingBudget,
  evaluate,
};
