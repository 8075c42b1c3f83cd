/** @file What a preset is: a published network as a builder. */
import type { ImageShape } from '../feature.js';
import type { Network } from '../network.js';

/** What a network is built for. */
export interface PresetTarget {
  readonly input: ImageShape;
  readonly classes: number;
}

/** A published network, and what it was published for. */
export interface Preset extends PresetTarget {
  readonly title: string;
  /** Authors, year and title. */
  readonly paper: string;
  /** Builds it for other images or classes. */
  build(target: PresetTarget): Network;
}

/** Images of ImageNet as classification networks take them. */
export const imagenet = { input: { channels: 3, height: 224, width: 224 }, classes: 1000 } as const;
