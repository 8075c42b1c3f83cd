/** @file Weight gradients of convolutions in ONNX Runtime's blocked layout. */
import { blockedConv, paddedChannels, realChannels } from '../blocked.js';
import { BLOCKED_DOMAIN, type Lowering, type Value } from '../lowering.js';
import { elementCount, windowCount } from '../shape.js';
import type { Application, Tensor } from '../tensor.js';
import { kindOf } from './blocked.js';
import type { Adjoint, ImagePadding } from './geometry.js';
import { denseWeightGradient, operands, spatial } from './standard.js';

export function blockedWeightGradient(lowering: Lowering, application: Application<Adjoint>): Value | null {
  const { blocks } = lowering;
  const { first: x, second: dy } = operands(application);
  const { groups, shape } = application.attributes;
  const kind = kindOf(shape, groups);
  if (blocks === null || kind === null) return null;
  if (kind === 'depthwise') {
    return { name: depthwiseWeightGradient(lowering, application.attributes, x, dy, blocks), layout: 'plain' };
  }
  const [batch = 1] = x.shape;
  const isWindow = elementCount(spatial(shape)) > 1;
  const name =
    isWindow && batch % blocks === 0
      ? windowWeightGradient(lowering, application.attributes, x, dy, blocks)
      : denseWeightGradient(lowering, application, lowering.plain(x), lowering.plain(dy), multiplyTransposed);
  return { name, layout: 'plain' };
}

const multiplyTransposed = (lowering: Lowering, a: string, b: string): string =>
  lowering.node('FusedMatMul', [a, b], { transB: 1 }, 'com.microsoft');

/**
 * A convolution of x with dy as its kernel, where images and channels change places, and stride and dilation too. It
 * sums over images as others do over channels: 2 to 3 times as fast as gathering patches for a matrix product.
 */
function windowWeightGradient(lowering: Lowering, attributes: Adjoint, x: Tensor, dy: Tensor, blocks: number): string {
  const { stride, padding, dilation, shape } = attributes;
  const [outputs = 1, inputs = 1, kernelHeight = 1, kernelWidth = 1] = shape;
  const [batch = 1] = x.shape;
  const [rows, columns] = spatial(dy.shape);
  const paddedOutputs = paddedChannels(outputs, blocks);
  // The kernel computes taps side by side only where no column is padding, so that columns are padded beforehand.
  const plain =
    lowering.layoutOf(x) === 'plain'
      ? padPlainColumns(lowering, x, padding)
      : lowering.node(
          'ReorderOutput',
          [padColumns(lowering, x, padding, blocks)],
          { channels: inputs },
          BLOCKED_DOMAIN,
        );
  const exchanged = lowering.node('Transpose', [plain], { perm: [1, 0, 2, 3] });
  const image = lowering.node('ReorderInput', [exchanged], {}, BLOCKED_DOMAIN);
  const split = lowering.node('Reshape', [
    lowering.blocked(dy),
    lowering.integers([batch / blocks, blocks, paddedOutputs / blocks, rows * columns, blocks]),
  ]);
  const kernel = lowering.node('Reshape', [
    lowering.node('Transpose', [split], { perm: [2, 0, 3, 1, 4] }),
    lowering.integers([paddedOutputs, batch, rows, columns]),
  ]);
  const settings = {
    kernel: [rows, columns],
    strides: dilation,
    dilations: stride,
    pads: [padding[0], 0, padding[2], 0],
  };
  const taps = blockedConv(lowering, image, kernel, settings);
  const byInput = lowering.node('ReorderOutput', [taps], { channels: outputs }, BLOCKED_DOMAIN);
  const byOutput = lowering.node('Transpose', [byInput], { perm: [1, 0, 2, 3] });
  const ends = lowering.integers([kernelHeight, kernelWidth]);
  return lowering.node('Slice', [byOutput, lowering.integers([0, 0]), ends, lowering.integers([2, 3])]);
}

/** A tensor's blocked value with columns of zeros to the left and right: rows are copied whole. */
function padColumns(lowering: Lowering, x: Tensor, [, left, , right]: ImagePadding, blocks: number): string {
  const [batch = 1, channels = 1, height = 1, width = 1] = x.shape;
  if (left === 0 && right === 0) return lowering.blocked(x);
  const padded = paddedChannels(channels, blocks);
  const rows = lowering.node('Reshape', [
    lowering.blocked(x),
    lowering.integers([(batch * padded * height) / blocks, width * blocks]),
  ]);
  const wide = lowering.node('Pad', [rows, lowering.integers([0, left * blocks, 0, right * blocks])]);
  return lowering.node('Reshape', [wide, lowering.integers([batch, padded, height, left + width + right])]);
}

/** The same of its plain value, for images, whose few channels would fill no block. */
function padPlainColumns(lowering: Lowering, x: Tensor, [, left, , right]: ImagePadding): string {
  if (left === 0 && right === 0) return lowering.plain(x);
  return lowering.node('Pad', [lowering.plain(x), lowering.integers([0, 0, 0, left, 0, 0, 0, right])]);
}

/**
 * Every channel of every image is a channel of its own, and dy is the kernel: in memory that is what it is already, so
 * that one depthwise convolution gives all taps. Stride and dilation change places.
 */
function depthwiseWeightGradient(
  lowering: Lowering,
  attributes: Adjoint,
  x: Tensor,
  dy: Tensor,
  blocks: number,
): string {
  const { stride, padding, dilation, shape } = attributes;
  const [batch = 1, channels = 1, height = 1, width = 1] = x.shape;
  const [rows, columns] = spatial(dy.shape);
  const [kernelHeight, kernelWidth] = spatial(shape);
  const padded = paddedChannels(channels, blocks);
  const group = batch * padded;
  const image = lowering.node('Reshape', [lowering.blocked(x), lowering.integers([1, group, height, width])]);
  const kernel = lowering.node('Reshape', [lowering.blocked(dy), lowering.integers([group, 1, rows, columns])]);
  const settings = { kernel: [rows, columns], strides: dilation, dilations: stride, pads: padding, group };
  const taps = blockedConv(lowering, image, kernel, settings);
  const tapRows = windowCount(height, rows, dilation[0], padding[0] + padding[2], stride[0]);
  const tapColumns = windowCount(width, columns, dilation[1], padding[1] + padding[3], stride[1]);
  const perImage = lowering.node('Reshape', [taps, lowering.integers([batch, padded * tapRows * tapColumns])]);
  const sum = lowering.node('ReduceSum', [perImage, lowering.integers([0])], { keepdims: 0 });
  const blocked = lowering.node('Reshape', [sum, lowering.integers([padded / blocks, tapRows, tapColumns, blocks])]);
  const plain = lowering.node('Transpose', [blocked], { perm: [0, 3, 1, 2] });
  const all = lowering.node('Reshape', [plain, lowering.integers([padded, 1, tapRows, tapColumns])]);
  if (tapRows === kernelHeight && tapColumns === kernelWidth) return realChannels(lowering, all, channels, blocks);
  const ends = [channels, kernelHeight, kernelWidth];
  return lowering.node('Slice', [
    all,
    lowering.integers([0, 0, 0]),
    lowering.integers(ends),
    lowering.integers([0, 2, 3]),
  ]);
}
