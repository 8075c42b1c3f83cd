/** @file AlexNet (Krizhevsky et al. 2012) with the channels of its form for one processor (Krizhevsky 2014), as torchvision has it. */
import { hiddenClassifier } from '../blocks/index.js';
import { scope } from '../feature.js';
import { activation, batchNorm, conv2d, maxPool2d } from '../layers/index.js';
import { Network } from '../network.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';

export interface AlexNetSettings extends PresetTarget {
  /** Whether batch norm follows each convolution; the publication has none. Default false. */
  readonly norm?: boolean;
  /** Sizes of the hidden layers. Default 4096 and 4096. */
  readonly hidden?: readonly number[];
}

/** Channels and window of each convolution, and whether a max pool 3×3/2 follows. */
const CONVOLUTIONS = [
  { out: 64, kernel: 11, stride: 4, padding: 2, pooled: true },
  { out: 192, kernel: 5, stride: 1, padding: 2, pooled: true },
  { out: 384, kernel: 3, stride: 1, padding: 1, pooled: false },
  { out: 256, kernel: 3, stride: 1, padding: 1, pooled: false },
  { out: 256, kernel: 3, stride: 1, padding: 1, pooled: true },
] as const;

/** Five convolutions with biases and ReLU, then hidden layers on the whole last map: 6×6 for images of 224×224. */
export function buildAlexNet({ input, classes, norm = false, hidden = [4096, 4096] }: AlexNetSettings): Network {
  return Network.build(input, (image) => {
    let x = image;
    for (const [index, { pooled, ...window }] of CONVOLUTIONS.entries()) {
      x = scope(x, `block${index + 1}`, (inner) => {
        const filtered = conv2d(inner, { ...window, bias: true });
        const active = activation(norm ? batchNorm(filtered) : filtered, 'relu');
        return pooled ? maxPool2d(active, { kernel: 3, stride: 2 }) : active;
      });
    }
    return hiddenClassifier(x, hidden, classes);
  });
}

export const alexnet: Preset = {
  ...imagenet,
  title: 'AlexNet',
  paper:
    'Krizhevsky, Sutskever and Hinton 2012: ImageNet Classification with Deep Convolutional Neural Networks; ' +
    'Krizhevsky 2014: One Weird Trick for Parallelizing Convolutional Neural Networks',
  build: buildAlexNet,
};
