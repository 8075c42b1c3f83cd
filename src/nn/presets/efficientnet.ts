/** @file EfficientNet B0 to B7 (Tan and Le 2019): one network, scaled in depth, width and resolution at once. */
import { channelsOf, invertedResidual } from '../blocks/index.js';
import type { Network } from '../network.js';
import { makeDivisible } from '../rounding.js';
import { mobileNetwork } from './mobile-frame.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';

/** A stage of alike inverted residuals. */
export interface EfficientNetStage {
  readonly blocks: number;
  readonly kernel: number;
  /** Of the first block. */
  readonly stride: number;
  /** Channels of the depthwise convolution for each channel of the block's input. */
  readonly expansion: number;
  readonly out: number;
}

const stage = (blocks: number, kernel: number, stride: number, expansion: number, out: number): EfficientNetStage => ({
  blocks,
  kernel,
  stride,
  expansion,
  out,
});

/** B0, which was found by search (table 1). */
export const efficientNetB0: readonly EfficientNetStage[] = [
  stage(1, 3, 1, 1, 16),
  stage(2, 3, 2, 6, 24),
  stage(2, 5, 2, 6, 40),
  stage(3, 3, 2, 6, 80),
  stage(3, 5, 1, 6, 112),
  stage(4, 5, 2, 6, 192),
  stage(1, 3, 1, 6, 320),
];

/** Channels of the stem and of the last convolution, which no stage holds. */
export const efficientNetFrame = { stem: 32, last: 1280 } as const;

/** How one network becomes a larger one. */
export interface Scaling {
  /** Multiplies the blocks of each stage. */
  readonly depth: number;
  /** Multiplies all channels. */
  readonly width: number;
}

/** How fast the three dimensions grow. */
export interface ScalingRatios {
  /** α of depth. Default 1.2, as found for B0 (section 4). */
  readonly alpha?: number;
  /** β of width. Default 1.1. */
  readonly beta?: number;
  /** γ of resolution. Default 1.15. */
  readonly gamma?: number;
}

/** Compound scaling: depth α^φ, width β^φ, resolution γ^φ (equation 3). With α·β²·γ² ≈ 2, MACs grow by 2^φ. */
export function compoundScaling(
  phi: number,
  { alpha = 1.2, beta = 1.1, gamma = 1.15 }: ScalingRatios = {},
): Scaling & { readonly resolution: number } {
  return { depth: alpha ** phi, width: beta ** phi, resolution: gamma ** phi };
}

export interface EfficientNetSettings extends PresetTarget, Partial<Scaling> {
  /** The network that is scaled. Default B0. */
  readonly stages?: readonly EfficientNetStage[];
  /** Before the classifier. Default 0.2. */
  readonly dropout?: number;
  /** Stride of the stem. Default 2. */
  readonly stemStride?: number;
}

/** TensorFlow's settings of batch norm in these networks. */
const NORM = { epsilon: 0.001, momentum: 0.01 };

/** The network with ⌈depth · blocks⌉ blocks in each stage and channels rounded by {@link makeDivisible}. Default depth and width 1. */
export function buildEfficientNet({
  input,
  classes,
  depth = 1,
  width = 1,
  stages = efficientNetB0,
  dropout = 0.2,
  stemStride = 2,
}: EfficientNetSettings): Network {
  const scaled = (channels: number) => makeDivisible(channels * width);
  const frame = {
    input,
    classes,
    stem: { out: scaled(efficientNetFrame.stem), stride: stemStride },
    last: scaled(efficientNetFrame.last),
    activation: 'silu',
    dropout,
    norm: NORM,
  } as const;
  return mobileNetwork(frame, (stem) => {
    let x = stem;
    for (const [index, { blocks, kernel, stride, expansion, out }] of stages.entries()) {
      for (let block = 0; block < Math.ceil(depth * blocks); block++) {
        const channels = channelsOf(x);
        x = invertedResidual(x, {
          name: `stage${index + 1}.block${block + 1}`,
          out: scaled(out),
          expanded: expansion * channels,
          kernel,
          stride: block === 0 ? stride : 1,
          activation: 'silu',
          // A quarter of what the block takes, not of what its gate sees.
          squeeze: { squeeze: Math.max(1, Math.floor(channels / 4)), activation: 'silu', gate: 'sigmoid' },
          norm: NORM,
        });
      }
    }
    return x;
  });
}

/** Released coefficients: near compound scaling with φ of 0, ½, 1, 2, …, 6, but rounded by hand. */
export interface PublishedEfficientNet extends Scaling {
  /** Such as `efficientnet_b1`. */
  readonly name: string;
  /** Side of the images. */
  readonly resolution: number;
  readonly dropout: number;
}

/** B0 to B7: width, depth, resolution and dropout (`efficientnet_builder.py` of the authors). */
export const publishedEfficientNets: readonly PublishedEfficientNet[] = (
  [
    [1.0, 1.0, 224, 0.2],
    [1.0, 1.1, 240, 0.2],
    [1.1, 1.2, 260, 0.3],
    [1.2, 1.4, 300, 0.3],
    [1.4, 1.8, 380, 0.4],
    [1.6, 2.2, 456, 0.4],
    [1.8, 2.6, 528, 0.5],
    [2.0, 3.1, 600, 0.5],
  ] as const
).map(([width, depth, resolution, dropout], index) => ({
  name: `efficientnet_b${index}`,
  width,
  depth,
  resolution,
  dropout,
}));

const preset = ({ name, width, depth, resolution, dropout }: PublishedEfficientNet): Preset => ({
  title: `EfficientNet-${name.slice(-2).toUpperCase()}`,
  paper: 'Tan and Le 2019: EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks',
  input: { channels: 3, height: resolution, width: resolution },
  classes: imagenet.classes,
  build: (target) => buildEfficientNet({ ...target, width, depth, dropout }),
});

/** Each for images of the resolution that it was scaled to. */
export const efficientnets: Readonly<Record<string, Preset>> = Object.fromEntries(
  publishedEfficientNets.map((network) => [network.name, preset(network)]),
);
