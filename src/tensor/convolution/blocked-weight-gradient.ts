/** @file Weight gradients of convolutions in ONNX Runtime's blocked layout. */
import { blockedConv, paddedChannels, realChannels } from '../blocked.js';
import { BLOCKED_DOMAIN, type Value } from '../layout.js';
import { sameShape, windowCount } from '../shape.js';
import type { Application, Lowering, Tensor } from '../tensor.js';
import { kindOf } from './blocked.js';
import { isPointwise, pointwiseWeightGradient } from './blocked-pointwise-gradient.js';
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
  const name = isPointwise(application.attributes)
    ? pointwiseWeightGradient(lowering, application.attributes, x, dy, blocks)
    : batch % blocks === 0
      ? windowWeightGradient(lowering, application.attributes, x, dy, blocks)
      : denseWeightGradient(lowering, application, lowering.plain(x), lowering.plain(dy), multiplyTransposed);
  return { name, layout: 'plain' };
}

const multiplyTransposed = (lowering: Lowering, a: string, b: string): string =>
  lowering.node('FusedMatMul', [a, b], { transB: 1 }, 'com.microsoft');

/**
 * A convolution of x with dy as its kernel, where images and channels change places, and stride and dilation too: it sums
 * over images as others do over channels. The channels of a block stay side by side in the columns of x and share a
 * row of the result with the taps, so that the kernel finds enough columns to compute at once.
 */
function windowWeightGradient(lowering: Lowering, attributes: Adjoint, x: Tensor, dy: Tensor, blocks: number): string {
  const { stride, padding, dilation, shape } = attributes;
  const [outputs = 1, inputs = 1, kernelHeight = 1, kernelWidth = 1] = shape;
  const [height] = spatial(x.shape);
  const [rows, columns] = spatial(dy.shape);
  const { name: image, groups, lanes, paddedWidth } = imagesAsChannels(lowering, x, padding, blocks);
  const settings = {
    kernel: [rows, columns],
    strides: [dilation[0], 1],
    dilations: [stride[0], stride[1] * lanes],
    pads: [padding[0], 0, padding[2], 0],
  };
  const taps = blockedConv(lowering, image, imagesAsInputs(lowering, dy, blocks), settings);
  const byGroup = lowering.node('ReorderOutput', [taps], { channels: outputs }, BLOCKED_DOMAIN);
  const tapRows = windowCount(height, rows, dilation[0], padding[0] + padding[2], stride[0]);
  const tapColumns = windowCount(paddedWidth, columns, 1, 0, stride[1]);
  const split = lowering.node('Reshape', [byGroup, lowering.integers([groups, outputs, tapRows, tapColumns, lanes])]);
  const byOutput = lowering.node('Transpose', [split], { perm: [1, 0, 4, 2, 3] });
  const whole = [outputs, groups * lanes, tapRows, tapColumns];
  const weight = lowering.node('Reshape', [byOutput, lowering.integers(whole)]);
  if (sameShape(whole, shape)) return weight;
  const reach = (kernelWidth - 1) * dilation[1] + 1;
  return lowering.node('Slice', [
    weight,
    lowering.integers([0, 0, 0]),
    lowering.integers([inputs, kernelHeight, reach]),
    lowering.integers([1, 2, 3]),
    lowering.integers([1, 1, dilation[1]]),
  ]);
}

/** x in blocked layout as [channel groups, N, H, padded W · lanes]: images are channels, `lanes` channels share the columns. */
function imagesAsChannels(
  lowering: Lowering,
  x: Tensor,
  [, left, , right]: ImagePadding,
  blocks: number,
): { readonly name: string; readonly groups: number; readonly lanes: number; readonly paddedWidth: number } {
  const [batch = 1, channels = 1, height = 1, width = 1] = x.shape;
  const isPlain = lowering.layoutOf(x) === 'plain';
  const lanes = isPlain ? channels : blocks;
  const groups = isPlain ? 1 : paddedChannels(channels, blocks) / blocks;
  const paddedWidth = left + width + right;
  const lined = isPlain ? lowering.node('Transpose', [lowering.plain(x)], { perm: [0, 2, 3, 1] }) : lowering.blocked(x);
  // The kernel computes columns side by side only where none is padding, so that columns are padded beforehand.
  const padded = padRows(lowering, lined, batch * groups * height, width * lanes, left * lanes, right * lanes);
  const row = [height, paddedWidth * lanes];
  const exchanged =
    groups === 1
      ? lowering.node('Reshape', [padded, lowering.integers([1, batch, ...row])])
      : lowering.node('Transpose', [lowering.node('Reshape', [padded, lowering.integers([batch, groups, ...row])])], {
          perm: [1, 0, 2, 3],
        });
  return { name: lowering.node('ReorderInput', [exchanged], {}, BLOCKED_DOMAIN), groups, lanes, paddedWidth };
}

/** A value as so many rows of so many elements, with zeros before and after each: rows are copied whole. */
function padRows(lowering: Lowering, value: string, rows: number, size: number, before: number, after: number): string {
  if (before === 0 && after === 0) return value;
  const matrix = lowering.node('Reshape', [value, lowering.integers([rows, size])]);
  return lowering.node('Pad', [matrix, lowering.integers([0, before, 0, after])]);
}

/** dy [N, O, H, W] as a blocked weight of O outputs and N inputs. */
function imagesAsInputs(lowering: Lowering, dy: Tensor, blocks: number): string {
  const [batch = 1, outputs = 1, rows = 1, columns = 1] = dy.shape;
  const padded = paddedChannels(outputs, blocks);
  const split = lowering.node('Reshape', [
    lowering.blocked(dy),
    lowering.integers([batch / blocks, blocks, padded / blocks, rows * columns, blocks]),
  ]);
  const exchanged = lowering.node('Transpose', [split], { perm: [2, 0, 3, 1, 4] });
  return lowering.node('Reshape', [exchanged, lowering.integers([padded, batch, rows, columns])]);
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
