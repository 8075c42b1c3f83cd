/** @file The blocked layout: how [N, C, H, W] lies in memory as [N, C/b, H, W, b], channels padded with zeros. */
import { BLOCKED_DOMAIN } from './layout.js';
import type { Shape } from './shape.js';
import type { Lowering } from './tensor.js';

/** Channels after padding to whole blocks. */
export const paddedChannels = (channels: number, blocks: number): number => Math.ceil(channels / blocks) * blocks;

/** A blocked convolution's settings, each [vertical, horizontal]; padding is [top, left, bottom, right]. */
export interface BlockedConvolution {
  readonly kernel: readonly number[];
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
  readonly pads?: readonly number[];
  readonly group?: number;
}

/** A convolution in blocked layout. `weight` is blocked too; `bias` has one number a padded channel, an empty name leaves it out. */
export function blockedConv(
  lowering: Lowering,
  x: string,
  weight: string,
  { kernel, strides = [1, 1], dilations = [1, 1], pads = [0, 0, 0, 0], group = 1 }: BlockedConvolution,
  bias = '',
): string {
  const inputs = bias === '' ? [x, weight] : [x, weight, bias];
  return lowering.node('Conv', inputs, { kernel_shape: kernel, strides, dilations, pads, group }, BLOCKED_DOMAIN);
}

/** One number a channel, padded with zeros to whole blocks. */
export function paddedVector(lowering: Lowering, vector: string, channels: number, blocks: number): string {
  const missing = paddedChannels(channels, blocks) - channels;
  return missing === 0 ? vector : lowering.node('Pad', [vector, lowering.integers([0, missing])]);
}

/** Numbers of padded channels, which are an axis of the value, cut to the real ones. */
export function realChannels(lowering: Lowering, value: string, channels: number, blocks: number, axis = 0): string {
  if (channels % blocks === 0) return value;
  return lowering.node('Slice', [value, ...[[0], [channels], [axis]].map((values) => lowering.integers(values))]);
}

/** The means of a blocked value over images and pixels: one number a padded channel. */
export function meanBlocked(lowering: Lowering, value: string): string {
  const means = lowering.node('GlobalAveragePool', [value], {}, BLOCKED_DOMAIN);
  return lowering.node('ReduceMean', [means, lowering.integers([0, 2, 3])], { keepdims: 0 });
}

/**
 * The means of x·y over images and pixels, for blocked x and y of one shape: one number a padded channel. Every channel of
 * every image is a channel of its own, and y is a depthwise kernel as large as the image: one pass, and no product in memory.
 */
export function meanProductBlocked(
  lowering: Lowering,
  x: string,
  y: string,
  [batch = 1, channels = 1, height = 1, width = 1]: Shape,
  blocks: number,
): string {
  const padded = paddedChannels(channels, blocks);
  const group = batch * padded;
  const image = lowering.node('Reshape', [x, lowering.integers([1, group, height, width])]);
  const kernel = lowering.node('Reshape', [y, lowering.integers([group, 1, height, width])]);
  const sums = blockedConv(lowering, image, kernel, { kernel: [height, width], group });
  const rows = lowering.node('Reshape', [sums, lowering.integers([batch, padded])]);
  const perImage = lowering.node('ReduceMean', [rows, lowering.integers([0])], { keepdims: 0 });
  return lowering.node('Mul', [perImage, lowering.floats([1 / (height * width)], [])]);
}
