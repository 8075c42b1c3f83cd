/** @file The unit of ShuffleNet V2: half of the channels pass, half are convolved (Ma et al. 2018). */
import { type Feature, scope } from '../feature.js';
import { channelShuffle, concat, sliceChannels } from '../layers/index.js';
import { channelsOf, convNorm } from './conv-norm.js';

/** Sizes of a unit of ShuffleNet V2. */
export interface ShuffleUnitV2Options {
  /** Scope of the unit's layers. Default `shuffleUnit`. */
  readonly name?: string;
  /** Output channels, an even number; at stride 1 those of the input. */
  readonly out: number;
  /** At 1 half of the channels pass unchanged; at 2 both branches see all of them. Default 1. */
  readonly stride?: 1 | 2;
}

/** 1×1 – norm – ReLU – depthwise 3×3 (stride) – norm – 1×1 – norm – ReLU beside a second branch, concatenated and shuffled. */
export function shuffleUnitV2(x: Feature, { name = 'shuffleUnit', out, stride = 1 }: ShuffleUnitV2Options): Feature {
  return scope(x, name, (input) => {
    const half = out / 2;
    const left = stride === 1 ? sliceChannels(input, 0, half) : downsample(input, half);
    const right = stride === 1 ? sliceChannels(input, half, channelsOf(input)) : input;
    const narrowed = convNorm(right, { name: 'reduce', out: half, kernel: 1, activation: 'relu' });
    const filtered = convNorm(narrowed, { name: 'depthwise', out: half, kernel: 3, stride, groups: half });
    const restored = convNorm(filtered, { name: 'restore', out: half, kernel: 1, activation: 'relu' });
    return channelShuffle(concat([left, restored]), 2);
  });
}

/** Depthwise 3×3 with stride 2 – norm – 1×1 – norm – ReLU: what the passing half becomes where the map shrinks. */
function downsample(x: Feature, out: number): Feature {
  const channels = channelsOf(x);
  const filtered = convNorm(x, { name: 'left.depthwise', out: channels, kernel: 3, stride: 2, groups: channels });
  return convNorm(filtered, { name: 'left.pointwise', out, kernel: 1, activation: 'relu' });
}
