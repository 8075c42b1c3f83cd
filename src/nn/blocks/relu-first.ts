/** @file Convolutions of cells: the ReLU comes first, so that sums and concatenations pass unrectified. */
import type { PairLike } from '../../tensor/shape.js';
import type { Feature } from '../feature.js';
import { activation, batchNorm, conv2d } from '../layers/index.js';
import { channelsOf } from './conv-norm.js';

/** Sizes of a ReLU, a convolution and a batch norm, in this order. */
export interface ReluFirstOptions {
  readonly out: number;
  readonly kernel: PairLike;
  /** Default 1. */
  readonly stride?: PairLike;
  /** Default 1. */
  readonly dilation?: PairLike;
  /** Whether the norm has a trained scale and shift. Default true. */
  readonly affine?: boolean;
}

/** ReLU – convolution – norm. */
export function reluConvNorm(x: Feature, { affine = true, ...options }: ReluFirstOptions): Feature {
  return batchNorm(conv2d(activation(x, 'relu'), options), { affine });
}

/** ReLU – depthwise convolution – 1×1 – norm, with nothing between the two convolutions (Zoph et al. 2018). */
export function reluSeparableNorm(x: Feature, { out, affine = true, ...options }: ReluFirstOptions): Feature {
  const channels = channelsOf(x);
  const filtered = conv2d(activation(x, 'relu'), { ...options, name: 'depthwise', out: channels, groups: channels });
  return batchNorm(conv2d(filtered, { name: 'pointwise', out, kernel: 1 }), { affine });
}
