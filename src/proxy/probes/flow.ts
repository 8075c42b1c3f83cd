/** @file The synaptic flow: how much passes through a network of absolute weights, linear in all its layers. */
import type { Feature, Layer } from '../../nn/feature.js';
import { lowerNetwork } from '../../nn/lower.js';
import { abs, fill, gradients, mul, reduceSum, reshape, scalar, type Tensor } from '../../tensor/index.js';
import type { ProxyGraph } from '../graph.js';
import { arrayOf, flat, type Probe } from '../probe.js';

/**
 * Σ |θ · ∂R/∂θ| of each weighted layer, with R the sum of the outputs for an image of ones (Tanaka et al. 2020, eq. 2 and section 5),
 * as natural logarithms. Norms, activations and gates let everything through. A layer is linear in its weights, so that
 * the sum is its output times the derivative of R by its output (Euler's theorem).
 *
 * R grows by a factor a layer and would leave the range of float32: weights are scaled by powers of two, which are exact, and what is
 * added up is brought to one scale; the powers come back in the logarithm.
 */
export const flow: Probe<readonly number[]> = {
  name: 'flow',
  tensors(graph) {
    const growths = growthsOf(graph);
    const exponents = exponentsOf(graph);
    const { channels, height, width } = graph.network.input;
    const weights = new Map(
      graph.weighted.map(({ layer, weight }) => [
        weight.name,
        mul(abs(graph.parameter(weight)), scalar(2 ** -(growths.get(layer) ?? 0))),
      ]),
    );
    const { logits, features } = lowerNetwork(graph.network, {
      mode: 'flow',
      images: fill([1, channels, height, width], 1),
      parameters: weights,
      statistics: new Map(),
      adapt: (layer, input, tensor) => scaled(tensor, 2 ** (exponentOf(exponents, input) - largest(exponents, layer))),
    });
    const outputs = weightedOutputs(graph, features);
    const sums = gradients(logits, outputs).map((derivative, position) =>
      reshape(reduceSum(mul(outputs[position] ?? derivative, derivative)), [1]),
    );
    return { sums: flat(sums) };
  },
  read(arrays, graph) {
    const exponent = exponentOf(exponentsOf(graph), graph.network.output);
    return Array.from(arrayOf(arrays, 'sums'), (sum) => Math.log(sum) + exponent * Math.LN2);
  },
};

/** Weighted layers of an auxiliary classifier have no flow to the output. */
const weightedOutputs = ({ weighted }: ProxyGraph, features: ReadonlyMap<Feature, Tensor>): Tensor[] =>
  weighted.flatMap(({ layer }) => features.get(layer) ?? []);

const scaled = (tensor: Tensor, factor: number): Tensor => (factor === 1 ? tensor : mul(tensor, scalar(factor)));

/** By which power of two a layer's output is larger than its input on average, to the nearest. */
function growthsOf({ weighted, weightArrays }: ProxyGraph): ReadonlyMap<Feature, number> {
  return new Map(
    weighted.map(({ layer, weight }, position) => {
      const [outputs = 1] = weight.shape;
      const sum = weightArrays[position]?.reduce((total, value) => total + Math.abs(value), 0) ?? 0;
      return [layer, sum > 0 ? Math.round(Math.log2(sum / outputs)) : 0];
    }),
  );
}

/** By which power of two each feature is smaller in the graph than it should be. */
function exponentsOf(graph: ProxyGraph): ReadonlyMap<Feature, number> {
  const { network } = graph;
  const growths = growthsOf(graph);
  const exponents = new Map<Feature, number>([[network.image, 0]]);
  for (const layer of network.layers) {
    exponents.set(layer, largest(exponents, layer) + (growths.get(layer) ?? 0));
  }
  return exponents;
}

const exponentOf = (exponents: ReadonlyMap<Feature, number>, feature: Feature): number => exponents.get(feature) ?? 0;

const largest = (exponents: ReadonlyMap<Feature, number>, { inputs }: Layer): number =>
  Math.max(...inputs.map((input) => exponentOf(exponents, input)));
