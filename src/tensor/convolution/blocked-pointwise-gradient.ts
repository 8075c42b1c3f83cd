/** @file The weight gradient of a 1×1 convolution in ONNX Runtime's blocked layout: matrix products over pixels. */
import { paddedChannels, realChannels } from '../blocked.js';
import { BLOCKED_DOMAIN } from '../layout.js';
import type { Lowering, Tensor } from '../tensor.js';
import type { Adjoint } from './geometry.js';
import { spatial } from './standard.js';

/** Up to so many pixels an image, one product over all images beats one product an image. */
const FEW_PIXELS = 32;

export const isPointwise = ({ shape, padding }: Adjoint): boolean =>
  spatial(shape).every((size) => size === 1) && padding.every((size) => size === 0);

/** The blocked x and dy of one map size, and their channels. */
interface Side {
  readonly name: string;
  readonly channels: number;
}

export function pointwiseWeightGradient(
  lowering: Lowering,
  { stride, shape }: Adjoint,
  x: Tensor,
  dy: Tensor,
  blocks: number,
): string {
  const [outputs = 1, inputs = 1] = shape;
  const [batch = 1] = x.shape;
  const [rows, columns] = spatial(dy.shape);
  const pixels = rows * columns;
  const image = { name: everyPixel(lowering, x, stride, blocks), channels: inputs };
  const gradient = { name: lowering.blocked(dy), channels: outputs };
  const product =
    pixels <= FEW_PIXELS
      ? productOverAll(lowering, gradient, image, batch * pixels)
      : inputs >= outputs
        ? productOfImages(lowering, gradient, image, batch, pixels, blocks, [1, 0, 2])
        : productOfImages(lowering, image, gradient, batch, pixels, blocks, [0, 2, 1]);
  return lowering.node('Reshape', [product, lowering.integers(shape)]);
}

/** The blocked x at every stride-th pixel. */
function everyPixel(lowering: Lowering, x: Tensor, stride: readonly [number, number], blocks: number): string {
  if (stride[0] === 1 && stride[1] === 1) return lowering.blocked(x);
  const [batch = 1, channels = 1, height = 1, width = 1] = x.shape;
  const maps = (batch * paddedChannels(channels, blocks)) / blocks;
  const whole = lowering.node('Reshape', [lowering.blocked(x), lowering.integers([maps, height, width, blocks])]);
  const [none, axes] = [lowering.integers([0, 0]), lowering.integers([1, 2])];
  const kept = lowering.node('Slice', [
    whole,
    none,
    lowering.integers([height, width]),
    axes,
    lowering.integers(stride),
  ]);
  const size = [Math.ceil(height / stride[0]), Math.ceil(width / stride[1])];
  return lowering.node('Reshape', [kept, lowering.integers([batch, paddedChannels(channels, blocks), ...size])]);
}

/** dyᵀ·x over the pixels of all images: [O, C]. */
function productOverAll(lowering: Lowering, dy: Side, x: Side, pixels: number): string {
  const [rows, columns] = [dy, x].map(({ name, channels }) => {
    const last = lowering.node('ReorderOutput', [name], { channels, channels_last: 1 }, BLOCKED_DOMAIN);
    return lowering.node('Reshape', [last, lowering.integers([pixels, channels])]);
  });
  return lowering.node('Gemm', [rows ?? '', columns ?? ''], { transA: 1 });
}

/**
 * The product of the sides for each image, then their sum, its axes [block, few, lane] in the order of `perm`: [O, C].
 * A block of channels lies in memory as a matrix of pixels and channels, so that only the side of few channels is
 * brought into plain layout.
 */
function productOfImages(
  lowering: Lowering,
  few: Side,
  many: Side,
  batch: number,
  pixels: number,
  blocks: number,
  perm: readonly number[],
): string {
  const padded = paddedChannels(many.channels, blocks);
  const plain = lowering.node('ReorderOutput', [few.name], { channels: few.channels }, BLOCKED_DOMAIN);
  const left = lowering.node('Reshape', [plain, lowering.integers([batch, 1, few.channels, pixels])]);
  const right = lowering.node('Reshape', [many.name, lowering.integers([batch, padded / blocks, pixels, blocks])]);
  const products = lowering.node('MatMul', [left, right]);
  const sum = lowering.node('ReduceSum', [products, lowering.integers([0])], { keepdims: 0 });
  const ordered = lowering.node('Transpose', [sum], { perm });
  const axis = perm[0] === 1 ? 1 : 0;
  const whole = axis === 1 ? [few.channels, padded] : [padded, few.channels];
  const matrix = lowering.node('Reshape', [ordered, lowering.integers(whole)]);
  return realChannels(lowering, matrix, many.channels, blocks, axis);
}
