/** @file Weights of a network: flat vectors of all parameters and all statistics. */
import { Random } from '../random.js';
import { elementCount, type Shape } from '../tensor/shape.js';
import { initialise } from './initialiser.js';
import type { Network, ParameterSpec } from './network.js';

/** The numbers of a network, flat and in the order of `network.parameters` and `network.statistics`. */
export interface Weights {
  readonly parameters: Float32Array;
  readonly statistics: Float32Array;
}

/** A tensor by its name. */
export interface NamedShape {
  readonly name: string;
  readonly shape: Shape;
}

/** Where one tensor lies in a flat vector. */
export interface Placement<S extends NamedShape = NamedShape> {
  readonly spec: S;
  /** Index of its first element. */
  readonly start: number;
  /** Index after its last element. */
  readonly end: number;
}

/** Where each tensor lies in the flat vector of all. */
export function layout<S extends NamedShape>(specs: readonly S[]): Placement<S>[] {
  let start = 0;
  return specs.map((spec) => {
    const end = start + elementCount(spec.shape);
    const placement = { spec, start, end };
    start = end;
    return placement;
  });
}

/** Each tensor of a flat vector by name, as views: writing to one writes to the vector. */
export function tensorViews(specs: readonly NamedShape[], flat: Float32Array): Map<string, Float32Array> {
  const placements = layout(specs);
  const size = placements.at(-1)?.end ?? 0;
  if (flat.length !== size) throw new RangeError(`the network has ${size} elements, but the vector has ${flat.length}`);
  return new Map(placements.map(({ spec, start, end }) => [spec.name, flat.subarray(start, end)]));
}

/** One flat vector of tensors given by name. Throws a `RangeError` where one is missing or has the wrong size. */
export function packTensors(specs: readonly NamedShape[], tensors: ReadonlyMap<string, Float32Array>): Float32Array {
  const placements = layout(specs);
  const flat = new Float32Array(placements.at(-1)?.end ?? 0);
  for (const { spec, start, end } of placements) {
    const tensor = tensors.get(spec.name);
    if (tensor?.length !== end - start) {
      throw new RangeError(`"${spec.name}" needs ${end - start} elements, but there are ${tensor?.length ?? 'none'}`);
    }
    flat.set(tensor, start);
  }
  return flat;
}

/** Weights of which all are zero. */
export const emptyWeights = ({ parameters, statistics }: Pick<Network, 'parameters' | 'statistics'>): Weights => ({
  parameters: new Float32Array(layout(parameters).at(-1)?.end ?? 0),
  statistics: new Float32Array(layout(statistics).at(-1)?.end ?? 0),
});

/**
 * Weights to start training from. Each tensor's draw depends on the seed and its name only, so layers that two networks
 * share start alike.
 */
export function initialWeights(network: Network, seed: number): Weights {
  const random = new Random(seed);
  return { parameters: draw(network.parameters, random), statistics: draw(network.statistics, random) };
}

function draw(specs: readonly ParameterSpec[], random: Random): Float32Array {
  const placements = layout(specs);
  const flat = new Float32Array(placements.at(-1)?.end ?? 0);
  for (const { spec, start, end } of placements)
    initialise(flat.subarray(start, end), spec.initial, random.stream(spec.name));
  return flat;
}
