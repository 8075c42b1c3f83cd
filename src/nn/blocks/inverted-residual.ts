/** @file Inverted residual: the block of MobileNetV2 (Sandler et al. 2018) and, with squeeze-and-excite, V3 (Howard et al. 2019). */
import type { PairLike } from '../../tensor/shape.js';
import { type Feature, scope } from '../feature.js';
import { type Activation, add, type BatchNormOptions } from '../layers/index.js';
import { channelsOf, convNorm } from './conv-norm.js';
import { type SqueezeExciteOptions, squeezeExcite } from './squeeze-excite.js';

/** Sizes of an inverted residual. */
export interface InvertedResidualOptions {
  /** Scope of the block's layers. Default `invertedResidual`. */
  readonly name?: string;
  readonly out: number;
  /** Channels of the depthwise convolution. If they are those of the input, there is no expanding convolution. */
  readonly expanded: number;
  /** Of the depthwise convolution. Default 3. */
  readonly kernel?: PairLike;
  /** Of the depthwise convolution. Default 1. */
  readonly stride?: number;
  /** After the first two convolutions. Default `relu6` (V2); V3 has `relu` and `hard-swish`, EfficientNet `silu`. */
  readonly activation?: Activation;
  /** A squeeze-and-excite after the depthwise convolution, by its width or by all its options; none by default. V3: makeDivisible(expanded / 4). */
  readonly squeeze?: number | Omit<SqueezeExciteOptions, 'name'> | undefined;
  readonly norm?: Omit<BatchNormOptions, 'name'> | undefined;
  /** Whether the input is added where its shape is the output's and the stride is 1. Default true. */
  readonly residual?: boolean;
}

/**
 * 1×1 expand – norm – activation – depthwise k×k (stride) – norm – activation – squeeze-and-excite – linear 1×1 – norm,
 * plus the input where its shape is the output's and the stride is 1.
 */
export function invertedResidual(x: Feature, options: InvertedResidualOptions): Feature {
  const {
    name = 'invertedResidual',
    out,
    expanded,
    kernel = 3,
    stride = 1,
    activation = 'relu6',
    squeeze,
    norm,
    residual = true,
  } = options;
  return scope(x, name, (input) => {
    const channels = channelsOf(input);
    const wide =
      expanded === channels ? input : convNorm(input, { name: 'expand', out: expanded, kernel: 1, activation, norm });
    const filtered = convNorm(wide, {
      name: 'depthwise',
      out: expanded,
      kernel,
      stride,
      groups: expanded,
      activation,
      norm,
    });
    const gated = squeeze === undefined ? filtered : squeezeExcite(filtered, asOptions(squeeze));
    const projected = convNorm(gated, { name: 'project', out, kernel: 1, norm });
    return residual && stride === 1 && channels === out ? add([projected, input]) : projected;
  });
}

const asOptions = (squeeze: number | SqueezeExciteOptions): SqueezeExciteOptions =>
  typeof squeeze === 'number' ? { squeeze } : squeeze;
