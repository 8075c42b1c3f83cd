/** @file All blocks. */
export { classifier, hiddenClassifier } from './classifier.js';
export { type ConvNormOptions, channelsOf, convNorm } from './conv-norm.js';
export { type DepthwiseSeparableOptions, depthwiseSeparable } from './depthwise-separable.js';
export { type FactorizedReductionOptions, factorizedReduction } from './factorized-reduction.js';
export { type FusedInvertedResidualOptions, fusedInvertedResidual } from './fused-inverted-residual.js';
export { type GroupedShuffleOptions, groupedShuffle } from './grouped-shuffle.js';
export { type InvertedResidualOptions, invertedResidual } from './inverted-residual.js';
export { type ReluFirstOptions, reluConvNorm, reluSeparableNorm } from './relu-first.js';
export { type BasicBlockOptions, type BottleneckOptions, basicBlock, bottleneck } from './residual.js';
export { type ShuffleUnitV1Options, shuffleUnitV1 } from './shuffle-v1.js';
export { type ShuffleUnitV2Options, shuffleUnitV2 } from './shuffle-v2.js';
export { type SqueezeExciteOptions, squeezeExcite } from './squeeze-excite.js';
