/** @file Convolution, batch norm and, mostly, an activation: what all other blocks are made of. */
import type { Feature } from '../feature.js';
import {
  type Activation,
  activation,
  type BatchNormOptions,
  batchNorm,
  type Conv2dOptions,
  conv2d,
} from '../layers/index.js';

/** Sizes of a convolution with its batch norm and activation. */
export interface ConvNormOptions extends Omit<Conv2dOptions, 'bias'> {
  /** Default `conv2d`; norm and activation get `.norm` and the function's name behind it. */
  readonly name?: string;
  /** Default none: a linear convolution. */
  readonly activation?: Activation | undefined;
  readonly norm?: Omit<BatchNormOptions, 'name'> | undefined;
}

/** Convolution without bias – batch norm – activation. */
export function convNorm(x: Feature, options: ConvNormOptions): Feature {
  const { name = 'conv2d', activation: f, norm } = options;
  const normed = batchNorm(conv2d(x, options), { ...norm, name: `${name}.norm` });
  return f === undefined ? normed : activation(normed, f, { name: `${name}.${f}` });
}

/** Channels of a feature. */
export const channelsOf = (x: Feature): number => x.shape[0] ?? 0;
