/** @file How alike the derivatives by the images are among the images of a batch. */
import type { SquareMatrix } from '../../linear-algebra/symmetric.js';
import { expand, gradients, gram, reduceMean, reshape, sub } from '../../tensor/index.js';
import { arrayOf, type Probe } from '../probe.js';

/**
 * The inner products [N, N] of the derivatives of the sum of all logits by each image, each less its own mean: covariances up
 * to a factor.
 */
export const inputGram: Probe<SquareMatrix> = {
  name: 'inputGram',
  tensors({ images, forward, batchSize }) {
    const [derivative = images] = gradients(forward.logits, [images]);
    const rows = reshape(derivative, [batchSize, images.shape.slice(1).reduce((product, size) => product * size, 1)]);
    return { products: gram(sub(rows, expand(reduceMean(rows, [1], true), rows.shape))) };
  },
  read: (arrays, { batchSize }) => ({ size: batchSize, data: Float64Array.from(arrayOf(arrays, 'products')) }),
};
