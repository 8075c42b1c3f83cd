/** @file Net2WiderNet: more channels, of which the new ones are copies, for any network (Chen et al. 2016, section 2.2). */
import { UsageError } from '../../error.js';
import { Random } from '../../random.js';
import { keyOf, places, sourcesOf } from '../channel-descent.js';
import type { Feature, Layer } from '../feature.js';

import { type GrowthNoise, inheritWeights } from '../inherit.js';
import type { ChannelMap, ChannelMaps, Input, Inputs } from '../layer-kind.js';
import type { Network } from '../network.js';
import { rewrite } from '../rewrite.js';
import type { TrainedNetwork } from '../trained-network.js';
import { emptyWeights } from '../weights.js';
import { ChannelClasses, type ChannelGroup } from './channel-groups.js';

/** Which channels are copied, and how often. */
export interface WiderOptions {
  /** Each group of channels becomes so many times as large, rounded; more than 1. */
  readonly factor: number;
  /** Which groups grow. Default all: one alone is a larger expansion, say. */
  readonly only?: (group: ChannelGroup) => boolean;
  /** Which channels are copied. Default 0. */
  readonly seed?: number;
  /** Breaks the symmetry of the copies. Default none: the function stays. */
  readonly noise?: GrowthNoise | undefined;
}

/**
 * The network with more channels and the same function. Which are copied is drawn, as in the paper; copies stand beside
 * their originals rather than behind all, so that what is joined, cut or flattened stays together, and grouped convolutions
 * get more groups. Channels that cannot be copied stay as they are, such as those that are shuffled, and those of image and
 * output.
 *
 * @throws {UsageError} where the factor is no number above 1, or no channels can grow
 */
export function wider(
  trained: TrainedNetwork,
  { factor, only = () => true, seed = 0, noise }: WiderOptions,
): TrainedNetwork {
  if (!(factor > 1 && Number.isFinite(factor))) {
    throw new UsageError(`A network cannot become ${factor} times as wide: give a number above 1.`);
  }
  const { network } = trained;
  const classes = new ChannelClasses(network);
  const copies = new Map<number, number>();
  const random = new Random(seed);
  for (const group of classes.groups().filter(only)) {
    const added = Math.round(group.size * factor) - group.size;
    for (let count = 0; count < added; count++) {
      const drawn = random.pick(group.classes);
      copies.set(drawn, (copies.get(drawn) ?? 1) + 1);
    }
  }
  const mapOf = settledMaps(network, classes, copies);
  const grown = rewrite(network, (layer, { copy }) => copy(layer, resized(layer, mapOf)));
  if (network.layers.every((layer) => mapOf(layer).length === layer.shape[0])) {
    throw new UsageError(
      'No channels of the network can grow: they are those of its image and its output, are shuffled, or too few for the factor.',
    );
  }
  const maps = new Map(network.layers.map((layer) => [layer.name, mapOf(layer)]));
  const { weights } = inheritWeights(
    trained,
    { network: grown, weights: emptyWeights(grown) },
    { channels: ({ name }) => maps.get(name), noise },
  );
  return { network: grown, weights };
}

type MapOf = (feature: Feature) => ChannelMap;

/** The maps of all features; classes that a layer cannot follow are fixed until all layers can. */
function settledMaps(network: Network, classes: ChannelClasses, copies: ReadonlyMap<number, number>): MapOf {
  for (;;) {
    const known = new Map<Feature, ChannelMap>();
    const mapOf: MapOf = (feature) => {
      const map =
        known.get(feature) ??
        mapWith(classes.of(feature), (root) => (classes.isFixed(root) ? 1 : (copies.get(root) ?? 1)));
      known.set(feature, map);
      return map;
    };
    const stuck = network.layers.filter((layer) => !follows(layer, mapOf));
    if (stuck.length === 0) return mapOf;
    for (const layer of stuck) for (const feature of [layer, ...layer.inputs]) classes.fix(feature);
  }
}

/** Neighbours of one class, such as a group of a convolution, are copied as a whole. */
function mapWith(roots: readonly number[], timesOf: (root: number) => number): ChannelMap {
  const map: number[] = [];
  for (let start = 0; start < roots.length; ) {
    const root = roots[start] ?? 0;
    let end = start + 1;
    while (end < roots.length && roots[end] === root) end++;
    const run = places(end - start).map((place) => start + place);
    for (let times = timesOf(root); times > 0; times--) map.push(...run);
    start = end;
  }
  return map;
}

const mapsOf = (layer: Layer, mapOf: MapOf): ChannelMaps => ({ inputs: layer.inputs.map(mapOf), output: mapOf(layer) });

const resized = (layer: Layer, mapOf: MapOf): Layer['attributes'] =>
  layer.kind.growth?.resize?.(layer.inputs, layer.attributes, mapsOf(layer, mapOf)) ?? layer.attributes;

/** Whether the layer, made anew under these maps, has the planned channels, each of copies of the same channels as before. */
function follows(layer: Layer, mapOf: MapOf): boolean {
  const {
    kind,
    inputs: [first, ...others],
  } = layer;
  const before = sourcesOf(layer);
  const { inputs: maps, output } = mapsOf(layer, mapOf);
  if (before === undefined) return true;
  const attributes = resized(layer, mapOf);
  const inputs: Inputs = [
    withChannels(first, mapOf(first)),
    ...others.map((input) => withChannels(input, mapOf(input))),
  ];
  const shape = shapeOf(() => kind.shape(inputs, attributes));
  if (shape === undefined || shape[0] !== output.length) return false;
  const now = kind.growth?.sources(inputs, attributes, shape);
  return output.every((from, channel) => {
    const sources = now?.(channel) ?? [];
    return (
      keyOf(before(from)) ===
      keyOf(sources.map((source) => ({ ...source, channel: maps[source.input]?.[source.channel] ?? -1 })))
    );
  });
}

function withChannels({ shape: [channels = 1, ...rest], elements }: Feature, { length }: ChannelMap): Input {
  return { shape: [length, ...rest], elements: (elements / channels) * length };
}

function shapeOf(shape: () => readonly number[]): readonly number[] | undefined {
  try {
    return shape();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
