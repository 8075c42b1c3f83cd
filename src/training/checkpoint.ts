/** @file Checkpoints: all that a training needs to go on later as if it had never ended, as bytes. */
import { z } from 'zod';
import { messageOf, WorkError } from '../error.js';
import { canonicalJson, type Json } from '../json.js';
import { Network } from '../nn/network.js';
import type { TrainedNetwork } from '../nn/trained-network.js';
import type { Weights } from '../nn/weights.js';
import type { Optimizer } from '../tensor/index.js';
import { flatTensors, namedTensors } from './saved-weights.js';
import { TrainingState } from './state.js';
import { encodeTensors, TensorFile } from './tensor-file.js';

/** The best epoch so far. */
export interface BestEpoch {
  readonly weights: Weights;
  readonly accuracy: number;
  readonly loss: number;
  readonly epoch: number;
}

/** All that a training needs to go on: see `trainNetwork`. */
export interface Checkpoint {
  /** Ends of the cycles of the learning rate so far, as shares of a whole training; the last one is where it stands. */
  readonly milestones: readonly number[];
  /** Where the stream of the noise is: see `Random.position`. */
  readonly noise: readonly number[];
  readonly state: TrainingState;
  readonly best: BestEpoch;
}

/** What a training depends on beside its length: only the same one may go on from a checkpoint. */
export type Recipe = Readonly<Record<'network' | 'settings' | 'seed' | 'data' | 'teacher', Json | object>>;

/** The same text for equal values, whatever the order of their keys. */
const textOf = (value: Json | object): string => canonicalJson(JSON.parse(JSON.stringify(value)));

const schema = z.object({
  milestones: z.array(z.number()),
  noise: z.array(z.int()).length(4),
  steps: z.int(),
  best: z.object({ accuracy: z.number(), loss: z.number(), epoch: z.number() }),
});

/** Equal checkpoints give equal bytes. */
export function encodeCheckpoint(network: Network, recipe: Recipe, checkpoint: Checkpoint): Uint8Array {
  const { state, milestones, noise } = checkpoint;
  const { weights, ...best } = checkpoint.best;
  const tensors = [
    ...state.toTensors(),
    ...namedTensors(network.parameters, weights.parameters, 'best '),
    ...namedTensors(network.statistics, weights.statistics, 'best '),
  ];
  const progress: z.infer<typeof schema> = { milestones: [...milestones], noise: [...noise], steps: state.steps, best };
  const parts = Object.entries(recipe).map(([part, value]) => [part, textOf(value)]);
  return encodeTensors(tensors, { ...Object.fromEntries(parts), progress: JSON.stringify(progress) });
}

/** @throws {WorkError} where the bytes are damaged, or come from another training */
export function decodeCheckpoint(
  network: Network,
  recipe: Recipe,
  optimizer: Optimizer,
  bytes: Uint8Array,
): Checkpoint {
  try {
    const file = new TensorFile(bytes);
    const other = Object.entries(recipe).find(([part, value]) => file.metadata[part] !== textOf(value));
    if (other !== undefined) throw new RangeError(`it comes from a training with another value of "${other[0]}"`);
    const { steps, best, ...progress } = progressOf(file);
    const state = TrainingState.fromTensors(network, file, steps, optimizer);
    return { ...progress, state, best: { ...best, weights: bestIn(file, network) } };
  } catch (error) {
    throw new WorkError(`The training cannot go on from its checkpoint: ${messageOf(error)}.`);
  }
}

/**
 * The network of a checkpoint, with the weights of its best epoch: what another training may begin with.
 *
 * @throws {WorkError} where the bytes are damaged
 */
export function networkInCheckpoint(bytes: Uint8Array): TrainedNetwork {
  try {
    const file = new TensorFile(bytes);
    const network = Network.fromJson(JSON.parse(file.metadata.network ?? 'null'));
    return { network, weights: bestIn(file, network) };
  } catch (error) {
    throw new WorkError(`The checkpoint of an earlier training cannot be used: ${messageOf(error)}.`);
  }
}

const bestIn = (file: TensorFile, network: Network): Weights => ({
  parameters: flatTensors(file, network.parameters, 'best '),
  statistics: flatTensors(file, network.statistics, 'best '),
});

function progressOf({ metadata }: TensorFile): z.infer<typeof schema> {
  const { data } = schema.safeParse(JSON.parse(metadata.progress ?? 'null'));
  if (data === undefined) throw new RangeError('it does not say how far the training has come');
  return data;
}
