/** @file Folding an affine map of channels into the weights of the layer before it. */
import type { ChannelAffine, LayerArrays } from './layer-kind.js';

/**
 * For layers whose weight has the output channel as its first axis: (w·x + b)·scale + shift is w′·x + b′ with
 * w′ = w·scale and b′ = b·scale + shift. The folded layer has a bias.
 */
export function foldIntoWeights<A>(
  attributes: A,
  arrays: LayerArrays,
  { scale, shift }: ChannelAffine,
): { attributes: A & { readonly bias: true }; arrays: LayerArrays } {
  const weight = arrays.get('weight') ?? new Float32Array();
  const bias = arrays.get('bias') ?? new Float32Array(scale.length);
  const rowLength = weight.length / scale.length;
  return {
    attributes: { ...attributes, bias: true },
    arrays: new Map([
      ['weight', weight.map((value, index) => value * (scale[Math.floor(index / rowLength)] ?? 1))],
      ['bias', bias.map((value, channel) => value * (scale[channel] ?? 1) + (shift[channel] ?? 0))],
    ]),
  };
}
