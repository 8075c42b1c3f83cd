/** @file PyramidNet (Han, Kim and Kim 2017) with a cell in place of the 3×3 convolution of its bottlenecks, as Cai et al. 2018 build it. */
import { channelsOf, convNorm } from '../../nn/blocks/index.js';
import { type Feature, type ImageShape, scope } from '../../nn/feature.js';
import { add, avgPool2d, batchNorm, conv2d, globalAvgPool, linear, padChannels } from '../../nn/layers/index.js';
import { Network } from '../../nn/network.js';
import { roundHalfEven } from '../../nn/rounding.js';
import type { CellTarget } from './operator.js';
import type { Stem } from './stem.js';
import { normRelu } from './tree-operators.js';

export interface PyramidNetworkOptions {
  readonly input: ImageShape;
  readonly classes: number;
  /** `cifar` keeps the size of the image, `imagenet` takes an eighth of it, which the paper does not describe. */
  readonly stem: Stem;
  /** Of the stem. */
  readonly channels: number;
  /** By how many channels the cells grow from the stem to the last one, in equal steps (α). */
  readonly growth: number;
  /** Bottlenecks in each of the three stages (N). */
  readonly blocks: number;
  /** Of which the channels of a cell are a multiple. */
  readonly groups: number;
  /** The cell on [C, H, W], for as many channels. */
  readonly cell: (x: Feature, to: CellTarget) => Feature;
}

const STAGES = 3;

/** Channels of a bottleneck's output for each of its cell. */
const EXPANSION = 4;

/** The network: each bottleneck is norm – 1×1 – cell – norm – ReLU – 1×1 – norm, beside a shortcut without parameters. */
export function pyramidNetwork(options: PyramidNetworkOptions): Network {
  const { input, classes, stem, channels, growth, blocks, groups, cell } = options;
  return Network.build(input, (image) => {
    let x = scope(image, 'stem', (pixels) => stems[stem](pixels, channels));
    for (let index = 0; index < STAGES * blocks; index++) {
      const rounded = roundHalfEven(channels + (growth * (index + 1)) / (STAGES * blocks));
      const width = Math.max(groups, rounded - (rounded % groups));
      const stride = index > 0 && index % blocks === 0 ? 2 : 1;
      x = scope(x, `block${index}`, (inner) => bottleneck(inner, { channels: width, stride }, cell));
    }
    return scope(x, 'head', (inner) => linear(globalAvgPool(normRelu(inner)), { name: 'classifier', out: classes }));
  });
}

function bottleneck(x: Feature, to: CellTarget, cell: PyramidNetworkOptions['cell']): Feature {
  const out = to.channels * EXPANSION;
  const narrow = conv2d(batchNorm(x), { name: 'narrow', out: to.channels, kernel: 1 });
  const built = scope(narrow, 'cell', (inner) => cell(inner, to));
  const widened = batchNorm(conv2d(normRelu(built), { name: 'widen', out, kernel: 1 }));
  return add([shortcut(x, { channels: out, stride: to.stride }), widened]);
}

/** The map itself, pooled where it shrinks; channels that the block adds begin as zeros. */
function shortcut(x: Feature, { channels, stride }: CellTarget): Feature {
  // Padding an odd map gives the size that the strided convolution gives.
  const padding = [(x.shape[1] ?? 0) % 2, (x.shape[2] ?? 0) % 2] as const;
  const pooled = stride === 1 ? x : avgPool2d(x, { name: 'shortcut_pool', kernel: stride, padding });
  return channels > channelsOf(x) ? padChannels(pooled, channels, { name: 'shortcut' }) : pooled;
}

const stems: Readonly<Record<Stem, (image: Feature, out: number) => Feature>> = {
  cifar: (image, out) => convNorm(image, { name: 'conv', out, kernel: 3 }),
  imagenet(image, out) {
    const strided = { kernel: 3, stride: 2 };
    const quarter = convNorm(image, { name: 'conv1', out: Math.ceil(out / 4), activation: 'relu', ...strided });
    const half = convNorm(quarter, { name: 'conv2', out: Math.ceil(out / 2), activation: 'relu', ...strided });
    return convNorm(half, { name: 'conv3', out, ...strided });
  },
};
