/** @file Evaluation by training: what `train` and `inherit` are made of. */
import { WorkError } from '../error.js';
import { inheritWeights, usualNoise } from '../nn/inherit.js';
import { Network } from '../nn/network.js';
import type { TrainedNetwork } from '../nn/trained-network.js';
import { Random } from '../random.js';
import { networkInCheckpoint } from '../training/checkpoint.js';
import { randomWeights, type TrainingRun, trainNetwork } from '../training/train-network.js';
import type { ArtifactStore, Artifacts } from './artifact.js';
import type { Evaluation, EvaluationRequest } from './evaluation.js';
import { leastShare, type TrainingWithFidelity, targetAt, trainingAt } from './fidelity.js';
import { datasetOf } from './loaded-dataset.js';
import { checkTraining } from './training-check.js';

/** Trains each candidate; one that `inherits` begins with the weights of its parent. */
export const evaluationByTraining = (
  settings: TrainingWithFidelity,
  { inherits }: { readonly inherits: boolean },
): Evaluation => ({
  inherits,
  target: (target, fidelity) => targetAt(settings, target, fidelity),
  check: (dataset) => checkTraining(settings, dataset),
  leastFidelity: (data) => leastShare(settings, data),
  async evaluate(request, { engine, artifacts, report, signal }) {
    const { candidate, data, seed, fidelity, threads, keep } = request;
    const network = Network.fromJson(candidate.network);
    const dataset = await datasetOf(data);
    const { settings: training, milestone } = trainingAt(settings, dataset.train.count, fidelity);
    const isLonger = settings.fidelity.every((dimension) => dimension === 'epochs');
    const begin = inherits && request.inputs.earlier === undefined ? fromParent : fromEarlier;
    const { inheritedShare, ...begun } = await begin(network, request, { artifacts, milestone, isLonger });
    const run = { seed, threads, ...begun };
    const trained = await trainNetwork(network, dataset, training, run, { engine, report, signal });
    return {
      metrics: {
        ...trained.metrics,
        trainedEpochs: trained.trainedEpochs,
        ...(inheritedShare !== undefined && { inheritedShare }),
      },
      ...(keep && { artifacts: { checkpoint: await artifacts.put(trained.checkpoint()) } }),
    };
  },
});

/** What a training begins with, and how far it goes. */
type Begun = Pick<TrainingRun, 'milestones' | 'checkpoint' | 'initial'> & { readonly inheritedShare?: number };

interface Beginning {
  readonly artifacts: ArtifactStore;
  /** The share of the epochs that is to be trained. */
  readonly milestone: number;
  /** Whether a larger fidelity is more epochs and nothing else. */
  readonly isLonger: boolean;
}

/**
 * The beginning of a training that may go on from one of the same candidate at a smaller fidelity: from its checkpoint where this
 * one is longer and nothing else, and otherwise with its weights. What was spent on them counts where the network is the same; one
 * that has grown is trained in full. One whose file is gone begins anew, as `trainedEpochs` then tells.
 */
async function fromEarlier(
  network: Network,
  { inputs, fidelity, seed }: EvaluationRequest,
  { artifacts, milestone, isLonger }: Beginning,
): Promise<Begun> {
  const checkpoint = await checkpointIn(inputs.earlier, artifacts);
  if (checkpoint === undefined) return { milestones: [milestone] };
  if (isLonger) return { milestones: [milestone], checkpoint };
  const earlier = networkInCheckpoint(checkpoint);
  const hasGrown = earlier.network.cost().params !== network.cost().params;
  const left = hasGrown ? milestone : milestone * (1 - (inputs.spent ?? 0) / fidelity);
  return { ...inherited(earlier, network, seed), milestones: [left] };
}

/** With the weights of the parent, if there is one; of one whose file is gone nothing is inherited, and the share says so. */
async function fromParent(
  network: Network,
  { inputs, seed }: EvaluationRequest,
  { artifacts, milestone }: Beginning,
): Promise<Begun> {
  const milestones = [milestone];
  if (inputs.parent === undefined) return { milestones };
  const checkpoint = await checkpointIn(inputs.parent, artifacts);
  if (checkpoint === undefined) return { milestones, inheritedShare: 0 };
  return { milestones, ...inherited(networkInCheckpoint(checkpoint), network, seed) };
}

function inherited(
  from: TrainedNetwork,
  network: Network,
  seed: number,
): Required<Pick<Begun, 'initial' | 'inheritedShare'>> {
  const own = { network, weights: randomWeights(network, seed) };
  const { weights, share } = inheritWeights(from, own, { noise: usualNoise(new Random(seed).stream('growth')) });
  return { initial: weights, inheritedShare: share };
}

/** What another trial has kept, if its file is still there. */
async function checkpointIn(kept: Artifacts | undefined, artifacts: ArtifactStore): Promise<Uint8Array | undefined> {
  if (kept?.checkpoint === undefined) return undefined;
  try {
    return await artifacts.get(kept.checkpoint);
  } catch (error) {
    if (error instanceof WorkError) return undefined;
    throw error;
  }
}
