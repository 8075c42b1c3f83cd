/** @file Weights taken over from a trained network: layer by layer, by name. */
import { sameShape } from '../tensor/shape.js';
import type { Layer } from './feature.js';
import type { LayerArrays, Placed } from './layer-kind.js';
import type { Network } from './network.js';
import { layerArrays, layerTensors, networkArrays, type TrainedNetwork } from './trained-network.js';
import { initialWeights, packTensors, type Weights } from './weights.js';

/**
 * The weights of `to`, with all that layers of the same name and kind in `from` can give: see `LayerKind.inherit`. What is
 * new keeps the weights that `to` came with.
 */
export function inheritWeights(from: TrainedNetwork, to: TrainedNetwork): Weights {
  const [before, after] = [networkArrays(from), networkArrays(to)];
  const layers = new Map(from.network.layers.map((layer) => [layer.name, layer]));
  const arrays = new Map<string, Float32Array>();
  for (const layer of to.network.layers) {
    const parent = layers.get(layer.name);
    const own = placed(layer, after);
    const inherited = parent?.kind === layer.kind ? inherit(placed(parent, before), own, layer) : own.arrays;
    for (const [name, array] of inherited) arrays.set(`${layer.name}.${name}`, array);
  }
  const { parameters, statistics } = to.network;
  return { parameters: packTensors(parameters, arrays), statistics: packTensors(statistics, arrays) };
}

/** The share of the parameters of a network that `inheritWeights` takes from another one. */
export function inheritedShare(from: TrainedNetwork, network: Network): number {
  const unknown = ({ length }: Float32Array) => new Float32Array(length).fill(Number.NaN);
  const own = initialWeights(network, 0);
  const weights = { parameters: unknown(own.parameters), statistics: unknown(own.statistics) };
  const { parameters } = inheritWeights(from, { network, weights });
  return parameters.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0) / parameters.length;
}

const placed = (layer: Layer, all: LayerArrays): Placed => ({
  inputs: layer.inputs,
  attributes: layer.attributes,
  tensors: layerTensors(layer),
  arrays: layerArrays(layer, all),
});

const inherit = (from: Placed, to: Placed, { kind }: Layer): LayerArrays =>
  kind.inherit?.(from, to) ?? inheritEqual(from, to);

/** Tensors of equal shape, whole. */
function inheritEqual(from: Placed, to: Placed): LayerArrays {
  const fits = (name: string) => {
    const [before, after] = [from, to].map(({ tensors }) => tensors.find((row) => row.name === name)?.shape);
    return before !== undefined && after !== undefined && sameShape(before, after);
  };
  return new Map([...to.arrays].map(([name, own]) => [name, fits(name) ? (from.arrays.get(name) ?? own) : own]));
}
