/** @file Lowering: a network becomes operations on tensors, for training or for inference. */
import type { Shape, Tensor } from '../tensor/index.js';
import type { Feature, Layer } from './feature.js';
import type { ArchitectureRow, Choice, LayerLowering, LayerReading, Observation } from './layer-kind.js';
import type { Network } from './network.js';

/** How a network is to be computed. */
export interface NetworkReading extends Pick<LayerReading, 'mode'> {
  /** What becomes of each relaxed choice, given the name of its architecture weights and how many. By default all are mixed. */
  readonly choose?: (choice: ArchitectureRow) => Choice;
}

/** What a network is lowered with. */
export interface NetworkLowering extends NetworkReading {
  /** [N, C, H, W], as the network's input has it. */
  readonly images: Tensor;
  /** By the names of `network.parameters`; those of the needed layers. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** By the names of `network.statistics`; those of the needed layers. */
  readonly statistics: ReadonlyMap<string, Tensor>;
  /** By the names of `network.architectureParameters`; needed by relaxed networks only. */
  readonly architecture?: ReadonlyMap<string, Tensor>;
  /** An input as a layer is to see it; as it is by default. */
  readonly adapt?: (layer: Layer, input: Feature, tensor: Tensor) => Tensor;
  /** Gives the uniform noise in [0, 1) for a layer that drops out, of that shape; needed in training with dropout only. */
  readonly noise?: (layer: string, shape: Shape) => Tensor;
}

/** A network as tensors. */
export interface LoweredNetwork {
  /** [N, classes]. */
  readonly logits: Tensor;
  /** Logits [N, classes] of classifiers beside the network's own, in the order of the layers. Empty in inference. */
  readonly auxiliary: readonly Tensor[];
  /** What the image and each layer that was computed became. */
  readonly features: ReadonlyMap<Feature, Tensor>;
  /** By the names of `network.statistics`: what this batch says of them. Empty in inference. */
  readonly observations: ReadonlyMap<string, Observation>;
  /** As they were given. */
  readonly architecture: ReadonlyMap<string, Tensor>;
}

/**
 * The layers that are computed, in the order in which they run: sought from the output, so that a branch which is not
 * chosen, or a classifier for training alone, costs nothing where it is not read.
 */
export function neededLayers(network: Network, reading: NetworkReading): Layer[] {
  const needed = new Set<Feature>([network.output]);
  for (const layer of network.layers.toReversed()) {
    if (needed.has(layer)) for (const input of readInputs(layer, reading)) needed.add(input);
  }
  return network.layers.filter((layer) => needed.has(layer));
}

/**
 * The network as tensors.
 *
 * @throws {RangeError} where something that a needed layer reads was not given, or the images are of another shape
 */
export function lowerNetwork(network: Network, options: NetworkLowering): LoweredNetwork {
  const { channels, height, width } = network.input;
  const { images, architecture = new Map() } = options;
  const [batch = 1, ...image] = images.shape;
  if (image.join() !== [channels, height, width].join()) {
    throw new RangeError(
      `the network takes images [N, ${channels}, ${height}, ${width}], not [${images.shape.join(', ')}]`,
    );
  }
  const tensors = new Map<Feature, Tensor>([[network.image, images]]);
  const observations = new Map<string, Observation>();
  const auxiliary: Tensor[] = [];
  const surroundings = { ...options, architecture, batch, tensors, observations, auxiliary };
  for (const layer of neededLayers(network, options)) {
    tensors.set(layer, layer.kind.lower(layerLowering(layer, surroundings)));
  }
  const logits = known(tensors, network.output, network.output.name);
  return { logits, auxiliary, features: tensors, observations, architecture };
}

/** What layers see and leave behind. */
interface Surroundings extends NetworkLowering {
  readonly batch: number;
  readonly architecture: ReadonlyMap<string, Tensor>;
  readonly tensors: ReadonlyMap<Feature, Tensor>;
  readonly observations: Map<string, Observation>;
  readonly auxiliary: Tensor[];
}

function layerLowering(layer: Layer, surroundings: Surroundings): LayerLowering {
  const { name, kind, attributes } = layer;
  const { batch, tensors, parameters, statistics, architecture, observations, auxiliary, noise, adapt } = surroundings;
  const [first = layer.inputs[0], ...others] = readInputs(layer, surroundings);
  const tensorOf = (feature: Feature): Tensor => {
    const tensor = known(tensors, feature, feature.name);
    return adapt?.(layer, feature, tensor) ?? tensor;
  };
  const shape = [batch, ...layer.shape];
  const full = (local: string): string => `${name}.${local}`;
  return {
    ...readingOf(layer, surroundings),
    inputs: [tensorOf(first), ...others.map(tensorOf)],
    attributes,
    shape,
    parameter: (local) => known(parameters, full(local), full(local)),
    statistic: (local) => known(statistics, full(local), full(local)),
    observe: (local, observation) => {
      observations.set(full(local), observation);
    },
    architecture: () => {
      const weights = kind.architecture?.(layer.inputs, attributes).name ?? '';
      return known(architecture, weights, weights);
    },
    noise: () => {
      if (noise === undefined) throw new RangeError(`layer "${name}" drops out, but no noise was given`);
      return noise(name, shape);
    },
    auxiliary: (logits) => {
      auxiliary.push(logits);
    },
  };
}

/** What becomes of the relaxed choices, in the order of the layers. */
export const choicesOf = (network: Network, reading: NetworkReading): Choice[] =>
  network.layers.filter(({ kind }) => kind.architecture).map((layer) => readingOf(layer, reading).choice);

function readingOf({ kind, inputs, attributes }: Layer, { mode, choose }: NetworkReading): LayerReading {
  const row = kind.architecture?.(inputs, attributes);
  return { mode, choice: row === undefined || choose === undefined ? 'mixed' : choose(row) };
}

function readInputs(layer: Layer, reading: NetworkReading): readonly Feature[] {
  const { kind, inputs } = layer;
  const positions = kind.reads?.(inputs, readingOf(layer, reading));
  if (positions === undefined) return inputs;
  return positions.map((position) => {
    const input = inputs[position];
    if (input === undefined)
      throw new RangeError(`"${layer.name}" has ${inputs.length} inputs, and none at ${position}`);
    return input;
  });
}

function known<K>(tensors: ReadonlyMap<K, Tensor>, key: K, name: string): Tensor {
  const tensor = tensors.get(key);
  if (tensor === undefined) throw new RangeError(`no tensor was given for "${name}"`);
  return tensor;
}
