/** @file What a proxy cannot do without: where it is missing, the proxy is undefined, and says why. */

import type { LabelledBatch } from './batches.js';
import { blockOutputs } from './blocks.js';
import type { ProxyGraph } from './graph.js';

/** Something that a network or its images must have. */
export interface Need {
  /** What it is, in a few words. */
  readonly text: string;
  /** Why it is missing, as a clause; `undefined` where it is there. */
  missing(graph: ProxyGraph, batches: readonly LabelledBatch[]): string | undefined;
}

/** Labels that differ. */
export const severalClasses: Need = {
  text: 'images of several classes',
  missing: (_, batches) =>
    new Set(batches.flatMap(({ labels }) => [...labels])).size > 1 ? undefined : 'all images are of one class',
};

/** Images to compare. */
export const severalImages: Need = {
  text: 'several images',
  missing: ({ batchSize }) => (batchSize > 1 ? undefined : 'a single image cannot be compared with others'),
};

/** Units that are on or off. */
export const rectifiedUnits: Need = {
  text: 'ReLUs',
  missing: ({ rectifiers }) => (rectifiers.length > 0 ? undefined : 'the network has no ReLU'),
};

/** Weights to score. */
export const weights: Need = {
  text: 'convolutions or linear layers',
  missing: ({ weighted }) => (weighted.length > 0 ? undefined : 'the network has no convolution and no linear layer'),
};

/** Blocks that hand on maps of features. */
export const blocksOfMaps = (count: number): Need => ({
  text: `maps of features from ${count === 1 ? 'a block' : `${count} blocks`}`,
  missing(graph) {
    const found = blockOutputs(graph).length;
    return found < count
      ? `it takes ${count} blocks that give maps of features, and the network has ${found}`
      : undefined;
  },
});
