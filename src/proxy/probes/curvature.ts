/** @file The Hessian of the loss times its own gradient, by the weights of convolutions and linear layers. */
import { gradients } from '../../tensor/index.js';
import { arrayOf, flat, type Probe, parts } from '../probe.js';

/** H·g, one array a weighted layer: the derivative of gᵀg with one of the two held fixed (Pearlmutter 1994). */
export const curvature: Probe<readonly Float32Array[]> = {
  name: 'curvature',
  tensors(graph) {
    const gradient = flat(graph.lossGradients(graph.weights));
    // A seed is not differentiated.
    return { product: flat(gradients(gradient, graph.weights, gradient)) };
  },
  read: (arrays, { weighted }) =>
    parts(
      arrayOf(arrays, 'product'),
      weighted.map(({ weight }) => weight.shape),
    ),
};
