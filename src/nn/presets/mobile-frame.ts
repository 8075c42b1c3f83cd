/** @file What mobile networks have around their blocks: a stem before, a wide 1×1 convolution and a classifier behind. */
import { convNorm } from '../blocks/index.js';
import type { Feature } from '../feature.js';
import { type Activation, activation, type BatchNormOptions, dropout, globalAvgPool, linear } from '../layers/index.js';
import { Network } from '../network.js';
import type { PresetTarget } from './preset.js';

export interface MobileFrame extends PresetTarget {
  /** A 3×3 convolution; its stride is 2 by default. */
  readonly stem: { readonly out: number; readonly stride?: number };
  /** Channels of the 1×1 convolution behind the blocks; none by default. */
  readonly last?: number;
  /** Width of a linear layer between pooling and classifier, with or without bias; none by default. */
  readonly hidden?: { readonly out: number; readonly bias: boolean };
  /** Of the stem, the last convolution and the hidden layer. */
  readonly activation: Activation;
  /** Before the classifier. Default 0.2. */
  readonly dropout?: number;
  readonly norm?: Omit<BatchNormOptions, 'name'>;
}

/** The network of the frame around `blocks`. */
export function mobileNetwork(frame: MobileFrame, blocks: (x: Feature) => Feature): Network {
  const { input, classes, stem, last, hidden, activation: f, dropout: rate = 0.2, norm } = frame;
  return Network.build(input, (image) => {
    const edges = convNorm(image, {
      name: 'stem',
      out: stem.out,
      kernel: 3,
      stride: stem.stride ?? 2,
      activation: f,
      norm,
    });
    const chain = blocks(edges);
    const wide =
      last === undefined ? chain : convNorm(chain, { name: 'last', out: last, kernel: 1, activation: f, norm });
    const pooled = globalAvgPool(wide);
    const features = hidden === undefined ? pooled : activation(linear(pooled, { name: 'hidden', ...hidden }), f);
    return linear(dropout(features, rate), { name: 'classifier', out: classes });
  });
}

/** Blocks of one width. */
export interface Stage<Block> {
  readonly blocks: readonly Block[];
  readonly out: number;
  /** Of the first block. */
  readonly stride: number;
}

/** Where in a network a block stands. */
export interface BlockPlace {
  /** For example `stage2.block1`. */
  readonly name: string;
  readonly out: number;
  readonly stride: number;
}

/** Applies the blocks of the stages one after the other. */
export function chain<Block>(
  x: Feature,
  stages: readonly Stage<Block>[],
  apply: (x: Feature, block: Block, place: BlockPlace) => Feature,
): Feature {
  let y = x;
  for (const [stage, { blocks, out, stride }] of stages.entries()) {
    for (const [index, block] of blocks.entries()) {
      y = apply(y, block, { name: `stage${stage + 1}.block${index + 1}`, out, stride: index === 0 ? stride : 1 });
    }
  }
  return y;
}
