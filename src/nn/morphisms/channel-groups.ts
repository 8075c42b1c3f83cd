/** @file Which channels of a network must be copied together: found once, by following what each layer ties. */
import { sourcesOf } from '../channel-descent.js';
import { type Feature, Layer } from '../feature.js';
import type { Network } from '../network.js';

/**
 * Channels that may be copied one by one (of grouped convolutions group by group), in all features where they appear: the
 * widths that are one number. A residual stream is one group, what a bottleneck has inside is another.
 */
export interface ChannelGroup {
  /** Names of the layers in whose output they appear, in the order in which these run. */
  readonly layers: readonly string[];
  /** How many there are to copy. */
  readonly size: number;
}

/** Channels that are copied together, each of some feature: a number for each class. */
export class ChannelClasses {
  readonly #parents: Int32Array;
  readonly #starts = new Map<Feature, number>();
  readonly #features: readonly Feature[];
  readonly #fixed = new Set<number>();

  /** The channels of image and output are fixed, and those around layers of which no rule is known. */
  constructor(network: Network) {
    this.#features = [network.image, ...network.layers];
    let size = 0;
    for (const feature of this.#features) {
      this.#starts.set(feature, size);
      size += feature.shape[0] ?? 0;
    }
    this.#parents = Int32Array.from({ length: size }, (_, channel) => channel);
    for (const layer of network.layers) {
      const sources = sourcesOf(layer);
      if (sources === undefined) continue;
      for (const [channel, root] of this.of(layer).entries()) {
        for (const { input, channel: from } of sources(channel)) {
          const feature = layer.inputs[input];
          if (feature !== undefined) this.#unite(root, (this.#starts.get(feature) ?? 0) + from);
        }
      }
    }
    for (const feature of [network.image, network.output]) this.fix(feature);
    for (const layer of network.layers) {
      if (sourcesOf(layer) === undefined) for (const feature of [layer, ...layer.inputs]) this.fix(feature);
    }
  }

  /** The class of each channel of a feature. */
  of(feature: Feature): number[] {
    const start = this.#starts.get(feature) ?? 0;
    return Array.from({ length: feature.shape[0] ?? 0 }, (_, channel) => this.#root(start + channel));
  }

  /** Channels of this feature are not copied. */
  fix(feature: Feature): void {
    for (const root of this.of(feature)) this.#fixed.add(root);
  }

  isFixed(root: number): boolean {
    return this.#fixed.has(root);
  }

  /** The groups of those that may be copied, with their classes, in the order in which they appear. */
  groups(): (ChannelGroup & { readonly classes: readonly number[] })[] {
    const places = new Map<number, Feature[]>();
    for (const feature of this.#features) {
      for (const root of this.of(feature)) {
        if (this.#fixed.has(root)) continue;
        const known = places.get(root);
        if (known === undefined) places.set(root, [feature]);
        else if (known.at(-1) !== feature) known.push(feature);
      }
    }
    const groups = new Map<string, { readonly layers: string[]; readonly classes: number[] }>();
    for (const [root, features] of places) {
      const key = features.map(({ index }) => index).join();
      const layers = features.filter((feature) => feature instanceof Layer).map(({ name }) => name);
      const group = groups.get(key) ?? { layers, classes: [] };
      groups.set(key, group);
      group.classes.push(root);
    }
    return [...groups.values()].map((group) => ({ ...group, size: group.classes.length }));
  }

  #root(channel: number): number {
    let root = channel;
    for (let parent = this.#parents[root]; parent !== undefined && parent !== root; parent = this.#parents[root]) {
      this.#parents[root] = this.#parents[parent] ?? parent;
      root = this.#parents[root] ?? parent;
    }
    return root;
  }

  #unite(first: number, second: number): void {
    const [one, other] = [this.#root(first), this.#root(second)];
    // The earlier channel stands for both, so that groups come in the order of the layers.
    if (one !== other) this.#parents[Math.max(one, other)] = Math.min(one, other);
  }
}

/** The groups of channels that {@link wider} may make larger. */
export const channelGroups = (network: Network): ChannelGroup[] =>
  new ChannelClasses(network).groups().map(({ layers, size }) => ({ layers, size }));
