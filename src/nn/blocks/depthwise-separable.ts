/** @file Depthwise separable convolution (Howard et al. 2017, MobileNetV1). */
import type { PairLike } from '../../tensor/shape.js';
import { type Feature, scope } from '../feature.js';
import type { Activation } from '../layers/index.js';
import { channelsOf, convNorm } from './conv-norm.js';

/** Sizes of a depthwise separable convolution. */
export interface DepthwiseSeparableOptions {
  /** Scope of the block's layers. Default `depthwiseSeparable`. */
  readonly name?: string;
  readonly out: number;
  /** Default 3. */
  readonly kernel?: PairLike;
  /** Default 1. */
  readonly stride?: PairLike;
  /** Default `relu`. */
  readonly activation?: Activation;
}

/** Depthwise k×k – norm – activation – 1×1 – norm – activation: 1/out + 1/k² of a dense convolution's MACs. */
export function depthwiseSeparable(x: Feature, options: DepthwiseSeparableOptions): Feature {
  const { name = 'depthwiseSeparable', out, kernel = 3, stride = 1, activation = 'relu' } = options;
  return scope(x, name, (input) => {
    const channels = channelsOf(input);
    const filtered = convNorm(input, {
      name: 'depthwise',
      out: channels,
      kernel,
      stride,
      groups: channels,
      activation,
    });
    return convNorm(filtered, { name: 'pointwise', out, kernel: 1, activation });
  });
}
