/**
 * @file Two-dimensional convolution and its two adjoints. ⟨dy, conv(x, w)⟩ is linear in each of x, w and dy, so that the
 * three operators are one another's derivatives, to any order.
 */

import { blockedConvolution, blockedInputGradient } from '../convolution/blocked.js';
import { blockedWeightGradient } from '../convolution/blocked-weight-gradient.js';
import { type Adjoint, type Geometry, type ImagePadding, imagePadding } from '../convolution/geometry.js';
import { lowerConvolution, lowerInputGradient, lowerWeightGradient } from '../convolution/standard.js';
import { checkWhole, type PairLike, pair, type Shape, sameShape, showShape, windowCount } from '../shape.js';
import { defineOperator, type Operator, type Tensor } from '../tensor.js';
import { mul } from './arithmetic.js';
import { channelFactor, channelSum } from './channel.js';
import { reshape } from './shaping.js';

/** Settings of a convolution; all numbers are per axis or for both. */
export interface ConvolutionOptions {
  /** Default 1. */
  readonly stride?: PairLike;
  /** Zeros around the image: for all sides, [vertical, horizontal], or [top, left, bottom, right]. Default 0. */
  readonly padding?: PairLike | ImagePadding;
  /** Default 1. */
  readonly dilation?: PairLike;
  /** Default 1; input and output channels must be multiples of it. */
  readonly groups?: number;
}

const shapeOf = (x: Tensor | undefined): Shape => x?.shape ?? [];

const convOperator: Operator<Geometry> = defineOperator({
  name: 'conv2d',
  infer: ([x, weight, bias], geometry) => {
    const shape = outputShape(shapeOf(x), shapeOf(weight), geometry);
    if (bias !== undefined && !sameShape(bias.shape, shape.slice(1, 2))) {
      throw new RangeError(`a bias ${showShape(bias.shape)} does not fit the ${shape[1]} output channels`);
    }
    return { shape, dtype: 'float32' };
  },
  derivative: (gradient, { inputs: [x, weight], attributes }) => {
    if (x === undefined || weight === undefined) return [];
    const scaled = channelFactor(gradient);
    const dy = scaled?.rest ?? gradient;
    // One number a channel of dy scales the few weights instead.
    const scale = (tensor: Tensor): Tensor =>
      scaled === null ? tensor : mul(tensor, reshape(scaled.factor, [weight.shape[0] ?? 1, 1, 1, 1]));
    return [
      inputGradient([dy, scale(weight)], { ...attributes, shape: x.shape }),
      scale(weightGradient([x, dy], { ...attributes, shape: weight.shape })),
      channelSum(gradient),
    ];
  },
  lower: lowerConvolution,
  lowerBlocked: blockedConvolution,
});

const inputGradient: Operator<Adjoint> = defineOperator({
  name: 'conv2dInputGradient',
  infer: (_, { shape }) => ({ shape, dtype: 'float32' }),
  derivative: (gradient, { inputs: [dy, weight], attributes: { shape: _, ...geometry } }) => {
    if (dy === undefined || weight === undefined) return [];
    return [
      convOperator([gradient, weight], geometry),
      weightGradient([gradient, dy], { ...geometry, shape: weight.shape }),
    ];
  },
  lower: lowerInputGradient,
  lowerBlocked: blockedInputGradient,
});

const weightGradient: Operator<Adjoint> = defineOperator({
  name: 'conv2dWeightGradient',
  infer: (_, { shape }) => ({ shape, dtype: 'float32' }),
  derivative: (gradient, { inputs: [x, dy], attributes: { shape: _, ...geometry } }) => {
    if (x === undefined || dy === undefined) return [];
    return [inputGradient([dy, gradient], { ...geometry, shape: x.shape }), convOperator([x, gradient], geometry)];
  },
  lower: lowerWeightGradient,
  lowerBlocked: blockedWeightGradient,
});

function outputShape(x: Shape, weight: Shape, { stride, padding, dilation, groups }: Geometry): Shape {
  const [batch = 0, channels = 0, height = 0, width = 0] = x;
  const [outputs = 0, perGroup = 0, kernelHeight = 0, kernelWidth = 0] = weight;
  if (x.length !== 4 || weight.length !== 4) {
    throw new RangeError(
      `conv2d takes images [N, C, H, W] and weights [O, C/groups, h, w], not ${showShape(x)} and ${showShape(weight)}`,
    );
  }
  checkWhole('the stride', stride, 1);
  checkWhole('the dilation', dilation, 1);
  checkWhole('the padding', padding, 0);
  checkWhole('the number of groups', [groups], 1);
  if (channels !== perGroup * groups || outputs % groups !== 0) {
    throw new RangeError(`weights ${showShape(weight)} in ${groups} groups do not fit images ${showShape(x)}`);
  }
  const rows = windowCount(height, kernelHeight, stride[0], padding[0] + padding[2], dilation[0]);
  const columns = windowCount(width, kernelWidth, stride[1], padding[1] + padding[3], dilation[1]);
  if (rows < 1 || columns < 1)
    throw new RangeError(`a kernel of ${showShape(weight)} does not fit into images ${showShape(x)}`);
  return [batch, outputs, rows, columns];
}

/** Cross-correlation of images [N, C, H, W] with weights [O, C/groups, h, w], plus a bias [O] where there is one: [N, O, H', W']. */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  options: ConvolutionOptions & { readonly bias?: Tensor } = {},
): Tensor {
  return convOperator(options.bias === undefined ? [x, weight] : [x, weight, options.bias], {
    stride: pair(options.stride ?? 1),
    padding: imagePadding(options.padding ?? 0),
    dilation: pair(options.dilation ?? 1),
    groups: options.groups ?? 1,
  });
}
