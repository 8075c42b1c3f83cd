/** @file The unit of ShuffleNet V1: grouped 1×1 convolutions with a channel shuffle between them (Zhang et al. 2018). */
import { type Feature, scope } from '../feature.js';
import { activation, add, avgPool2d, channelShuffle, concat } from '../layers/index.js';
import { channelsOf, convNorm } from './conv-norm.js';

/** Sizes of a unit of ShuffleNet. */
export interface ShuffleUnitV1Options {
  /** Scope of the unit's layers. Default `shuffleUnit`. */
  readonly name?: string;
  /** Output channels; they and a quarter of them must be multiples of `groups`. */
  readonly out: number;
  readonly groups: number;
  /** 1 adds the input, 2 appends its average pool. Default 1. */
  readonly stride?: 1 | 2;
  /** Groups of the first convolution: 1 in the first unit of the network, whose input is narrow. Default `groups`. */
  readonly firstGroups?: number;
}

/** Grouped 1×1 to out/4 – norm – ReLU – shuffle – depthwise 3×3 (stride) – norm – grouped 1×1 – norm, joined with the input, then ReLU. */
export function shuffleUnitV1(x: Feature, options: ShuffleUnitV1Options): Feature {
  const { name = 'shuffleUnit', out, groups, stride = 1, firstGroups = groups } = options;
  return scope(x, name, (input) => {
    const middle = out / 4;
    // Pooled before the branch runs, so that the input can be forgotten once the branch has read it.
    const pooled = stride === 1 ? undefined : avgPool2d(input, { kernel: 3, stride: 2, padding: 1 });
    const branchOut = pooled === undefined ? out : out - channelsOf(pooled);
    const reduced = convNorm(input, {
      name: 'reduce',
      out: middle,
      kernel: 1,
      groups: firstGroups,
      activation: 'relu',
    });
    const shuffled = channelShuffle(reduced, groups);
    const filtered = convNorm(shuffled, { name: 'depthwise', out: middle, kernel: 3, stride, groups: middle });
    const restored = convNorm(filtered, { name: 'restore', out: branchOut, kernel: 1, groups });
    const joined = pooled === undefined ? add([restored, input]) : concat([pooled, restored]);
    return activation(joined, 'relu');
  });
}
