/** @file Softmax and the cross-entropy loss. */
import { axisSize, type Shape, showShape } from '../shape.js';
import { defineOperator, type Tensor } from '../tensor.js';
import { add, exp, mul, neg, sub } from './arithmetic.js';
import { reduceMean, reduceSum } from './reduction.js';
import { oneHot } from './shaping.js';
import { scalar } from './source.js';

function withLastAxis(shape: Shape): Shape {
  axisSize(shape, -1);
  return shape;
}

const logSoftmaxOperator = defineOperator<Record<string, never>>({
  name: 'logSoftmax',
  infer: ([x]) => ({ shape: withLastAxis(x?.shape ?? []), dtype: 'float32' }),
  derivative: (gradient, { output }) => [sub(gradient, mul(exp(output), reduceSum(gradient, [-1], true)))],
  lower: (lowering, { inputs }) =>
    lowering.node(
      'LogSoftmax',
      inputs.map((tensor) => lowering.plain(tensor)),
      { axis: -1 },
    ),
});

/** The logarithm of the softmax over the last axis. */
export const logSoftmax = (x: Tensor): Tensor => logSoftmaxOperator([x], {});

const softmaxOperator = defineOperator<Record<string, never>>({
  name: 'softmax',
  infer: ([x]) => ({ shape: withLastAxis(x?.shape ?? []), dtype: 'float32' }),
  derivative: (gradient, { output }) => [mul(output, sub(gradient, reduceSum(mul(gradient, output), [-1], true)))],
  lower: (lowering, { inputs }) =>
    lowering.node(
      'Softmax',
      inputs.map((tensor) => lowering.plain(tensor)),
      { axis: -1 },
    ),
});

/** The softmax over the last axis. */
export const softmax = (x: Tensor): Tensor => softmaxOperator([x], {});

/**
 * The mean cross-entropy between logits [N, classes] and int32 labels [N], a scalar.
 *
 * @param labelSmoothing the weight of the uniform distribution in the target (Szegedy et al. 2016, §7); default 0.
 * @throws {RangeError} where the shapes are others
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor, { labelSmoothing = 0 } = {}): Tensor {
  const [images, classes = 1] = logits.shape;
  if (
    logits.shape.length !== 2 ||
    labels.shape.length !== 1 ||
    labels.shape[0] !== images ||
    labels.dtype !== 'int32'
  ) {
    throw new RangeError(
      `softmaxCrossEntropy takes logits [N, classes] and int32 labels [N], not ${showShape(logits.shape)} and ${labels.dtype} ${showShape(labels.shape)}`,
    );
  }
  const target = add(mul(oneHot(labels, classes), scalar(1 - labelSmoothing)), scalar(labelSmoothing / classes));
  return neg(reduceMean(reduceSum(mul(target, logSoftmax(logits)), [1])));
}
