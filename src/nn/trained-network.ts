/** @file A network with its numbers, and the numbers of its layers. */
import type { Layer } from './feature.js';
import type { LayerArrays } from './layer-kind.js';
import type { Network } from './network.js';
import { tensorViews, type Weights } from './weights.js';

/** A network with its numbers. */
export interface TrainedNetwork {
  readonly network: Network;
  readonly weights: Weights;
}

/** The numbers of all layers by their full names, as views. */
export const networkArrays = ({ network, weights }: TrainedNetwork): LayerArrays =>
  new Map([
    ...tensorViews(network.parameters, weights.parameters),
    ...tensorViews(network.statistics, weights.statistics),
  ]);

/** The numbers of one layer by their names within it. */
export const layerArrays = (layer: Layer, all: LayerArrays): LayerArrays =>
  new Map(layerTensors(layer).map((row) => [row.name, all.get(`${layer.name}.${row.name}`) ?? new Float32Array()]));

/** The tensors of one layer, parameters first. */
export const layerTensors = ({ kind, inputs, attributes }: Layer) => [
  ...(kind.parameters?.(inputs, attributes) ?? []),
  ...(kind.statistics?.(inputs, attributes) ?? []),
];
