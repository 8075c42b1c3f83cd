/** @file MobileNetV2 (Sandler et al. 2018) as torchvision has it. */
import { channelsOf, invertedResidual } from '../blocks/index.js';
import type { Network } from '../network.js';
import { makeDivisible } from '../rounding.js';
import { mobileNetwork } from './mobile-frame.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';

/** Expansion, channels, blocks, stride of the first block (table 2). */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

export interface MobileNetV2Settings extends PresetTarget {
  /** Multiplies all channels, which are then rounded by {@link makeDivisible}. Default 1. */
  readonly widthMultiplier?: number;
  /** Channels of the last convolution. Default 1280, times the multiplier where that is above 1. */
  readonly last?: number;
}

/** MobileNetV2 of any width, for images of any size. */
export function buildMobileNetV2({
  input,
  classes,
  widthMultiplier = 1,
  last = makeDivisible(1280 * Math.max(1, widthMultiplier)),
}: MobileNetV2Settings): Network {
  const scaled = (channels: number) => makeDivisible(channels * widthMultiplier);
  const frame = { input, classes, stem: { out: scaled(32) }, last, activation: 'relu6' } as const;
  return mobileNetwork(frame, (stem) => {
    let x = stem;
    let block = 0;
    for (const [expansion, channels, blocks, firstStride] of STAGES) {
      for (let index = 0; index < blocks; index++) {
        block++;
        x = invertedResidual(x, {
          name: `block${block}`,
          out: scaled(channels),
          expanded: expansion * channelsOf(x),
          stride: index === 0 ? firstStride : 1,
        });
      }
    }
    return x;
  });
}

export const mobilenetV2: Preset = {
  ...imagenet,
  title: 'MobileNetV2',
  paper: 'Sandler, Howard, Zhu, Zhmoginov and Chen 2018: MobileNetV2: Inverted Residuals and Linear Bottlenecks',
  build: buildMobileNetV2,
};
