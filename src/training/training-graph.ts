/** @file One training step as one ONNX graph: forward, loss, backward and update. */
import { flatViews, joinTensors, nextStatistics } from '../nn/flat-tensors.js';
import { choicesOf, lowerNetwork, type NetworkReading, neededLayers } from '../nn/lower.js';
import { type Network, type TrainedTensors, trainedTensors } from '../nn/network.js';
import type { NamedShape } from '../nn/weights.js';
import {
  channelAffine,
  clipGlobalNorm,
  elementCount,
  emitModel,
  gradients,
  input,
  type Optimizer,
  type Shape,
  type Tensor,
} from '../tensor/index.js';
import { crossEntropy, type LossTerm, totalLoss } from './loss.js';
import { RecentGraphs } from './recent-graphs.js';

/** How the graph of a step is built. */
export interface TrainingGraphOptions extends Pick<NetworkReading, 'choose'> {
  readonly batchSize: number;
  readonly optimizer: Optimizer;
  /** What is minimised: their sum. Default: the cross-entropy, as `crossEntropy` makes it. */
  readonly terms?: readonly LossTerm[];
  /** The largest Euclidean norm of the gradient; `null`, the default, for no limit. */
  readonly clipNorm?: number | null;
  /** Channels in a block of the processor's own layout; `null`, the default, for standard operators. */
  readonly blocks?: number | null;
}

/** A tensor of uniform noise in [0, 1) that a step is fed. */
export interface NoiseInput {
  readonly name: string;
  readonly shape: Shape;
}

/** The ONNX model of a step, and what its inputs and outputs mean. */
export interface TrainingGraph {
  /**
   * Inputs: `images` [N, C, H, W] of pixels 0 to 255, `imageScale` and `imageShift` [C] that normalise them, `learningRate` [], `step` [], `parameters` [P],
   * `statistics` [S], `architecture` [A], the optimiser's slots [P] by their names, the noise, and what the loss asks for,
   * such as `labels` int32 [N]. Those that the graph has no use for are absent. Outputs: `loss` [], `next …` for
   * parameters, statistics and slots, and `gradient architecture` [A] for relaxed networks.
   */
  readonly model: Uint8Array;
  /** What of the network the step computes and trains: the flat vectors have this order. */
  readonly tensors: TrainedTensors;
  readonly noise: readonly NoiseInput[];
}

/** The name under which the graph gives what a state input becomes. */
export const nextName = (state: string): string => `next ${state}`;

/** The name under which the graph gives the derivative of the loss by an input. */
export const gradientName = (state: string): string => `gradient ${state}`;

const usualTerms = [crossEntropy()];

const trainingGraphs = new RecentGraphs<TrainingGraph>();

/** The training step of a network, its parameters kept in one flat vector so that the update is a handful of nodes. */
export function trainingGraph(network: Network, options: TrainingGraphOptions): TrainingGraph {
  const { optimizer, terms = usualTerms, choose, ...others } = options;
  const choices = choicesOf(network, readingOf(choose));
  const key = [network.toJson(), others, terms, optimizer.name, optimizer.settings, choices];
  return trainingGraphs.get(key, () => buildTrainingGraph(network, options));
}

const readingOf = (choose: NetworkReading['choose']): NetworkReading => ({
  mode: 'training',
  ...(choose && { choose }),
});

function buildTrainingGraph(network: Network, options: TrainingGraphOptions): TrainingGraph {
  const { batchSize, optimizer, terms = usualTerms, choose, clipNorm = null, blocks = null } = options;
  const { channels, height, width } = network.input;
  const reading = readingOf(choose);
  const tensors = trainedTensors(neededLayers(network, reading));
  const images = input('images', [batchSize, channels, height, width]);
  const noise: NoiseInput[] = [];
  const parameters = input('parameters', [totalElements(tensors.parameters)]);
  const views = flatViews(tensors.parameters, parameters);
  const statistics = input('statistics', [totalElements(tensors.statistics)]);
  const architecture = flatViews(
    tensors.architectureParameters,
    input('architecture', [totalElements(tensors.architectureParameters)]),
  );
  const lowered = lowerNetwork(network, {
    ...reading,
    images: normalizedImages(images),
    parameters: views,
    statistics: flatViews(tensors.statistics, statistics),
    architecture,
    noise: (layer, shape) => {
      noise.push({ name: `noise ${layer}`, shape });
      return input(`noise ${layer}`, shape);
    },
  });
  const loss = totalLoss(terms, lowered);
  const wrt = new Map([...views, ...architecture]);
  const derivatives = new Map(
    gradients(loss, [...wrt.values()]).map((derivative, position) => [[...wrt.keys()][position] ?? '', derivative]),
  );
  const gradient = joinTensors(tensors.parameters, derivatives);
  const next = optimizer.update({
    parameters,
    gradient: clipNorm === null ? gradient : clipGlobalNorm(gradient, clipNorm),
    slots: optimizer.slots.map((slot) => input(slot, parameters.shape)),
    learningRate: input('learningRate', []),
    step: input('step', []),
  });
  const outputs: Record<string, Tensor> = { loss, [nextName('parameters')]: next.parameters };
  if (tensors.statistics.length > 0) {
    outputs[nextName('statistics')] = nextStatistics(tensors, statistics, lowered.observations);
  }
  if (tensors.architectureParameters.length > 0) {
    outputs[gradientName('architecture')] = joinTensors(tensors.architectureParameters, derivatives);
  }
  optimizer.slots.forEach((slot, position) => {
    const tensor = next.slots[position];
    if (tensor !== undefined) outputs[nextName(slot)] = tensor;
  });
  return { model: emitModel(outputs, { blocks }), tensors, noise };
}

/** How the graph that classifies is built. */
export interface InferenceGraphOptions {
  readonly batchSize: number;
  readonly blocks?: number | null;
}

const inferenceGraphs = new RecentGraphs<Uint8Array>();

/**
 * Inference with weights as inputs: `images`, `imageScale`, `imageShift`, `parameters`, `statistics` in, `logits`
 * [N, classes] out.
 */
export function inferenceGraph(network: Network, options: InferenceGraphOptions): Uint8Array {
  return inferenceGraphs.get([network.toJson(), options], () => buildInferenceGraph(network, options));
}

function buildInferenceGraph(network: Network, options: InferenceGraphOptions): Uint8Array {
  const { batchSize, blocks = null } = options;
  const { channels, height, width } = network.input;
  const { parameters, statistics } = network;
  const { logits } = lowerNetwork(network, {
    mode: 'inference',
    images: normalizedImages(input('images', [batchSize, channels, height, width])),
    parameters: flatViews(parameters, input('parameters', [totalElements(parameters)])),
    statistics: flatViews(statistics, input('statistics', [totalElements(statistics)])),
  });
  return emitModel({ logits }, { blocks });
}

/** Pixels · scale + shift. What the data say is an input, so that one graph serves all weights and all images. */
function normalizedImages(images: Tensor): Tensor {
  const channels = images.shape[1] ?? 0;
  return channelAffine(images, input('imageScale', [channels]), input('imageShift', [channels]));
}

const totalElements = (specs: readonly NamedShape[]): number =>
  specs.reduce((total, { shape }) => total + elementCount(shape), 0);
