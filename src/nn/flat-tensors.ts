/** @file Flat vectors inside the tensor graph: all parameters as slices of one input, and joined again. */
import { concat, constant, elementCount, mul, reshape, runningAverage, slice, type Tensor } from '../tensor/index.js';
import type { Observation } from './layer-kind.js';
import type { TrainedTensors } from './network.js';
import { layout, type NamedShape } from './weights.js';

/** Each tensor as a part of `flat`, the vector of all in the order of `specs`. */
export function flatViews(specs: readonly NamedShape[], flat: Tensor): Map<string, Tensor> {
  return new Map(
    layout(specs).map(({ spec, start, end }) => [
      spec.name,
      reshape(slice(flat, { starts: [start], ends: [end], axes: [0] }), spec.shape),
    ]),
  );
}

/**
 * The inverse: one flat vector of tensors given by name, such as gradients or updated statistics.
 * Throws a `RangeError` where one is missing, or where there are none at all.
 */
export function joinTensors(specs: readonly NamedShape[], tensors: ReadonlyMap<string, Tensor>): Tensor {
  const parts = specs.map(({ name, shape }) => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new RangeError(`"${name}" is missing`);
    return reshape(tensor, [elementCount(shape)]);
  });
  return concat(parts, 0);
}

/**
 * All running statistics after one more batch: (1 − momentum) · running + momentum · factor · value, as in PyTorch.
 * Throws a `RangeError` where a statistic was not observed.
 */
export function nextStatistics(
  { statistics }: Pick<TrainedTensors, 'statistics'>,
  running: Tensor,
  observations: ReadonlyMap<string, Observation>,
): Tensor {
  const values = new Map(Array.from(observations, ([name, { value }]) => [name, value]));
  const joined = joinTensors(statistics, values);
  const perElement = (of: (observation: Observation) => number): Tensor => {
    const numbers = statistics.flatMap(({ name, shape }) => {
      const observation = observations.get(name);
      return new Array<number>(elementCount(shape)).fill(observation === undefined ? 0 : of(observation));
    });
    return constant(numbers, [numbers.length]);
  };
  const batch = mul(
    joined,
    perElement(({ factor }) => factor),
  );
  return runningAverage(
    running,
    batch,
    perElement(({ momentum }) => momentum),
  );
}
