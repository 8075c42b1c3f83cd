/** @file The operators of tree cells (Cai et al. 2018, section 4.1). Norm and ReLU come before a convolution, as in PyramidNets. */
import { channelsOf } from '../../nn/blocks/index.js';
import type { Feature } from '../../nn/feature.js';
import { activation, avgPool2d, batchNorm, conv2d, identity, maxPool2d } from '../../nn/layers/index.js';
import { type CellOperator, operatorSet } from './operator.js';

/** Norm – ReLU. */
export const normRelu = (x: Feature): Feature => activation(batchNorm(x), 'relu');

/** Norm – ReLU – depthwise k×k – 1×1. */
const separable = <N extends string>(name: N, kernel: number): CellOperator<N> => ({
  name,
  build(x, { channels, stride }) {
    const groups = channelsOf(x);
    const filtered = conv2d(normRelu(x), { name: 'depthwise', out: groups, kernel, stride, groups });
    return conv2d(filtered, { name: 'pointwise', out: channels, kernel: 1 });
  },
});

/** What may replace an edge that is the identity. */
export const treeOperators = operatorSet([
  { name: 'conv_1x1', build: (x, { channels }) => conv2d(normRelu(x), { out: channels, kernel: 1 }) },
  separable('dsep_conv_3x3', 3),
  separable('dsep_conv_5x5', 5),
  separable('dsep_conv_7x7', 7),
  { name: 'avg_pool_3x3', build: (x) => avgPool2d(x, { kernel: 3, stride: 1, padding: 1 }) },
  { name: 'max_pool_3x3', build: (x) => maxPool2d(x, { kernel: 3, stride: 1, padding: 1 }) },
  { name: 'identity', build: (x) => identity(x) },
]);
