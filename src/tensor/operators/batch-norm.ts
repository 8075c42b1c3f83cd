/** @file Batch normalisation (Ioffe and Szegedy 2015), and its running statistics. */
import { blockedAffine } from '../blocked-channel.js';
import { defineOperator, type Tensor } from '../tensor.js';
import { add, div, mul, neg, sqrt, square, sub } from './arithmetic.js';
import {
  centredMean,
  channelAffine,
  channelMean,
  channelSize,
  channelsOf,
  checkPerChannel,
  lowerAffine,
  operand,
} from './channel.js';
import { fill, scalar } from './source.js';

const batchNormOperator = defineOperator<Record<string, never>>({
  name: 'batchNorm',
  infer: (inputs) => ({ shape: operand(inputs, 0).shape, dtype: 'float32' }),
  // Ioffe and Szegedy 2015, §3, with the shares of mean and variance taken in: with M elements a channel,
  // dx = γ·r·(dy − Σdy/M − (x − μ)·r²·Σ(dy·(x − μ))/M). The factor γ·r stands apart: a convolution before takes it into
  // its weight, so that dy plus one number times x plus one more is the only pass.
  derivative: (gradient, { inputs }) => {
    const [x, gamma, , mean, deviation] = [0, 1, 2, 3, 4].map((position) => operand(inputs, position));
    if (x === undefined || gamma === undefined || mean === undefined || deviation === undefined) return [];
    const average = channelMean(gradient);
    const slope = neg(div(centredMean(gradient, x, mean), square(deviation)));
    const offset = neg(add(average, mul(slope, mean)));
    const centred = add(gradient, channelAffine(x, slope, offset));
    const dx = channelAffine(centred, div(gamma, deviation), fill(gamma.shape, 0));
    const count = channelSize(x);
    return [dx, mul(mul(slope, deviation), scalar(-count)), mul(average, scalar(count)), null, null, null, null];
  },
  lower: (lowering, { inputs }) => {
    const [x = '', , , , , scale = '', shift = ''] = inputs.map((tensor) => lowering.plain(tensor));
    return lowerAffine(lowering, x, scale, shift, channelsOf(operand(inputs, 0)));
  },
  lowerBlocked: (lowering, { inputs: [x, , , , , scale, shift], ...rest }) =>
    x === undefined || scale === undefined || shift === undefined
      ? null
      : blockedAffine(lowering, { ...rest, inputs: [x, scale, shift] }),
});

/** c − b·mean. */
const subtractMean = (c: Tensor, b: Tensor, mean: Tensor): Tensor => sub(c, mul(b, mean));

/** How statistics are guarded and kept. */
export interface NormalizationOptions {
  /** Added to the variance. Default 1e-5, as in PyTorch. */
  readonly epsilon?: number;
}

/** Batch norm in training mode, and the batch's own statistics, of shape [C]; the variance is the biased one. */
export interface BatchNormalization {
  readonly y: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * Batch norm in training mode (Ioffe and Szegedy 2015): (x − mean) / √(variance + ε) · scale + shift over [N, C, ...],
 * with scale and shift [C] and the statistics of this batch.
 */
export function batchNorm(
  x: Tensor,
  scale: Tensor,
  shift: Tensor,
  { epsilon = 1e-5 }: NormalizationOptions = {},
): BatchNormalization {
  checkPerChannel('batchNorm', x, [scale, shift]);
  const mean = channelMean(x);
  const variance = centredMean(x, x, mean);
  const deviation = sqrt(add(variance, scalar(epsilon)));
  const a = div(scale, deviation);
  // The operator's gradient covers the statistics; its own affine map is passed in, so that passes share its parts.
  const y = batchNormOperator([x, scale, shift, mean, deviation, a, subtractMean(shift, a, mean)], {});
  return { y, mean, variance };
}

/** Batch norm in inference mode, with statistics from elsewhere. */
export function batchNormInference(
  x: Tensor,
  scale: Tensor,
  shift: Tensor,
  mean: Tensor,
  variance: Tensor,
  { epsilon = 1e-5 }: NormalizationOptions = {},
): Tensor {
  checkPerChannel('batchNormInference', x, [scale, shift, mean, variance]);
  const a = div(scale, sqrt(add(variance, scalar(epsilon))));
  return channelAffine(x, a, subtractMean(shift, a, mean));
}

/** By what the biased variance of M elements becomes the unbiased one, M / (M − 1); 1 for a single element. */
export const unbiasedFactor = (count: number): number => count / Math.max(count - 1, 1);

/** Running statistics after one more batch: (1 − momentum) · running + momentum · batch, as in PyTorch. */
export const runningAverage = (running: Tensor, batch: Tensor, momentum: Tensor): Tensor =>
  add(mul(running, sub(scalar(1), momentum)), mul(batch, momentum));
