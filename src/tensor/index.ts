/** @file The tensor room's door. */
export type { ImagePadding } from './convolution/geometry.js';
export { type EmissionOptions, emitModel } from './emit.js';
export { gradients } from './gradient.js';
export { gelu, hardSigmoid, hardSwish, relu, relu6, sigmoid, silu, tanh } from './operators/activation.js';
export * from './operators/arithmetic.js';
export { batchNorm, batchNormInference, runningAverage, unbiasedFactor } from './operators/batch-norm.js';
export { centredMean, channelAffine, channelMean, channelSize } from './operators/channel.js';
export { cast, equal, greater, less, step, stopGradient, where } from './operators/comparison.js';
export { type ConvolutionOptions, conv2d } from './operators/convolution.js';
export { logSoftmax, softmax, softmaxCrossEntropy } from './operators/loss.js';
export { gram, linear, matmul } from './operators/matrix.js';
export { avgPool2d, globalAvgPool, maxPool2d, type PoolingOptions } from './operators/pooling.js';
export { type LstmState, type LstmWeights, lstmCell } from './operators/recurrent.js';
export { reduceMax, reduceMean, reduceSum } from './operators/reduction.js';
export {
  channelShuffle,
  concat,
  expand,
  gather,
  oneHot,
  pad,
  reshape,
  reverse,
  slice,
  transpose,
} from './operators/shaping.js';
export { constant, fill, input, scalar } from './operators/source.js';
export { type AdamOptions, adam, adamW } from './optimizers/adam.js';
export { clipGlobalNorm } from './optimizers/clipping.js';
export type { Optimizer, OptimizerStep } from './optimizers/optimizer.js';
export { type SgdOptions, sgd } from './optimizers/sgd.js';
export type { Schedule } from './schedule.js';
export * as schedules from './schedule.js';
export type { DType, PairLike, Shape } from './shape.js';
export { elementCount } from './shape.js';
export { Tensor } from './tensor.js';
