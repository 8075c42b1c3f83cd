/** @file Weights taken over from a trained network: layer by layer, by name, so that what is larger computes the same. */
import type { Random } from '../random.js';
import { elementCount, sameShape } from '../tensor/shape.js';
import { outputMap, samePlaces } from './channel-descent.js';
import { type Feature, Layer } from './feature.js';

import type { ChannelMap, ChannelMaps, InheritedTensor, InheritedTensors, LayerArrays, Placed } from './layer-kind.js';
import { layerArrays, layerTensors, networkArrays, type TrainedNetwork } from './trained-network.js';
import { packTensors, type Weights } from './weights.js';

/** Breaks the symmetry of what would be trained alike: normal noise, its deviation a share of that of the layer's weights. */
export interface GrowthNoise {
  /** Of channels that are copies. */
  readonly copies: number;
  /** Of layers that do nothing at first. */
  readonly identities: number;
  readonly random: Random;
}

/** As much as in the code of Cai et al. 2018, "Efficient Architecture Search by Network Transformation". */
export const usualNoise = (random: Random): GrowthNoise => ({ copies: 0.01, identities: 0.001, random });

/** How weights are taken over. */
export interface InheritOptions {
  /** Which old channels those of a layer are, where that is known before. By default the later ones are copies of the first. */
  readonly channels?: (layer: Layer) => ChannelMap | undefined;
  /** Default none: the function stays as it was. */
  readonly noise?: GrowthNoise | undefined;
}

/** What was taken over. */
export interface Inheritance {
  readonly weights: Weights;
  /** The share of the parameters that come from the old network, in [0, 1]. */
  readonly share: number;
}

/**
 * The weights of `to`, with all that layers of the same name and kind in `from` can give. What is new keeps the weights that
 * `to` came with.
 *
 * Where `to` is `from` with more channels, larger windows, or more layers that can do nothing at first, it computes the same:
 * channels are copied (Net2WiderNet), windows have zeros around, a new layer between two old ones is the identity
 * (Net2DeeperNet), and a new summand is zero. Elsewhere what fits is taken over: slices of what was larger, and whole
 * tensors where layers are alike, though they read something else.
 */
export function inheritWeights(from: TrainedNetwork, to: TrainedNetwork, options: InheritOptions = {}): Inheritance {
  return new Descent(from, to, options).inheritance();
}

/** A feature of the old network that a new one stands for, and which of its channels each channel is. */
interface Likeness {
  readonly of: Feature | undefined;
  readonly channels: ChannelMap;
}

/** How a new layer stands for something old: with which numbers, its own and those of others. */
interface Neutral {
  readonly channels: ChannelMap;
  readonly numbers: readonly (readonly [Layer, LayerArrays])[];
}

class Descent {
  readonly #from: TrainedNetwork;
  readonly #to: TrainedNetwork;
  readonly #options: InheritOptions;
  readonly #before: LayerArrays;
  readonly #after: LayerArrays;
  readonly #named: ReadonlyMap<string, Layer>;
  readonly #readers = new Map<Feature, number>();
  readonly #likenesses = new Map<Feature, Likeness>();
  readonly #tensors = new Map<string, InheritedTensor>();

  constructor(from: TrainedNetwork, to: TrainedNetwork, options: InheritOptions) {
    this.#from = from;
    this.#to = to;
    this.#options = options;
    this.#before = networkArrays(from);
    this.#after = networkArrays(to);
    this.#named = new Map(from.network.layers.map((layer) => [layer.name, layer]));
    for (const { inputs } of to.network.layers) {
      for (const input of inputs) this.#readers.set(input, (this.#readers.get(input) ?? 0) + 1);
    }
  }

  inheritance(): Inheritance {
    const { network } = this.#to;
    const { image } = this.#from.network;
    this.#likenesses.set(network.image, { of: image, channels: samePlaces(sizeOf(network.image), sizeOf(image)) });
    for (const layer of network.layers) {
      const old = this.#oldOf(layer);
      if (old !== undefined) this.#inherit(old, layer);
    }
    const tensors = new Map([...this.#after].map(([name, own]) => [name, this.#tensors.get(name)?.numbers ?? own]));
    const taken = network.parameters.reduce((sum, { name }) => sum + (this.#tensors.get(name)?.taken ?? 0), 0);
    const all = network.parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    return {
      weights: {
        parameters: packTensors(network.parameters, tensors),
        statistics: packTensors(network.statistics, tensors),
      },
      share: all === 0 ? 0 : taken / all,
    };
  }

  #oldOf(layer: Layer): Layer | undefined {
    const old = this.#named.get(layer.name);
    return old?.kind === layer.kind ? old : undefined;
  }

  #inherit(old: Layer, layer: Layer): void {
    const inputs = layer.inputs.map((input, position) => this.#inputMap(layer, input, old.inputs[position]));
    const output = this.#options.channels?.(layer) ?? outputMap(old, layer, inputs);
    this.#likenesses.set(layer, { of: old, channels: output });
    const tensors = inherited(placed(old, this.#before), placed(layer, this.#after), { inputs, output }, layer);
    for (const [name, tensor] of tensors) {
      this.#tensors.set(`${layer.name}.${name}`, {
        ...tensor,
        numbers: this.#noisy(tensor.numbers, layer, name, output),
      });
    }
  }

  /** The map of what a layer reads where the old one read `wanted`. */
  #inputMap(layer: Layer, input: Feature, wanted: Feature | undefined): ChannelMap {
    const likeness = this.#likenesses.get(input);
    if (wanted === undefined || (wanted instanceof Layer && wanted.kind.growth?.isZero === true)) {
      if (layer.kind.growth?.isSum === true) this.#apply(this.#silence(input) ?? []);
      if (wanted === undefined) return samePlaces(sizeOf(input), 0);
    }
    if (likeness?.of === wanted) return likeness.channels;
    const neutral = this.#neutral(input, wanted);
    if (neutral === undefined) return samePlaces(sizeOf(input), sizeOf(wanted));
    this.#apply(neutral.numbers);
    this.#likenesses.set(input, { of: wanted, channels: neutral.channels });
    return neutral.channels;
  }

  /** How a feature that is new may be what the old network had in its place. */
  #neutral(feature: Feature, wanted: Feature): Neutral | undefined {
    const known = this.#likenesses.get(feature);
    if (known !== undefined) return known.of === wanted ? { channels: known.channels, numbers: [] } : undefined;
    if (!(feature instanceof Layer)) return undefined;
    const { kind, inputs, attributes } = feature;
    if (kind.growth?.isSum === true) return this.#neutralSum(feature, wanted);
    const inner = inputs.length === 1 && sameShape(inputs[0].shape, feature.shape) && this.#neutral(inputs[0], wanted);
    if (!inner) return undefined;
    const isRepeated =
      kind.growth?.isIdempotent?.(attributes) === true &&
      wanted instanceof Layer &&
      wanted.kind === kind &&
      JSON.stringify(wanted.attributes) === JSON.stringify(attributes);
    const numbers = isRepeated ? new Map() : kind.growth?.identity?.(placed(feature, this.#after));
    return (
      numbers && {
        channels: inner.channels,
        numbers: [...inner.numbers, [feature, this.#noisyIdentity(feature, numbers)]],
      }
    );
  }

  #neutralSum({ inputs }: Layer, wanted: Feature): Neutral | undefined {
    for (const input of inputs) {
      const main = this.#neutral(input, wanted);
      const others = inputs.filter((other) => other !== input).map((other) => this.#silence(other));
      if (main === undefined || others.length + 1 < inputs.length) continue;
      if (others.every((silenced) => silenced !== undefined)) {
        return { channels: main.channels, numbers: [...main.numbers, ...others.flat()] };
      }
    }
    return undefined;
  }

  /** The numbers that make zeros of a feature that is new and read once. */
  #silence(feature: Feature): Neutral['numbers'] | undefined {
    if (!(feature instanceof Layer) || this.#oldOf(feature) !== undefined) return undefined;
    if (this.#readers.get(feature) !== 1) return undefined;
    const { kind, inputs, memory } = feature;
    if (memory === 'view' && inputs.length === 1) return this.#silence(inputs[0]);
    const numbers = kind.growth?.silence?.(placed(feature, this.#after));
    return numbers && [[feature, numbers]];
  }

  #apply(numbers: Neutral['numbers']): void {
    for (const [layer, arrays] of numbers) {
      for (const [name, array] of arrays) this.#tensors.set(`${layer.name}.${name}`, { numbers: array, taken: 0 });
    }
  }

  /** Noise on the weights of channels that are copies of earlier ones. */
  #noisy(numbers: Float32Array, layer: Layer, name: string, output: ChannelMap): Float32Array {
    const { noise } = this.#options;
    const row = layerTensors(layer).find((tensor) => tensor.name === name);
    if (noise === undefined || row === undefined || row.shape.length < 2) return numbers;
    const size = numbers.length / output.length;
    const deviation = noise.copies * deviationOf(numbers);
    const originals = new Map(output.map((from, channel) => [from, channel] as const).toReversed());
    const isCopy = output.map((from, channel) => from >= 0 && originals.get(from) !== channel);
    const random = noise.random.stream(layer.name, name);
    return numbers.map((value, index) =>
      isCopy[Math.floor(index / size)] === true ? value + deviation * random.normal() : value,
    );
  }

  #noisyIdentity(layer: Layer, arrays: LayerArrays): LayerArrays {
    const { noise } = this.#options;
    if (noise === undefined) return arrays;
    const shapes = new Map(layerTensors(layer).map(({ name, shape }) => [name, shape]));
    return new Map(
      Array.from(arrays, ([name, array]) => {
        if ((shapes.get(name)?.length ?? 0) < 2) return [name, array];
        const deviation = noise.identities * deviationOf(array);
        const random = noise.random.stream(layer.name, name);
        return [name, array.map((value) => value + deviation * random.normal())];
      }),
    );
  }
}

const sizeOf = ({ shape }: Feature): number => shape[0] ?? 0;

const placed = (layer: Layer, all: LayerArrays): Placed => ({
  inputs: layer.inputs,
  attributes: layer.attributes,
  tensors: layerTensors(layer),
  arrays: layerArrays(layer, all),
});

const inherited = (from: Placed, to: Placed, maps: ChannelMaps, { kind }: Layer): InheritedTensors =>
  kind.growth?.inherit?.(from, to, maps) ?? inheritEqual(from, to);

/** Tensors of equal shape, whole. */
function inheritEqual(from: Placed, to: Placed): InheritedTensors {
  return new Map(
    Array.from(to.arrays, ([name, own]): [string, InheritedTensor] => {
      const [before, after] = [from, to].map(({ tensors }) => tensors.find((row) => row.name === name)?.shape);
      const old = before && after && sameShape(before, after) ? from.arrays.get(name) : undefined;
      return [name, old === undefined ? { numbers: own, taken: 0 } : { numbers: old, taken: old.length }];
    }),
  );
}

function deviationOf(numbers: Float32Array): number {
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  return Math.sqrt(numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length);
}
