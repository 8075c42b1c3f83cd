/** @file The primitives of hierarchical representations (Liu et al. 2018, section 2.2): they keep the shape of a map. */
import { channelsOf, convNorm } from '../../nn/blocks/index.js';
import type { Feature } from '../../nn/feature.js';
import { avgPool2d, conv2d, identity, maxPool2d } from '../../nn/layers/index.js';
import { operatorSet } from './operator.js';

/** Depthwise 3×3 – 1×1 – norm – ReLU, with nothing between the two convolutions. */
function separable(x: Feature, { channels, stride }: { readonly channels: number; readonly stride: number }): Feature {
  const groups = channelsOf(x);
  const filtered = conv2d(x, { name: 'depthwise', out: groups, kernel: 3, stride, groups });
  return convNorm(filtered, { name: 'pointwise', out: channels, kernel: 1, activation: 'relu' });
}

/** All convolutions are followed by batch norm and ReLU. */
export const hierarchicalOperators = operatorSet([
  { name: 'conv_1x1', build: (x, { channels }) => convNorm(x, { out: channels, kernel: 1, activation: 'relu' }) },
  {
    name: 'dw_conv_3x3',
    build: (x, { channels }) => convNorm(x, { out: channels, kernel: 3, groups: channels, activation: 'relu' }),
  },
  { name: 'sep_conv_3x3', build: separable },
  { name: 'max_pool_3x3', build: (x) => maxPool2d(x, { kernel: 3, stride: 1, padding: 1 }) },
  { name: 'avg_pool_3x3', build: (x) => avgPool2d(x, { kernel: 3, stride: 1, padding: 1 }) },
  { name: 'identity', build: (x) => identity(x) },
]);
