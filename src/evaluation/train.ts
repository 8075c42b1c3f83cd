/** @file The evaluation `train`: trains the network from scratch and scores it on the validation images. */
import type { Dataset } from '../data/dataset.js';
import { loadDataset } from '../data/load.js';
import { WorkError } from '../error.js';
import { inheritWeights, usualNoise } from '../nn/inherit.js';
import { Network } from '../nn/network.js';
import { Random } from '../random.js';
import { networkInCheckpoint } from '../training/checkpoint.js';
import { randomWeights, type TrainingRun, trainNetwork } from '../training/train-network.js';
import type { ArtifactStore } from './artifact.js';
import { type DataReference, defineEvaluation, type EvaluationRequest } from './evaluation.js';
import { leastShare, targetAt, trainingAt, trainingWithFidelity } from './fidelity.js';
import { trainingMeasure } from './metric.js';
import { checkTraining } from './training-check.js';

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
    'Trains each candidate with random weights. The surest score, and the dearest; fewer epochs, images, pixels, channels or repeated ' +
    'cells make it cheaper and less sure. The setting fidelity says which of them strategies of several fidelities begin with less of. A ' +
    'promoted trial goes on from the weights that it has and trains what is left; where the network has grown, it begins with what of ' +
    'them fits (inheritedShare tells how much) and trains in full.',
  settings: trainingWithFidelity,
  measure: trainingMeasure,
  create: (settings) => ({
    target: (target, fidelity) => targetAt(settings, target, fidelity),
    check: (dataset) => checkTraining(settings, dataset),
    leastFidelity: (data) => leastShare(settings, data),
    async evaluate({ candidate, data, seed, fidelity, threads, inputs, keep }, { engine, artifacts, report, signal }) {
      const network = Network.fromJson(candidate.network);
      const dataset = await datasetOf(data);
      const { settings: training, milestone } = trainingAt(settings, dataset.train.count, fidelity);
      const checkpoint = await earlierCheckpoint(inputs, artifacts);
      const isLonger = settings.fidelity.every((dimension) => dimension === 'epochs');
      const { inheritedShare: share, ...begun }: Begun =
        checkpoint === undefined || isLonger
          ? { milestones: [milestone], ...(checkpoint && { checkpoint }) }
          : beginning(network, checkpoint, { seed, milestone, spent: (inputs.spent ?? 0) / fidelity });
      const run = { seed, threads, ...begun };
      const trained = await trainNetwork(network, dataset, training, run, { engine, report, signal });
      return {
        metrics: {
          ...trained.metrics,
          trainedEpochs: trained.trainedEpochs,
          ...(share !== undefined && { inheritedShare: share }),
        },
        ...(keep && { artifacts: { checkpoint: await artifacts.put(trained.checkpoint()) } }),
      };
    },
  }),
});

/** What a training begins with, and how far it goes. */
type Begun = Pick<TrainingRun, 'milestones' | 'checkpoint' | 'initial'> & { readonly inheritedShare?: number };

/**
 * The beginning of a training of another kind than the earlier one, on more images, say: with its weights. What was spent on them
 * counts where the network is the same; one that has grown is trained in full.
 */
function beginning(
  network: Network,
  checkpoint: Uint8Array,
  { seed, milestone, spent }: { readonly seed: number; readonly milestone: number; readonly spent: number },
): Begun {
  const earlier = networkInCheckpoint(checkpoint);
  const own = { network, weights: randomWeights(network, seed) };
  const { weights, share } = inheritWeights(earlier, own, { noise: usualNoise(new Random(seed).stream('growth')) });
  const hasGrown = earlier.network.cost().params !== network.cost().params;
  return {
    initial: weights,
    inheritedShare: share,
    milestones: [hasGrown ? milestone : milestone * (1 - spent)],
  };
}

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
