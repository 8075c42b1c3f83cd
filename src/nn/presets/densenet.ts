/** @file DenseNet with bottlenecks and compression (Huang et al. 2017, DenseNet-BC) as torchvision has it. */
import { channelsOf, classifier } from '../blocks/index.js';
import { type Feature, scope } from '../feature.js';
import { activation, avgPool2d, batchNorm, type Conv2dOptions, concat, conv2d, maxPool2d } from '../layers/index.js';
import { Network } from '../network.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';

export interface DenseNetSettings extends PresetTarget {
  /** Layers of each block. */
  readonly depths: readonly number[];
  /** Channels that each layer adds: the paper's k. Default 32. */
  readonly growth?: number;
  /** Channels of the stem. Default twice the growth. */
  readonly stemWidth?: number;
  /** Share of the channels that a transition between blocks keeps: the paper's θ. Default 0.5. */
  readonly compression?: number;
}

/** Stem 7×7/2 and max pool 3×3/2, then dense blocks with transitions between them. */
export function buildDenseNet({
  input,
  classes,
  depths,
  growth = 32,
  stemWidth = 2 * growth,
  compression = 0.5,
}: DenseNetSettings): Network {
  return Network.build(input, (image) => {
    let x = scope(image, 'stem', (pixels) => {
      const edges = activation(batchNorm(conv2d(pixels, { out: stemWidth, kernel: 7, stride: 2 })), 'relu');
      return maxPool2d(edges, { kernel: 3, stride: 2, padding: 1 });
    });
    for (const [block, depth] of depths.entries()) {
      if (block > 0) x = scope(x, `transition${block}`, (inner) => transition(inner, compression));
      for (let index = 0; index < depth; index++) {
        x = scope(x, `block${block + 1}.layer${index + 1}`, (inner) => denseLayer(inner, growth));
      }
    }
    return classifier(activation(batchNorm(x, { name: 'norm' }), 'relu'), classes);
  });
}

/** 1×1 to four times the growth and 3×3 to the growth, whose result is appended to the input. */
function denseLayer(x: Feature, growth: number): Feature {
  const narrowed = normActivationConv(x, { out: 4 * growth, kernel: 1 });
  return concat([x, normActivationConv(narrowed, { out: growth, kernel: 3 })]);
}

/** Fewer channels by a 1×1 convolution, and half the map by averages. */
const transition = (x: Feature, compression: number): Feature =>
  avgPool2d(normActivationConv(x, { out: Math.floor(channelsOf(x) * compression), kernel: 1 }), { kernel: 2 });

/** The order of pre-activation (He et al. 2016, Identity Mappings): norm – ReLU – convolution. */
const normActivationConv = (x: Feature, options: Conv2dOptions): Feature =>
  conv2d(activation(batchNorm(x), 'relu'), options);

const preset = (layers: number, settings: Omit<DenseNetSettings, keyof PresetTarget>): Preset => ({
  ...imagenet,
  title: `DenseNet-${layers}`,
  paper: 'Huang, Liu, van der Maaten and Weinberger 2017: Densely Connected Convolutional Networks',
  build: (target) => buildDenseNet({ ...settings, ...target }),
});

/** By their names in torchvision. */
export const densenets = {
  densenet121: preset(121, { depths: [6, 12, 24, 16] }),
  densenet161: preset(161, { depths: [6, 12, 36, 24], growth: 48 }),
  densenet169: preset(169, { depths: [6, 12, 32, 32] }),
  densenet201: preset(201, { depths: [6, 12, 48, 32] }),
} satisfies Record<string, Preset>;
