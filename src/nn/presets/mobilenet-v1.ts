/** @file MobileNetV1 (Howard et al. 2017). */
import { classifier, convNorm, depthwiseSeparable } from '../blocks/index.js';
import { Network } from '../network.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';

/** Output channels and stride of each depthwise separable convolution (table 1). */
const LAYERS = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
] as const;

export interface MobileNetV1Settings extends PresetTarget {
  /** The paper's α: multiplies all channels, which are rounded down. Default 1. */
  readonly widthMultiplier?: number;
}

/** MobileNetV1 of any width, for images of any size. */
export function buildMobileNetV1({ input, classes, widthMultiplier = 1 }: MobileNetV1Settings): Network {
  const scaled = (channels: number) => Math.max(1, Math.floor(channels * widthMultiplier));
  return Network.build(input, (image) => {
    let x = convNorm(image, { name: 'stem', out: scaled(32), kernel: 3, stride: 2, activation: 'relu' });
    for (const [index, [out, stride]] of LAYERS.entries()) {
      x = depthwiseSeparable(x, { name: `block${index + 1}`, out: scaled(out), stride });
    }
    return classifier(x, classes);
  });
}

export const mobilenetV1: Preset = {
  ...imagenet,
  title: 'MobileNetV1',
  paper: 'Howard et al. 2017: MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications',
  build: buildMobileNetV1,
};
