/** @file All layer functions. */
export { type Activation, activation, activations } from './activation.js';
export { add, average, multiply } from './arithmetic.js';
export { withAuxiliary } from './auxiliary.js';
export { type BatchNormOptions, batchNorm } from './batch-norm.js';
export { channelShuffle, concat, flatten, padChannels, sliceChannels } from './channels.js';
export { type Conv2dOptions, conv2d } from './conv2d.js';
export { dropout } from './dropout.js';
export { type LinearOptions, linear } from './linear.js';
export { type MixtureOptions, mixture } from './mixture.js';
export { type Pad2dOptions, pad2d } from './pad.js';
export { avgPool2d, globalAvgPool, maxPool2d, type Pool2dOptions } from './pooling.js';
export { identity, type ZerosOptions, zeros } from './skip.js';
