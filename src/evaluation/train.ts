/** @file The evaluation `train`: trains the network from scratch and scores it on the validation images. */
import type { Dataset } from '../data/dataset.js';
import { loadDataset } from '../data/load.js';
import { WorkError } from '../error.js';
import { Network } from '../nn/network.js';
import { trainNetwork } from '../training/train-network.js';
import { trainSettings } from '../training/train-settings.js';
import type { ArtifactStore } from './artifact.js';
import { type DataReference, defineEvaluation, type EvaluationRequest } from './evaluation.js';
import { trainingMeasure } from './metric.js';
import { checkTraining, leastTraining } from './training-check.js';

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

export const train = defineEvaluation({
  name: 'train',
  title: 'Training from scratch, scored by the best validation accuracy of any epoch',
  paper: 'Zoph and Le, Neural Architecture Search with Reinforcement Learning, ICLR 2017, section 4.1',
  description:
    'Trains each candidate with random weights. The surest score, and the dearest; fewer epochs, images or pixels make it cheaper and less sure.',
  settings: trainSettings,
  measure: trainingMeasure,
  create: (settings) => ({
    target: (target) => {
      const { resolution, widthMultiplier } = settings;
      return { ...target, widthMultiplier, ...(resolution !== null && { resolution }) };
    },
    check: (dataset) => checkTraining(settings, dataset),
    leastFidelity: (data) => leastTraining(settings, data),
    async evaluate({ candidate, data, seed, fidelity, threads, inputs, keep }, { engine, artifacts, report, signal }) {
      const network = Network.fromJson(candidate.network);
      const dataset = await datasetOf(data);
      const checkpoint = await earlierCheckpoint(inputs, artifacts);
      const run = { seed, threads, milestones: [fidelity], ...(checkpoint && { checkpoint }) };
      const trained = await trainNetwork(network, dataset, settings, run, { engine, report, signal });
      return {
        metrics: { ...trained.metrics, trainedEpochs: trained.trainedEpochs },
        ...(keep && { artifacts: { checkpoint: await artifacts.put(trained.checkpoint()) } }),
      };
    },
  }),
});

/** Where the training of the same candidate ended; one whose file is gone begins anew, as `trainedEpochs` then tells. */
async function earlierCheckpoint(
  { earlier }: EvaluationRequest['inputs'],
  artifacts: ArtifactStore,
): Promise<Uint8Array | undefined> {
  if (earlier?.checkpoint === undefined) return undefined;
  try {
    return await artifacts.get(earlier.checkpoint);
  } catch (error) {
    if (error instanceof WorkError) return undefined;
    throw error;
  }
}
