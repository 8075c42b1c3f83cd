/** @file What a network costs: parameters, multiply-accumulates and peak activation memory, counted exactly and without ONNX. */
import type { Shape } from '../tensor/shape.js';
import { elementCount } from '../tensor/shape.js';
import type { Feature, Layer } from './feature.js';
import { peakActivationElements } from './peak-activation.js';

/** The cost of a network for one image. */
export interface Cost {
  /** Trainable scalars: weights, biases, batch-norm scales and shifts; neither running statistics nor architecture weights. */
  readonly params: number;
  /** Multiply-accumulates of convolutions and linear layers: no biases, norms, activations, pools or sums. */
  readonly macs: number;
  /** Most bytes of float32 feature maps alive at once, batch 1: see `peakActivationElements`. */
  readonly peakActivationBytes: number;
}

/** The cost of one layer. */
export interface LayerCost {
  readonly name: string;
  /** The layer's kind. */
  readonly operator: string;
  /** Without the batch. */
  readonly outputShape: Shape;
  readonly params: number;
  readonly macs: number;
}

export const BYTES_PER_ELEMENT = Float32Array.BYTES_PER_ELEMENT;

/** Trainable scalars of one layer. */
function paramsOf({ kind, inputs, attributes }: Layer): number {
  let params = 0;
  for (const row of kind.parameters?.(inputs, attributes) ?? []) params += elementCount(row.shape);
  return params;
}

const macsOf = ({ kind, inputs, attributes, shape }: Layer): number => kind.macs?.(inputs, attributes, shape) ?? 0;

/** The cost of the layers, given in the order in which they run. */
export function costOf(image: Feature, layers: readonly Layer[], output: Feature): Cost {
  let params = 0;
  let macs = 0;
  for (const layer of layers) {
    params += paramsOf(layer);
    macs += macsOf(layer);
  }
  const values = image.graph.layers.length + 1;
  const peak = peakActivationElements({ images: [image], steps: layers, outputs: [output], values });
  return { params, macs, peakActivationBytes: BYTES_PER_ELEMENT * peak };
}

/** The cost of each layer. */
export const layerCostsOf = (layers: readonly Layer[]): LayerCost[] =>
  layers.map((layer) => ({
    name: layer.name,
    operator: layer.kind.kind,
    outputShape: layer.shape,
    params: paramsOf(layer),
    macs: macsOf(layer),
  }));
