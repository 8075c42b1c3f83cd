/** @file The blocked layout: how [N, C, H, W] lies in memory as [N, C/b, H, W, b], channels padded with zeros. */
import { BLOCKED_DOMAIN, type Lowering } from './lowering.js';
import type { Shape } from './shape.js';

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

/** Numbers of padded channels, cut to the real ones. */
export function realChannels(lowering: Lowering, vector: string, channels: number, blocks: number): string {
  if (channels % blocks === 0) return vector;
  return lowering.node('Slice', [vector, ...[[0], [channels], [0]].map((values) => lowering.integers(values))]);
}

/** The sum over the first axis of [images, padded channels, 1, 1]. */
function sumOverImages(lowering: Lowering, perImage: string, images: number, padded: number): string {
  const rows = lowering.node('Reshape', [perImage, lowering.integers([images, padded])]);
  return lowering.node('ReduceSum', [rows, lowering.integers([0])], { keepdims: 0 });
}

/** The sums of a blocked value over images and pixels: one number a padded channel. */
export function sumBlocked(
  lowering: Lowering,
  value: string,
  [batch = 1, channels = 1, height = 1, width = 1]: Shape,
  blocks: number,
): string {
  const means = lowering.node('GlobalAveragePool', [value], {}, BLOCKED_DOMAIN);
  const sum = sumOverImages(lowering, means, batch, paddedChannels(channels, blocks));
  return lowering.node('Mul', [sum, lowering.floats([height * width], [])]);
}

/**
 * The sums of x·y over images and pixels, for blocked x and y of one shape: one number a padded channel. Every channel of
 * every image is a channel of its own, and y is a depthwise kernel as large as the image: one pass, and no product in memory.
 */
export function dotBlocked(lowering: Lowering, x: string, y: string, shape: Shape, blocks: number): string {
  const [batch = 1, channels = 1] = shape;
  return sumOverImages(lowering, imageDots(lowering, x, y, shape, blocks), batch, paddedChannels(channels, blocks));
}

/**
 * The sums of (x − centre)² over images and pixels, for a blocked x and one centre a padded channel. Each image's x² is
 * freed of centre² before images are summed, so that roundings of centre² do not pile up over images.
 */
export function squaredDeviationsBlocked(
  lowering: Lowering,
  x: string,
  centre: string,
  shape: Shape,
  blocks: number,
): string {
  const [batch = 1, channels = 1, height = 1, width = 1] = shape;
  const size = [batch, paddedChannels(channels, blocks)];
  const rows = (name: string): string => lowering.node('Reshape', [name, lowering.integers(size)]);
  const scaled = (name: string, factor: number): string => lowering.node('Mul', [name, lowering.floats([factor], [])]);
  const means = rows(lowering.node('GlobalAveragePool', [x], {}, BLOCKED_DOMAIN));
  const squares = scaled(rows(imageDots(lowering, x, x, shape, blocks)), 1 / (height * width));
  // x² − centre·(2x − centre) = (x − centre)².
  const around = lowering.node('Mul', [lowering.node('Sub', [scaled(means, 2), centre]), centre]);
  const perImage = lowering.node('Sub', [squares, around]);
  const sum = lowering.node('ReduceSum', [perImage, lowering.integers([0])], { keepdims: 0 });
  return scaled(sum, height * width);
}

/** The sums of x·y over the pixels of each image: [1, images · padded channels, 1, 1]. */
function imageDots(
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
  return blockedConv(lowering, image, kernel, { kernel: [height, width], group });
}
