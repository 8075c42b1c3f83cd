/** @file The operators of NASNet (Zoph et al. 2018), AmoebaNet (Real et al. 2019) and PNAS (Liu et al. 2018). */
import { channelsOf, convNorm, reluConvNorm, reluSeparableNorm } from '../../nn/blocks/index.js';
import type { Feature } from '../../nn/feature.js';
import { avgPool2d, identity, maxPool2d, pad2d } from '../../nn/layers/index.js';
import type { Pair } from '../../tensor/shape.js';
import { type CellOperator, operatorSet } from './operator.js';

/** Nothing where the shape stays, else ReLU – strided 1×1 – norm. */
const keep: CellOperator<'identity'> = {
  name: 'identity',
  build: (x, { channels, stride }) =>
    stride === 1 && channelsOf(x) === channels ? identity(x) : reluConvNorm(x, { out: channels, kernel: 1, stride }),
};

/** Twice ReLU – depthwise – 1×1 – norm; the first one strides. */
export function separable<N extends string>(name: N, kernel: number, dilation = 1): CellOperator<N> {
  return {
    name,
    build(x, { channels, stride }) {
      const first = reluSeparableNorm(x, { kernel, dilation, out: channels, stride });
      return reluSeparableNorm(first, { kernel, dilation, out: channels });
    },
  };
}

/** The pool, and 1×1 – norm where the channels change. */
export function pool<N extends string>(name: N, pool2d: typeof maxPool2d, kernel: number): CellOperator<N> {
  return {
    name,
    build(x, { channels, stride }) {
      const pooled = samePool(x, pool2d, kernel, stride);
      return channelsOf(pooled) === channels ? pooled : convNorm(pooled, { name: 'project', out: channels, kernel: 1 });
    },
  };
}

/** Gives ceil(size / stride). An even window gets as much padding on every side, and what is too much is cut off. */
function samePool(x: Feature, pool2d: typeof maxPool2d, kernel: number, stride: number): Feature {
  const padding = Math.floor(kernel / 2);
  const pooled = pool2d(x, { kernel, stride, padding });
  const cut = [1, 2].map((axis) => Math.ceil((x.shape[axis] ?? 0) / stride) - (pooled.shape[axis] ?? 0));
  const [top = 0, left = 0] = cut;
  return top === 0 && left === 0 ? pooled : pad2d(pooled, { name: 'cut', top, left });
}

/** One window of a dense convolution, and which axes its stride moves. */
interface Window {
  readonly kernel: Pair;
  readonly strided: Pair;
  readonly dilation?: number;
}

const square = (size: number, dilation = 1): Window => ({ kernel: [size, size], strided: [1, 1], dilation });

/** 1×k, then k×1. */
const factorised = (size: number): readonly Window[] => [
  { kernel: [1, size], strided: [0, 1] },
  { kernel: [size, 1], strided: [1, 0] },
];

/** ReLU – convolution – norm for each window, with `width` channels. */
const dense = (x: Feature, windows: readonly Window[], width: number, stride: number): Feature =>
  windows.reduce((y, { kernel, strided: [vertical, horizontal], dilation = 1 }) => {
    const strides: Pair = [vertical === 1 ? stride : 1, horizontal === 1 ? stride : 1];
    return reluConvNorm(y, { out: width, kernel, stride: strides, dilation });
  }, x);

const convolution = <N extends string>(name: N, windows: readonly Window[]): CellOperator<N> => ({
  name,
  build: (x, { channels, stride }) => dense(x, windows, channels, stride),
});

/** The windows between a 1×1 to `share` of the channels and one back; without these two where the share is no channel. */
const bottlenecked = <N extends string>(name: N, windows: readonly Window[], share: number): CellOperator<N> => ({
  name,
  build(x, { channels, stride }) {
    const width = Math.floor(share * channels);
    if (width < 1) return dense(x, windows, channels, stride);
    const narrow = reluConvNorm(x, { out: width, kernel: 1 });
    return reluConvNorm(dense(narrow, windows, width, stride), { out: channels, kernel: 1 });
  },
});

const separable3 = separable('sep_conv_3x3', 3);
const separable5 = separable('sep_conv_5x5', 5);
const separable7 = separable('sep_conv_7x7', 7);
const average3 = pool('avg_pool_3x3', avgPool2d, 3);
const maximum3 = pool('max_pool_3x3', maxPool2d, 3);
const pointwise = convolution('conv_1x1', [square(1)]);

/** The 13 that NASNet's controller chooses among (Zoph et al. 2018, section 3). */
export const nasnetOperators = operatorSet([
  keep,
  convolution('conv_1x3_3x1', factorised(3)),
  convolution('conv_1x7_7x1', factorised(7)),
  convolution('dil_conv_3x3', [square(3, 2)]),
  average3,
  maximum3,
  pool('max_pool_5x5', maxPool2d, 5),
  pool('max_pool_7x7', maxPool2d, 7),
  pointwise,
  convolution('conv_3x3', [square(3)]),
  separable3,
  separable5,
  separable7,
]);

/**
 * The eight of AmoebaNet's first search space (Real et al. 2019, appendix), and behind them the four others that AmoebaNet-B
 * to -D hold. Dense windows are as the released code has them: between 1×1 convolutions, at a quarter of the channels.
 */
export const amoebanetOperators = operatorSet([
  keep,
  separable3,
  separable5,
  separable7,
  average3,
  maximum3,
  separable('dil_2_sep_conv_3x3', 3, 2),
  bottlenecked('conv_1x7_7x1', factorised(7), 1 / 4),
  pointwise,
  bottlenecked('conv_3x3', [square(3)], 1 / 4),
  pool('max_pool_2x2', maxPool2d, 2),
  separable('dil_2_sep_conv_5x5', 5, 2),
]);

/** The eight of PNAS (Liu et al. 2018, section 3.1). */
export const pnasOperators = operatorSet([
  separable3,
  separable5,
  separable7,
  convolution('conv_1x7_7x1', factorised(7)),
  keep,
  average3,
  maximum3,
  convolution('dil_conv_3x3', [square(3, 2)]),
]);
