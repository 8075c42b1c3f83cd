/** @file Weights as bytes: a safetensors file of parameters and statistics under their names. */
import { messageOf, WorkError } from '../error.js';
import type { Network } from '../nn/network.js';
import { layout, type NamedShape, tensorViews, type Weights } from '../nn/weights.js';
import { encodeTensors, type NamedTensor, TensorFile } from './tensor-file.js';

/** The tensors of a flat vector, under their names behind `prefix`. */
export function namedTensors(specs: readonly NamedShape[], flat: Float32Array, prefix = ''): NamedTensor[] {
  const views = tensorViews(specs, flat);
  return specs.map(({ name, shape }) => ({
    name: prefix + name,
    shape,
    data: views.get(name) ?? new Float32Array(),
  }));
}

/**
 * The inverse.
 *
 * @throws {RangeError} where the file lacks a tensor, or has it in another shape
 */
export function flatTensors(file: TensorFile, specs: readonly NamedShape[], prefix = ''): Float32Array {
  const flat = new Float32Array(layout(specs).at(-1)?.end ?? 0);
  for (const { spec, start } of layout(specs)) flat.set(file.tensor({ ...spec, name: prefix + spec.name }), start);
  return flat;
}

/** All parameters and statistics under their names. */
export const encodeWeights = ({ parameters, statistics }: Network, weights: Weights): Uint8Array =>
  encodeTensors([...namedTensors(parameters, weights.parameters), ...namedTensors(statistics, weights.statistics)]);

/**
 * Reads what {@link encodeWeights} wrote for the same network.
 *
 * @throws {WorkError} where the bytes are damaged, or are the tensors of another network
 */
export function decodeWeights({ parameters, statistics }: Network, bytes: Uint8Array): Weights {
  try {
    const file = new TensorFile(bytes);
    const known = new Set([...parameters, ...statistics].map(({ name }) => name));
    const unknown = file.names.find((name) => !known.has(name));
    if (unknown !== undefined) throw new RangeError(`it holds "${unknown}", which the network does not have`);
    return { parameters: flatTensors(file, parameters), statistics: flatTensors(file, statistics) };
  } catch (error) {
    throw new WorkError(`The weights cannot be read: ${messageOf(error)}.`);
  }
}
