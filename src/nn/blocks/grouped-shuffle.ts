/** @file Grouped 1×1 convolutions with a channel shuffle around a depthwise one, of any width: ShuffleNet's unit as FBNet has it (Wu et al. 2019). */
import { type Feature, scope } from '../feature.js';
import { type Activation, add, type BatchNormOptions, channelShuffle } from '../layers/index.js';
import { channelsOf, convNorm } from './conv-norm.js';

/** Sizes of a block of grouped convolutions with a shuffle. */
export interface GroupedShuffleOptions {
  /** Scope of the block's layers. Default `groupedShuffle`. */
  readonly name?: string;
  readonly out: number;
  /** Of both 1×1 convolutions; the channels of the input and `out` must be multiples of it. */
  readonly groups: number;
  /** Of the depthwise convolution. Default 3. */
  readonly kernel?: number;
  /** Of the depthwise convolution. Default 1. */
  readonly stride?: number;
  /** After the first two convolutions. Default `relu6`. */
  readonly activation?: Activation;
  readonly norm?: Omit<BatchNormOptions, 'name'> | undefined;
}

/**
 * Grouped 1×1 to `out` – norm – activation – shuffle – depthwise k×k (stride) – norm – activation – linear grouped 1×1 –
 * norm, plus the input where its shape is the output's and the stride is 1.
 */
export function groupedShuffle(x: Feature, options: GroupedShuffleOptions): Feature {
  const { name = 'groupedShuffle', out, groups, kernel = 3, stride = 1, activation = 'relu6', norm } = options;
  return scope(x, name, (input) => {
    const mixed = convNorm(input, { name: 'mix', out, kernel: 1, groups, activation, norm });
    const shuffled = channelShuffle(mixed, groups);
    const filtered = convNorm(shuffled, {
      name: 'depthwise',
      out,
      kernel,
      stride,
      groups: out,
      activation,
      norm,
    });
    const projected = convNorm(filtered, { name: 'project', out, kernel: 1, groups, norm });
    return stride === 1 && channelsOf(input) === out ? add([projected, input]) : projected;
  });
}
