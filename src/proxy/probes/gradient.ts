/** @file The gradient of the loss by the weights of convolutions and linear layers. */
import { arrayOf, flat, type Probe, parts } from '../probe.js';

/** One array a weighted layer. */
export const gradient: Probe<readonly Float32Array[]> = {
  name: 'gradient',
  tensors: (graph) => ({ gradient: flat(graph.lossGradients(graph.weights)) }),
  read: (arrays, { weighted }) =>
    parts(
      arrayOf(arrays, 'gradient'),
      weighted.map(({ weight }) => weight.shape),
    ),
};
