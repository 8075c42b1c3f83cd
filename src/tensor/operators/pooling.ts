/** @file Pooling. */

import { blockedMapMeans } from '../blocked-channel.js';
import { type ImagePadding, imagePadding } from '../convolution/geometry.js';
import { gradients } from '../gradient.js';
import { checkWhole, type Pair, type PairLike, pair, type Shape, showShape, windowCount } from '../shape.js';
import { type Application, defineOperator, type Lowering, type Tensor } from '../tensor.js';
import { add, mul, sub } from './arithmetic.js';
import { cast, equal } from './comparison.js';
import { conv2d } from './convolution.js';
import { expand, pad, reshape, slice } from './shaping.js';
import { constant, fill, scalar } from './source.js';

/** The window of a pooling, in pixels. */
export interface PoolingOptions {
  readonly kernel: PairLike;
  /** Default: the kernel. */
  readonly stride?: PairLike;
  /** Around the image, as for convolutions; must be smaller than the kernel. Default 0. */
  readonly padding?: PairLike | ImagePadding;
}

interface Window {
  readonly [name: string]: readonly number[];
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: ImagePadding;
}

const windowOf = ({ kernel, stride, padding = 0 }: PoolingOptions): Window => ({
  kernel: pair(kernel),
  stride: pair(stride ?? kernel),
  padding: imagePadding(padding),
});

function pooledShape(x: Shape, { kernel, stride, padding }: Window): Shape {
  const [batch = 1, channels = 1, height = 1, width = 1] = x;
  checkWhole('the kernel', kernel, 1);
  checkWhole('the stride', stride, 1);
  checkWhole('the padding', padding, 0);
  if (padding.some((size, side) => size >= (kernel[side % 2] ?? 1))) {
    throw new RangeError(
      `padding ${showShape(padding)} must be smaller than the kernel ${showShape(kernel)} on every side`,
    );
  }
  const rows = windowCount(height, kernel[0], stride[0], padding[0] + padding[2], 1);
  const columns = windowCount(width, kernel[1], stride[1], padding[1] + padding[3], 1);
  if (x.length !== 4 || rows < 1 || columns < 1) {
    throw new RangeError(`a ${kernel[0]}×${kernel[1]} pool does not fit into images ${showShape(x)}`);
  }
  return [batch, channels, rows, columns];
}

function lowerPool(operator: string, lowering: Lowering, { inputs, attributes }: Application<Window>): string {
  return lowering.node(
    operator,
    inputs.map((tensor) => lowering.plain(tensor)),
    {
      kernel_shape: attributes.kernel,
      strides: attributes.stride,
      pads: attributes.padding,
    },
  );
}

/** For each tap of the window, in row-major order, the padded pixels that it meets. */
function windowTaps(x: Tensor, { kernel, stride, padding: [top, left, bottom, right] }: Window): Tensor[] {
  const [, , rows = 1, columns = 1] = pooledShape(x.shape, { kernel, stride, padding: [top, left, bottom, right] });
  const padded = pad(x, [
    [0, 0],
    [0, 0],
    [top, bottom],
    [left, right],
  ]);
  return Array.from({ length: kernel[0] * kernel[1] }, (_, tap) => {
    const starts = [Math.floor(tap / kernel[1]), tap % kernel[1]];
    const ends = [(starts[0] ?? 0) + (rows - 1) * stride[0] + 1, (starts[1] ?? 0) + (columns - 1) * stride[1] + 1];
    return slice(padded, { starts, ends, axes: [2, 3], steps: stride });
  });
}

const maxPoolOperator = defineOperator<Window>({
  name: 'maxPool2d',
  infer: ([x], window) => ({ shape: pooledShape(x?.shape ?? [], window), dtype: 'float32' }),
  // The first maximum of a window, in row-major order, takes the gradient, as in PyTorch. Padding never wins.
  derivative: (gradient, { inputs: [x], attributes, output }) => {
    if (x === undefined) return [];
    const inside = windowTaps(fill(x.shape, 1), attributes);
    let unclaimed = fill(output.shape, 1);
    const share = windowTaps(x, attributes).reduce((sum: Tensor | null, tap, position) => {
      const isMaximum = mul(cast(equal(tap, output), 'float32'), mul(inside[position] ?? unclaimed, unclaimed));
      unclaimed = sub(unclaimed, isMaximum);
      const part = mul(tap, isMaximum);
      return sum === null ? part : add(sum, part);
    }, null);
    return [share === null ? fill(x.shape, 0) : (gradients(share, [x], gradient)[0] ?? null)];
  },
  lower: (lowering, application) => lowerPool('MaxPool', lowering, application),
});

/** The maximum of each window; padding never wins. */
export const maxPool2d = (x: Tensor, options: PoolingOptions): Tensor => maxPoolOperator([x], windowOf(options));

const averagePoolOperator = defineOperator<Window>({
  name: 'avgPool2d',
  infer: ([x], window) => ({ shape: pooledShape(x?.shape ?? [], window), dtype: 'float32' }),
  // The average is a depthwise convolution with ones over the number of pixels that are no padding.
  derivative: (gradient, { inputs: [x], attributes, output }) => {
    if (x === undefined) return [];
    const [, channels = 1] = x.shape;
    const ones = fill([channels, 1, ...attributes.kernel], 1);
    const sums = conv2d(x, ones, { stride: attributes.stride, padding: attributes.padding, groups: channels });
    return gradients(sums, [x], mul(gradient, pixelShares(x.shape, output.shape, attributes)));
  },
  lower: (lowering, application) => lowerPool('AveragePool', lowering, application),
});

/** [1, 1, rows, columns]: one over the number of pixels in each window that are no padding. */
function pixelShares(input: Shape, output: Shape, { kernel, stride, padding }: Window): Tensor {
  const counts = [0, 1].map((axis) =>
    Array.from({ length: output[axis + 2] ?? 1 }, (_, position) => {
      const start = position * (stride[axis] ?? 1) - (padding[axis] ?? 0);
      return Math.min(start + (kernel[axis] ?? 1), input[axis + 2] ?? 1) - Math.max(start, 0);
    }),
  );
  const [vertical = [], horizontal = []] = counts;
  const shares = vertical.flatMap((rows) => horizontal.map((columns) => 1 / (rows * columns)));
  return constant(shares, [1, 1, vertical.length, horizontal.length]);
}

/** The mean of each window; padding is left out of the count. */
export const avgPool2d = (x: Tensor, options: PoolingOptions): Tensor => averagePoolOperator([x], windowOf(options));

const globalAverageOperator = defineOperator<Record<string, never>>({
  name: 'globalAvgPool',
  infer: ([x]) => {
    const [batch = 1, channels = 1, ...others] = x?.shape ?? [];
    if (others.length !== 2) {
      throw new RangeError(`globalAvgPool takes images [N, C, H, W], not ${showShape(x?.shape ?? [])}`);
    }
    return { shape: [batch, channels], dtype: 'float32' };
  },
  derivative: (gradient, { inputs: [x] }) => {
    if (x === undefined) return [];
    const [batch = 1, channels = 1, height = 1, width = 1] = x.shape;
    const share = mul(gradient, scalar(1 / (height * width)));
    return [expand(reshape(share, [batch, channels, 1, 1]), x.shape)];
  },
  lower: (lowering, { inputs }) => {
    const maps = inputs.map((tensor) => lowering.plain(tensor));
    return lowering.node('Flatten', [lowering.node('GlobalAveragePool', maps)], { axis: 1 });
  },
  lowerBlocked: blockedMapMeans,
});

/** The mean of each map: [N, C, H, W] to [N, C]. */
export const globalAvgPool = (x: Tensor): Tensor => globalAverageOperator([x], {});
