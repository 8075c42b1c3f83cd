/** @file Residual blocks: basic, bottleneck (He et al. 2016), grouped (Xie et al. 2017, ResNeXt), gated (Radosavovic et al. 2020, RegNetY). */
import { type Feature, scope } from '../feature.js';
import { activation, add } from '../layers/index.js';
import { channelsOf, convNorm } from './conv-norm.js';
import { type SqueezeExciteOptions, squeezeExcite } from './squeeze-excite.js';

/** Sizes of a basic residual block. */
export interface BasicBlockOptions {
  /** Scope of the block's layers. Default `basicBlock`. */
  readonly name?: string;
  readonly out: number;
  /** Of the first 3×3 convolution. Default 1. */
  readonly stride?: number;
}

/** 3×3 (stride) – norm – ReLU – 3×3 – norm, plus the shortcut, then ReLU. */
export function basicBlock(x: Feature, { name = 'basicBlock', out, stride = 1 }: BasicBlockOptions): Feature {
  return scope(x, name, (input) => {
    const first = convNorm(input, { name: 'conv1', out, kernel: 3, stride, activation: 'relu' });
    const second = convNorm(first, { name: 'conv2', out, kernel: 3 });
    return activation(add([second, shortcut(input, out, stride)]), 'relu');
  });
}

/** Sizes of a residual bottleneck. */
export interface BottleneckOptions {
  /** Scope of the block's layers. Default `bottleneck`. */
  readonly name?: string;
  /** Output channels. */
  readonly out: number;
  /** Channels of the 3×3 convolution. Default out / 4 (ResNet); ResNeXt 32×4d has out / 2. */
  readonly width?: number;
  /** Groups of the 3×3 convolution. Default 1; 32 in ResNeXt 32×4d. */
  readonly groups?: number;
  /** Of the 3×3 convolution, as torchvision has it; the paper strides the first 1×1. Default 1. */
  readonly stride?: number;
  /** A squeeze-and-excite after the 3×3 convolution; none by default. RegNetY squeezes to a quarter of the block's input. */
  readonly squeeze?: Omit<SqueezeExciteOptions, 'name'> | undefined;
}

/** 1×1 – norm – ReLU – 3×3 (groups, stride) – norm – ReLU – squeeze-and-excite – 1×1 – norm, plus the shortcut, then ReLU. */
export function bottleneck(x: Feature, options: BottleneckOptions): Feature {
  const { name = 'bottleneck', out, width = out / 4, groups = 1, stride = 1, squeeze } = options;
  return scope(x, name, (input) => {
    const reduced = convNorm(input, { name: 'conv1', out: width, kernel: 1, activation: 'relu' });
    const filtered = convNorm(reduced, { name: 'conv2', out: width, kernel: 3, stride, groups, activation: 'relu' });
    const gated = squeeze === undefined ? filtered : squeezeExcite(filtered, squeeze);
    const restored = convNorm(gated, { name: 'conv3', out, kernel: 1 });
    return activation(add([restored, shortcut(input, out, stride)]), 'relu');
  });
}

/** The input itself where it fits, else its projection by a strided 1×1 convolution and norm. */
const shortcut = (x: Feature, out: number, stride: number): Feature =>
  stride === 1 && channelsOf(x) === out ? x : convNorm(x, { name: 'shortcut', out, kernel: 1, stride });
