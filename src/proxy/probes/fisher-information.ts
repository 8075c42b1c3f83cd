/** @file The Fisher information of the first weight of each parameter tensor. */
import type { SquareMatrix } from '../../linear-algebra/symmetric.js';
import { lowerNetwork } from '../../nn/lower.js';
import { trainedTensors } from '../../nn/network.js';
import {
  add,
  concat,
  constant,
  elementCount,
  expand,
  globalAvgPool,
  gradients,
  input,
  mul,
  reduceSum,
  reshape,
  scalar,
  slice,
  softmax,
  sqrt,
  stopGradient,
  sub,
  type Tensor,
} from '../../tensor/index.js';
import type { ProxyGraph } from '../graph.js';
import { keepingVariance, normalParameters, unchanged } from '../normal-parameters.js';
import { arrayOf, type Probe } from '../probe.js';

/** Of how many tensors (released code). */
const MOST_TENSORS = 128;
/** The share of the uniform distribution in that over classes (released code). */
const SMOOTHING = 0.05;
/** Passes backwards: up to here one for each class, and otherwise as many for random sums of classes. */
const MOST_PASSES = 16;

/**
 * The mean over images of Jᵀ(diag p − ppᵀ)J, with J the Jacobian of the logits by those weights (Tybl and Neumann 2025, eq. 4): of a
 * network of Kaiming weights for standard normal images, batch norms in inference mode with the statistics that they begin with.
 *
 * diag p − ppᵀ is BBᵀ for B = (1 − p1ᵀ) diag √p, so that the rows of BᵀJ are passes backwards from the logits. Where there are
 * many classes, rows of RᵀBᵀJ are passed back instead, for R of 16 columns of ±¼: their products have the same expectation.
 */
export const fisherInformation: Probe<SquareMatrix> = {
  name: 'fisherInformation',
  tensors(graph) {
    const initial = normalParameters(graph, keepingVariance);
    // An operator of its own keeps constants from being left out of products, so that they can be differentiated by.
    const parameters = new Map(Array.from(initial, ([name, tensor]) => [name, stopGradient(tensor)]));
    const { logits, features } = lowerNetwork(graph.network, {
      mode: 'inference',
      images: graph.draw('normal images', graph.images.shape, 'normal'),
      parameters,
      statistics: unchanged(graph.tensors.statistics),
    });
    const perturbed = graph.layers.flatMap((layer) => {
      const output = features.get(layer);
      if (output === undefined) return [];
      return trainedTensors([layer]).parameters.flatMap(({ name }) => {
        const parameter = parameters.get(name);
        return parameter === undefined ? [] : { output, change: changeByFirst(output, parameter) };
      });
    });
    const first = perturbed.slice(0, MOST_TENSORS);
    const outputs = first.map(({ output }) => output);
    const rows = passes(graph, logits).map((seed) => {
      const derivatives = gradients(logits, outputs, seed);
      const columns = first.map(({ output, change }, position) => {
        return sumPerImage(mul(derivatives[position] ?? output, change));
      });
      return concat(columns, 1);
    });
    return { rows: concat(rows, 0) };
  },
  read(arrays, { batchSize, tensors }) {
    const rows = arrayOf(arrays, 'rows');
    const size = Math.min(tensors.parameters.length, MOST_TENSORS);
    const data = new Float64Array(size * size);
    for (let start = 0; start < rows.length; start += size) {
      for (let a = 0; a < size; a++) {
        const scaled = (rows[start + a] ?? 0) / batchSize;
        for (let b = 0; b <= a; b++) data[a * size + b] = (data[a * size + b] ?? 0) + scaled * (rows[start + b] ?? 0);
      }
    }
    return { size, data };
  },
};

/** How a layer's output changes with the first element of a parameter: of the output's shape, whatever the layer is. */
function changeByFirst(output: Tensor, parameter: Tensor): Tensor {
  // What is linear in a seed has a derivative in which the seed does not occur, so that nobody feeds it.
  const seed = input('seed of a layer', output.shape);
  const [gradient = parameter] = gradients(output, [parameter], seed);
  const vector = reshape(gradient, [elementCount(gradient.shape)]);
  const [change = output] = gradients(slice(vector, { starts: [0], ends: [1], axes: [0] }), [seed]);
  return change;
}

/** The columns [N, classes] of B, or of BR, one for each pass. */
function passes(graph: ProxyGraph, logits: Tensor): Tensor[] {
  const { classes, batchSize } = graph;
  const smooth = add(mul(softmax(logits), scalar(1 - SMOOTHING)), scalar(SMOOTHING / classes));
  const combinations = Array.from({ length: Math.min(classes, MOST_PASSES) }, (_, pass) => {
    if (classes <= MOST_PASSES) return expand(constant(unitVector(classes, pass), [1, classes]), smooth.shape);
    const signs = graph.draw(`signs of classes ${pass}`, [batchSize, classes], 'sign');
    return mul(signs, scalar(MOST_PASSES ** -0.5));
  });
  return combinations.map((combination) => {
    const weighted = mul(sqrt(smooth), combination);
    return sub(weighted, mul(smooth, expand(reduceSum(weighted, [1], true), smooth.shape)));
  });
}

const unitVector = (size: number, at: number): number[] =>
  Array.from({ length: size }, (_, index) => (index === at ? 1 : 0));

/** [N, 1] of [N, C, H, W] or [N, C]. */
function sumPerImage(x: Tensor): Tensor {
  const [, , height = 1, width = 1] = x.shape;
  const channels = x.shape.length === 4 ? globalAvgPool(x) : x;
  return mul(reduceSum(channels, [1], true), scalar(height * width));
}
