/** @file How the channels of each block's output vary together. */
import type { SquareMatrix } from '../../linear-algebra/symmetric.js';
import { channelAffine, channelMean, fill, gram, neg, type Tensor, transpose } from '../../tensor/index.js';
import { blockOutputs } from '../blocks.js';
import { arrayOf, type Probe } from '../probe.js';
import { blockFeatures } from './block-features.js';

/** Of each block, the covariances [C, C] of its channels over all pixels of all images, times the number of pixels. */
export const blockCovariances: Probe<readonly SquareMatrix[]> = {
  name: 'blockCovariances',
  tensors: (graph) =>
    Object.fromEntries(blockFeatures(graph).map((map, block) => [`products${block}`, channelProducts(map)])),
  read: (arrays, graph) =>
    blockOutputs(graph).map(({ shape: [size = 1] }, block) => ({
      size,
      data: Float64Array.from(arrayOf(arrays, `products${block}`)),
    })),
};

function channelProducts(map: Tensor): Tensor {
  const mean = channelMean(map);
  const centred = channelAffine(map, fill(mean.shape, 1), neg(mean));
  return gram(transpose(centred, [1, 0, 2, 3]));
}
