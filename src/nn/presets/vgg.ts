/** @file VGG (Simonyan and Zisserman 2015), without and with batch norm, as torchvision has it. */
import { hiddenClassifier } from '../blocks/index.js';
import { scope } from '../feature.js';
import { activation, batchNorm, conv2d, maxPool2d } from '../layers/index.js';
import { Network } from '../network.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';

export interface VggSettings extends PresetTarget {
  /** Convolutions of each stage; a max pool 2×2 ends it. */
  readonly depths: readonly number[];
  /** Channels of each stage. Default 64, 128, 256, 512, 512 (table 1). */
  readonly widths?: readonly number[];
  /** Whether batch norm follows each convolution. Default true. */
  readonly norm?: boolean;
  /** Sizes of the hidden layers. Default 4096 and 4096. */
  readonly hidden?: readonly number[];
}

/** 3×3 convolutions with biases and ReLU, then hidden layers on the whole last map: 7×7 for images of 224×224, 1×1 for 32×32. */
export function buildVgg({
  input,
  classes,
  depths,
  widths = [64, 128, 256, 512, 512],
  norm = true,
  hidden = [4096, 4096],
}: VggSettings): Network {
  return Network.build(input, (image) => {
    let x = image;
    for (const [stage, depth] of depths.entries()) {
      x = scope(x, `stage${stage + 1}`, (inner) => {
        const out = widths[stage] ?? 0;
        for (let index = 0; index < depth; index++) {
          const filtered = conv2d(inner, { out, kernel: 3, bias: true });
          inner = activation(norm ? batchNorm(filtered) : filtered, 'relu');
        }
        return maxPool2d(inner, { kernel: 2 });
      });
    }
    return hiddenClassifier(x, hidden, classes);
  });
}

const preset = (layers: number, depths: readonly number[], norm: boolean): Preset => ({
  ...imagenet,
  title: `VGG-${layers}${norm ? ' with batch norm' : ''}`,
  paper: 'Simonyan and Zisserman 2015: Very Deep Convolutional Networks for Large-Scale Image Recognition',
  build: (target) => buildVgg({ ...target, depths, norm }),
});

/** Columns A, B, D and E of table 1. */
const VGG11 = [1, 1, 2, 2, 2];
const VGG13 = [2, 2, 2, 2, 2];
const VGG16 = [2, 2, 3, 3, 3];
const VGG19 = [2, 2, 4, 4, 4];

/** By their names in torchvision. */
export const vggs = {
  vgg11: preset(11, VGG11, false),
  vgg13: preset(13, VGG13, false),
  vgg16: preset(16, VGG16, false),
  vgg19: preset(19, VGG19, false),
  vgg11_bn: preset(11, VGG11, true),
  vgg13_bn: preset(13, VGG13, true),
  vgg16_bn: preset(16, VGG16, true),
  vgg19_bn: preset(19, VGG19, true),
} satisfies Record<string, Preset>;
