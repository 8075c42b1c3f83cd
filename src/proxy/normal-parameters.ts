/** @file Random weights that do not depend on a network's own initialisation. */
import type { ParameterSpec } from '../nn/network.js';
import { elementCount, fill, mul, reshape, scalar, slice, type Tensor } from '../tensor/index.js';
import type { ProxyGraph } from './graph.js';

/** Normal weights of these deviations; scales, shifts and biases do nothing. By the names of the parameters. */
export function normalParameters(
  graph: ProxyGraph,
  deviation: (weight: ParameterSpec) => number = () => 1,
): ReadonlyMap<string, Tensor> {
  const { weighted, tensors } = graph;
  const size = weighted.reduce((sum, { weight }) => sum + elementCount(weight.shape), 0);
  const normal = graph.draw('normal weights', [size], 'normal');
  let end = 0;
  const weights = weighted.map(({ weight }) => {
    const start = end;
    end += elementCount(weight.shape);
    const drawn = reshape(slice(normal, { starts: [start], ends: [end], axes: [0] }), weight.shape);
    return [weight.name, mul(drawn, scalar(deviation(weight)))] as const;
  });
  return new Map([...unchanged(tensors.parameters), ...weights]);
}

/** Tensors that begin as constants, as these constants; others as zeros. By their names. */
export const unchanged = (specs: readonly ParameterSpec[]): ReadonlyMap<string, Tensor> =>
  new Map(
    specs.map(({ name, shape, initial }) => [
      name,
      fill(shape, initial.distribution === 'constant' ? initial.value : 0),
    ]),
  );

/** √(2 / fan-in), which keeps the variance of features through ReLUs (He et al. 2015, eq. 10). */
export const keepingVariance = ({ shape: [, ...perOutput] }: ParameterSpec): number =>
  Math.sqrt(2 / elementCount(perOutput));
