/** @file Lowering: a network becomes operations on tensors, for training or for inference. */
import type { Shape, Tensor } from '../tensor/index.js';
import type { Feature, Layer } from './feature.js';
import type { LayerLowering, Observation } from './layer-kind.js';
import type { Network } from './network.js';

/** What a network is lowered with. */
export interface NetworkLowering {
  /** Training normalises by the batch and drops out; inference uses running statistics. */
  readonly mode: 'training' | 'inference';
  /** [N, C, H, W], as the network's input has it. */
  readonly images: Tensor;
  /** By the names of `network.parameters`. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** By the names of `network.statistics`. */
  readonly statistics: ReadonlyMap<string, Tensor>;
  /** By the names of `network.architectureParameters`; needed by relaxed networks only. */
  readonly architecture?: ReadonlyMap<string, Tensor>;
  /** Gives the uniform noise in [0, 1) for a layer that drops out, of that shape; needed in training with dropout only. */
  readonly noise?: (layer: string, shape: Shape) => Tensor;
}

export interface LoweredNetwork {
  /** [N, classes]. */
  readonly logits: Tensor;
  /** By the names of `network.statistics`: what this batch says of them. Empty in inference. */
  readonly observations: ReadonlyMap<string, Observation>;
}

/** The network as tensors. Throws a `RangeError` where something that a layer needs was not given. */
export function lowerNetwork(network: Network, options: NetworkLowering): LoweredNetwork {
  const { channels, height, width } = network.input;
  const [batch = 1, ...image] = options.images.shape;
  if (image.join() !== [channels, height, width].join()) {
    throw new RangeError(
      `the network takes images [N, ${channels}, ${height}, ${width}], not [${options.images.shape.join(', ')}]`,
    );
  }
  const tensors = new Map<Feature, Tensor>([[network.image, options.images]]);
  const observations = new Map<string, Observation>();
  for (const layer of network.layers) {
    tensors.set(layer, layer.kind.lower(layerLowering(layer, batch, tensors, observations, options)));
  }
  return { logits: known(tensors, network.output, network.output.name), observations };
}

function layerLowering(
  layer: Layer,
  batch: number,
  tensors: ReadonlyMap<Feature, Tensor>,
  observations: Map<string, Observation>,
  options: NetworkLowering,
): LayerLowering {
  const { name, kind, attributes } = layer;
  const [first, ...others] = layer.inputs;
  const tensorOf = (feature: Feature): Tensor => known(tensors, feature, feature.name);
  const shape = [batch, ...layer.shape];
  const full = (local: string): string => `${name}.${local}`;
  return {
    mode: options.mode,
    inputs: [tensorOf(first), ...others.map(tensorOf)],
    attributes,
    shape,
    parameter: (local) => known(options.parameters, full(local), full(local)),
    statistic: (local) => known(options.statistics, full(local), full(local)),
    observe: (local, observation) => {
      observations.set(full(local), observation);
    },
    architecture: () => {
      const weights = kind.architecture?.(layer.inputs, attributes).name ?? '';
      return known(options.architecture ?? new Map<string, Tensor>(), weights, weights);
    },
    noise: () => {
      if (options.noise === undefined) throw new RangeError(`layer "${name}" drops out, but no noise was given`);
      return options.noise(name, shape);
    },
  };
}

function known<K>(tensors: ReadonlyMap<K, Tensor>, key: K, name: string): Tensor {
  const tensor = tensors.get(key);
  if (tensor === undefined) throw new RangeError(`no tensor was given for "${name}"`);
  return tensor;
}
