/** @file The operators of NAS-Bench-201 (Dong and Yang 2020). */
import { reluConvNorm } from '../../nn/blocks/index.js';
import { avgPool2d, identity, zeros } from '../../nn/layers/index.js';
import { operatorSet } from './operator.js';

/** What an edge may do to a map, in the order of the benchmark. Channels and strides never change within its cells. */
export const nasBench201Operators = operatorSet([
  { name: 'none', build: (x, { channels, stride }) => zeros(x, { out: channels, stride }) },
  { name: 'skip_connect', build: (x) => identity(x) },
  { name: 'nor_conv_1x1', build: (x, { channels, stride }) => reluConvNorm(x, { kernel: 1, out: channels, stride }) },
  { name: 'nor_conv_3x3', build: (x, { channels, stride }) => reluConvNorm(x, { kernel: 3, out: channels, stride }) },
  { name: 'avg_pool_3x3', build: (x, { stride }) => avgPool2d(x, { kernel: 3, stride, padding: 1 }) },
]);
