/** @file Probes: what proxies measure in the graph of a network. */
import { concat, elementCount, reshape, type Tensor } from '../tensor/index.js';
import type { ProxyGraph } from './graph.js';

/** What the graph gave, by the names of a probe's tensors. */
export type ProbeArrays = Readonly<Record<string, Float32Array>>;

/** A quantity that the graph measures, for any number of proxies. */
export interface Probe<T> {
  readonly name: string;
  /** What is measured, by names of the probe's own; small, as every output is copied. */
  tensors(graph: ProxyGraph): Readonly<Record<string, Tensor>>;
  /** What it means. */
  read(arrays: ProbeArrays, graph: ProxyGraph): T;
}

/** Tensors as one vector, one after the other. */
export const flat = (tensors: readonly Tensor[]): Tensor =>
  concat(
    tensors.map((tensor) => reshape(tensor, [elementCount(tensor.shape)])),
    0,
  );

/** Parts of a vector, of the sizes of these shapes. */
export function parts(vector: Float32Array, shapes: readonly (readonly number[])[]): Float32Array[] {
  let end = 0;
  return shapes.map((shape) => {
    const start = end;
    end += elementCount(shape);
    return vector.subarray(start, end);
  });
}

/** One of a probe's arrays. */
export function arrayOf(arrays: ProbeArrays, name: string): Float32Array {
  const array = arrays[name];
  if (array === undefined) throw new RangeError(`the graph did not measure ${name}`);
  return array;
}
