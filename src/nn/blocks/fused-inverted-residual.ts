/** @file Fused inverted residual: a dense convolution in place of expanding and depthwise ones (Gupta and Tan 2019, EfficientNet-EdgeTPU). */
import { type Feature, scope } from '../feature.js';
import { type Activation, add, type BatchNormOptions } from '../layers/index.js';
import { channelsOf, convNorm } from './conv-norm.js';

/** Sizes of a fused inverted residual. */
export interface FusedInvertedResidualOptions {
  /** Scope of the block's layers. Default `fusedInvertedResidual`. */
  readonly name?: string;
  readonly out: number;
  /** Channels between the two convolutions. */
  readonly expanded: number;
  /** Of the dense convolution. Default 3. */
  readonly kernel?: number;
  /** Of the dense convolution. Default 1. */
  readonly stride?: number;
  /** After the dense convolution. Default `relu6`. */
  readonly activation?: Activation;
  readonly norm?: Omit<BatchNormOptions, 'name'> | undefined;
}

/** k×k expand (stride) – norm – activation – linear 1×1 – norm, plus the input where its shape is the output's and the stride is 1. */
export function fusedInvertedResidual(x: Feature, options: FusedInvertedResidualOptions): Feature {
  const { name = 'fusedInvertedResidual', out, expanded, kernel = 3, stride = 1, activation = 'relu6', norm } = options;
  return scope(x, name, (input) => {
    const wide = convNorm(input, { name: 'expand', out: expanded, kernel, stride, activation, norm });
    const projected = convNorm(wide, { name: 'project', out, kernel: 1, norm });
    return stride === 1 && channelsOf(input) === out ? add([projected, input]) : projected;
  });
}
