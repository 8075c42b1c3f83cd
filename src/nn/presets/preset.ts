/** @file What a preset is: a published network as a builder. */
import { type Feature, type ImageShape, scope } from '../feature.js';
import { activation, dropout, flatten, globalAvgPool, linear } from '../layers/index.js';
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

/** Channel means and one linear layer: the end of most classifiers. */
export const classifier = (x: Feature, classes: number): Feature =>
  scope(x, 'head', (input) => linear(globalAvgPool(input), { name: 'classifier', out: classes }));

/** The whole map through hidden layers with ReLU and dropout to the classes: the end of the networks before global pooling. */
export const hiddenClassifier = (x: Feature, hidden: readonly number[], classes: number): Feature =>
  scope(x, 'head', (input) => {
    const features = hidden.reduce(
      (y, out, index) => dropout(activation(linear(y, { name: `hidden${index + 1}`, out }), 'relu'), 0.5),
      flatten(input),
    );
    return linear(features, { name: 'classifier', out: classes });
  });
