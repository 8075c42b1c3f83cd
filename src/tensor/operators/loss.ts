/** @file Softmax and the cross-entropy loss. */
import { defineOperator, type Tensor } from '../tensor.js';
import { add, exp, mul, neg, sub } from './arithmetic.js';
import { reduceMean, reduceSum } from './reduction.js';
import { oneHot } from './shaping.js';
import { scalar } from './source.js';

const logSoftmaxOperator = defineOperator<Record<string, never>>({
  name: 'logSoftmax',
  infer: ([x]) => ({ shape: x?.shape ?? [], dtype: 'float32' }),
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
  infer: ([x]) => ({ shape: x?.shape ?? [], dtype: 'float32' }),
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
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor, { labelSmoothing = 0 } = {}): Tensor {
  const [, classes = 1] = logits.shape;
  const target = add(mul(oneHot(labels, classes), scalar(1 - labelSmoothing)), scalar(labelSmoothing / classes));
  return neg(reduceMean(reduceSum(mul(target, logSoftmax(logits)), [1])));
}
