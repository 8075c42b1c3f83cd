/** @file Folding batch norm into the layer before it: the same function at inference with fewer layers. */
import { type Feature, Layer } from './feature.js';
import type { LayerArrays } from './layer-kind.js';
import type { Network } from './network.js';
import { rewrite } from './rewrite.js';
import { layerArrays, networkArrays, type TrainedNetwork } from './trained-network.js';
import { packTensors } from './weights.js';

/**
 * Folds each batch norm (each layer that is an affine map of channels at inference) into the convolution or linear layer
 * before it, if nothing else reads that. The others stay. Layers keep their names. For inference only.
 */
export function foldBatchNorm(trained: TrainedNetwork): TrainedNetwork {
  const { network } = trained;
  const all = networkArrays(trained);
  const norms = foldableNorms(network);
  const folded = new Map<string, Float32Array>();
  const absorbed = new Set(norms.values());
  const result = rewrite(network, (layer, { now, copy }) => {
    if (absorbed.has(layer)) return now(layer.inputs[0]);
    const { attributes, arrays } = withFolded(layer, norms.get(layer), all);
    for (const [name, array] of arrays) folded.set(`${layer.name}.${name}`, array);
    return copy(layer, attributes);
  });
  return {
    network: result,
    weights: {
      parameters: packTensors(result.parameters, folded),
      statistics: packTensors(result.statistics, folded),
    },
  };
}

/** For each layer that can take in the batch norm behind it, that norm. */
function foldableNorms({ layers, output }: Network): Map<Layer, Layer> {
  const readers = new Map<Feature, number>([[output, 1]]);
  for (const { inputs } of layers) for (const input of inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  const norms = new Map<Layer, Layer>();
  for (const layer of layers) {
    const [before] = layer.inputs;
    if (layer.kind.inferenceAffine === undefined || !(before instanceof Layer)) continue;
    if (before.kind.foldAffine !== undefined && readers.get(before) === 1) norms.set(before, layer);
  }
  return norms;
}

function withFolded(
  layer: Layer,
  norm: Layer | undefined,
  all: LayerArrays,
): Pick<Layer, 'attributes'> & { arrays: LayerArrays } {
  const { kind, attributes } = layer;
  const arrays = layerArrays(layer, all);
  const affine = norm?.kind.inferenceAffine?.(norm.attributes, layerArrays(norm, all));
  return (affine && kind.foldAffine?.(attributes, arrays, affine)) ?? { attributes, arrays };
}
