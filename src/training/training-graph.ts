/** @file One training step as one ONNX graph: forward, loss, backward and update. */
import { joinTensors, nextStatistics, parameterViews, statisticViews } from '../nn/flat-tensors.js';
import { lowerNetwork } from '../nn/lower.js';
import type { Network } from '../nn/network.js';
import {
  channelAffine,
  clipGlobalNorm,
  elementCount,
  emitModel,
  gradients,
  input,
  type Optimizer,
  type Shape,
  softmaxCrossEntropy,
  type Tensor,
} from '../tensor/index.js';
import { RecentGraphs } from './recent-graphs.js';

export interface TrainingGraphOptions {
  readonly batchSize: number;
  readonly optimizer: Optimizer;
  /** Weight of the uniform distribution in the target. Default 0. */
  readonly labelSmoothing?: number;
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

export interface TrainingGraph {
  /**
   * Inputs: `images` [N, C, H, W] of pixels 0 to 255, `imageScale` and `imageShift` [C] that normalise them, `labels` int32 [N], `learningRate` [], `step` [], `parameters` [P],
   * `statistics` [S], the optimiser's slots [P] by their names, and the noise. Those that the graph has no use for are
   * absent. Outputs: `loss` [], and `next …` for parameters, statistics and slots.
   */
  readonly model: Uint8Array;
  readonly noise: readonly NoiseInput[];
}

/** The name under which the graph gives what a state input becomes. */
export const nextName = (state: string): string => `next ${state}`;

const trainingGraphs = new RecentGraphs<TrainingGraph>();

/** The training step of a network, its parameters kept in one flat vector so that the update is a handful of nodes. */
export function trainingGraph(network: Network, options: TrainingGraphOptions): TrainingGraph {
  const { optimizer, ...others } = options;
  const key = [network.toJson(), others, optimizer.name, optimizer.settings];
  return trainingGraphs.get(key, () => buildTrainingGraph(network, options));
}

function buildTrainingGraph(network: Network, options: TrainingGraphOptions): TrainingGraph {
  const { batchSize, optimizer, labelSmoothing = 0, clipNorm = null, blocks = null } = options;
  const { channels, height, width } = network.input;
  const images = input('images', [batchSize, channels, height, width]);
  const noise: NoiseInput[] = [];
  const parameters = input('parameters', [totalElements(network.parameters)]);
  const views = parameterViews(network, parameters);
  const hasStatistics = network.statistics.length > 0;
  const statistics = input('statistics', [totalElements(network.statistics)]);
  const lowered = lowerNetwork(network, {
    mode: 'training',
    images: normalizedImages(images),
    parameters: views,
    statistics: hasStatistics ? statisticViews(network, statistics) : new Map(),
    noise: (layer, shape) => {
      noise.push({ name: `noise ${layer}`, shape });
      return input(`noise ${layer}`, shape);
    },
  });
  const loss = softmaxCrossEntropy(lowered.logits, input('labels', [batchSize], 'int32'), { labelSmoothing });
  const names = network.parameters.map(({ name }) => name);
  const derivatives = gradients(
    loss,
    names.map((name) => view(views, name)),
  );
  const gradient = joinTensors(network.parameters, new Map(derivatives.map((tensor, i) => [names[i] ?? '', tensor])));
  const next = optimizer.update({
    parameters,
    gradient: clipNorm === null ? gradient : clipGlobalNorm(gradient, clipNorm),
    slots: optimizer.slots.map((slot) => input(slot, parameters.shape)),
    learningRate: input('learningRate', []),
    step: input('step', []),
  });
  const outputs: Record<string, Tensor> = { loss, [nextName('parameters')]: next.parameters };
  if (hasStatistics) outputs[nextName('statistics')] = nextStatistics(network, statistics, lowered.observations);
  optimizer.slots.forEach((slot, position) => {
    const tensor = next.slots[position];
    if (tensor !== undefined) outputs[nextName(slot)] = tensor;
  });
  return { model: emitModel(outputs, { blocks }), noise };
}

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
  const parameters = input('parameters', [totalElements(network.parameters)]);
  const statistics = input('statistics', [totalElements(network.statistics)]);
  const { logits } = lowerNetwork(network, {
    mode: 'inference',
    images: normalizedImages(input('images', [batchSize, channels, height, width])),
    parameters: parameterViews(network, parameters),
    statistics: statisticViews(network, statistics),
  });
  return emitModel({ logits }, { blocks });
}

/** Pixels · scale + shift. What the data say is an input, so that one graph serves all weights and all images. */
function normalizedImages(images: Tensor): Tensor {
  const channels = images.shape[1] ?? 0;
  return channelAffine(images, input('imageScale', [channels]), input('imageShift', [channels]));
}

const totalElements = (specs: Network['parameters']): number =>
  specs.reduce((total, { shape }) => total + elementCount(shape), 0);

function view(views: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const tensor = views.get(name);
  if (tensor === undefined) throw new RangeError(`there is no parameter "${name}"`);
  return tensor;
}
