/** @file Convolutions and their adjoints in ONNX Runtime's blocked layout. */
import { blockedConv, paddedChannels, paddedVector } from '../blocked.js';
import { BLOCKED_DOMAIN, type Value } from '../layout.js';
import { elementCount, type Shape } from '../shape.js';
import type { Application, Lowering, Tensor } from '../tensor.js';
import { stridedInputGradient } from './blocked-strided-gradient.js';
import type { Adjoint, Geometry } from './geometry.js';
import { adjointPadding, operands, rotated, spatial } from './standard.js';

/** Convolutions for which there are blocked kernels. */
export type Kind = 'dense' | 'depthwise';

/** Which blocked kernel serves a convolution with this weight, if any. */
export function kindOf([outputs = 1, perGroup = 1]: Shape, groups: number): Kind | null {
  if (groups === 1) return 'dense';
  return perGroup === 1 && outputs === groups ? 'depthwise' : null;
}

export function blockedConvolution(lowering: Lowering, application: Application<Geometry>): Value | null {
  const { blocks } = lowering;
  const { first: x, second: weight, bias } = operands(application);
  const { stride, padding, dilation, groups } = application.attributes;
  const kind = kindOf(weight.shape, groups);
  if (blocks === null || kind === null) return null;
  const [, channels = 1] = x.shape;
  const [outputs = 1] = weight.shape;
  const shifts = bias === undefined ? '' : paddedVector(lowering, lowering.plain(bias), outputs, blocks);
  const convolve = (image: string, kernel: string, group = 1): Value => {
    const settings = { kernel: spatial(weight.shape), strides: stride, dilations: dilation, pads: padding, group };
    return { name: blockedConv(lowering, image, kernel, settings, shifts), layout: 'blocked' };
  };
  if (kind === 'depthwise') {
    const kernel = depthwiseWeight(lowering, weight, blocks, false);
    return convolve(lowering.blocked(x), kernel, paddedChannels(channels, blocks));
  }
  // Fewer channels than a block, such as an image's, are read as they are.
  return channels < blocks && lowering.layoutOf(x) === 'plain'
    ? convolve(lowering.plain(x), imageWeight(lowering, weight, blocks))
    : convolve(lowering.blocked(x), denseWeight(lowering, weight, blocks));
}

export function blockedInputGradient(lowering: Lowering, application: Application<Adjoint>): Value | null {
  const { blocks } = lowering;
  const { first: dy, second: weight } = operands(application);
  const { stride, dilation, groups, shape } = application.attributes;
  const kind = kindOf(weight.shape, groups);
  if (blocks === null || kind === null) return null;
  if (kind === 'dense') {
    const name = stridedInputGradient(lowering, application.attributes, dy, weight, blocks);
    if (name !== null) return { name, layout: 'blocked' };
  }
  const kernel = spatial(weight.shape);
  const [rows, columns] = spatial(dy.shape);
  const spread: [number, number] = [rows * stride[0], columns * stride[1]];
  const pads = adjointPadding(application.attributes, kernel, spread);
  if (pads.some((size) => size < 0)) return null;
  const settings = { kernel, dilations: dilation, pads };
  const [, channels = 1] = shape;
  const group = kind === 'depthwise' ? paddedChannels(channels, blocks) : 1;
  const name =
    kind === 'depthwise' ? depthwiseWeight(lowering, weight, blocks, true) : adjointWeight(lowering, weight, blocks);
  const gradient = spreadPixels(lowering, lowering.blocked(dy), dy.shape, stride, blocks);
  return { name: blockedConv(lowering, gradient, name, { ...settings, group }), layout: 'blocked' };
}

/** A blocked value with zeros after each row and column, so that a stride becomes 1. */
function spreadPixels(
  lowering: Lowering,
  value: string,
  shape: Shape,
  stride: readonly [number, number],
  blocks: number,
): string {
  if (stride[0] === 1 && stride[1] === 1) return value;
  const [batch = 1, channels = 1, rows = 1, columns = 1] = shape;
  const padded = paddedChannels(channels, blocks);
  const apart = lowering.node('Reshape', [
    value,
    lowering.integers([(batch * padded) / blocks, rows, 1, columns, 1, blocks]),
  ]);
  const pads = [0, 0, 0, 0, 0, 0, 0, 0, stride[0] - 1, 0, stride[1] - 1, 0];
  const spread = lowering.node('Pad', [apart, lowering.integers(pads)]);
  return lowering.node('Reshape', [spread, lowering.integers([batch, padded, rows * stride[0], columns * stride[1]])]);
}

/** A depthwise weight [C, 1, h, w] as [C/b, h, w, b], rotated by half a turn for the gradient. */
function depthwiseWeight(lowering: Lowering, weight: Tensor, blocks: number, isAdjoint: boolean): string {
  const [channels = 1, , height = 1, width = 1] = weight.shape;
  const padded = paddedChannels(channels, blocks);
  const whole = padWeight(lowering, isAdjoint ? rotated(lowering, weight) : lowering.plain(weight), padded - channels);
  if (height * width === 1) return whole;
  const split = lowering.node('Reshape', [whole, lowering.integers([padded / blocks, blocks, height * width])]);
  const blocked = lowering.node('Transpose', [split], { perm: [0, 2, 1] });
  return lowering.node('Reshape', [blocked, lowering.integers([padded, 1, height, width])]);
}

/** A weight [O, C, h, w] for few channels as [O/b, C, h, w, b]. */
function imageWeight(lowering: Lowering, weight: Tensor, blocks: number): string {
  const [outputs = 1, channels = 1, height = 1, width = 1] = weight.shape;
  const shape = [paddedChannels(outputs, blocks), channels, height, width];
  return lowering.node('Reshape', [outputsLast(lowering, weight, blocks), lowering.integers(shape)]);
}

/** A weight [O, I, h, w] as [O/b, I/b, h, w, b of I, b of O]. */
function denseWeight(lowering: Lowering, weight: Tensor, blocks: number): string {
  const [outputs = 1, inputs = 1, height = 1, width = 1] = weight.shape;
  const [paddedOutputs, paddedInputs] = [paddedChannels(outputs, blocks), paddedChannels(inputs, blocks)];
  const [groups, taps] = [paddedOutputs / blocks, height * width];
  const rows = lowering.node('Reshape', [
    outputsLast(lowering, weight, blocks),
    lowering.integers([groups, inputs, taps, blocks]),
  ]);
  const missing = [0, 0, 0, 0, 0, paddedInputs - inputs, 0, 0];
  const whole = paddedInputs === inputs ? rows : lowering.node('Pad', [rows, lowering.integers(missing)]);
  const split = lowering.node('Reshape', [
    whole,
    lowering.integers([groups, paddedInputs / blocks, blocks, taps, blocks]),
  ]);
  const blocked = taps === 1 ? split : lowering.node('Transpose', [split], { perm: [0, 1, 3, 2, 4] });
  return lowering.node('Reshape', [blocked, lowering.integers([paddedOutputs, paddedInputs, height, width])]);
}

/** A weight [O, …] as [O/b, …, b]: to ReorderInput, which is faster than Transpose, it is one image of O channels. */
function outputsLast(lowering: Lowering, weight: Tensor, blocks: number): string {
  const [outputs = 1] = weight.shape;
  const whole = padWeight(lowering, lowering.plain(weight), paddedChannels(outputs, blocks) - outputs);
  const image = [1, paddedChannels(outputs, blocks), elementCount(weight.shape) / outputs, 1];
  const asImage = lowering.node('Reshape', [whole, lowering.integers(image)]);
  return lowering.node('ReorderInput', [asImage], {}, BLOCKED_DOMAIN);
}

/** A weight [O, I, h, w] as [I/b, O/b, h, w, b of O, b of I], rotated by half a turn. To ReorderInput it is O images. */
function adjointWeight(lowering: Lowering, weight: Tensor, blocks: number): string {
  const [outputs = 1, inputs = 1, height = 1, width = 1] = weight.shape;
  const [paddedOutputs, paddedInputs] = [paddedChannels(outputs, blocks), paddedChannels(inputs, blocks)];
  const [groups, taps] = [paddedInputs / blocks, height * width];
  const whole = padWeight(lowering, lowering.plain(weight), paddedOutputs - outputs, paddedInputs - inputs);
  const split = lowering.node('Reshape', [
    lowering.node('ReorderInput', [whole], {}, BLOCKED_DOMAIN),
    lowering.integers([paddedOutputs / blocks, blocks, groups, taps, blocks]),
  ]);
  const blocked = lowering.node('Transpose', [split], { perm: [2, 0, 3, 1, 4] });
  const backwards = lowering.integers(Array.from({ length: taps }, (_, tap) => taps - 1 - tap));
  const rotated = taps === 1 ? blocked : lowering.node('Gather', [blocked, backwards], { axis: 2 });
  return lowering.node('Reshape', [rotated, lowering.integers([paddedInputs, paddedOutputs, height, width])]);
}

/** With so many more outputs and inputs, all zero. */
function padWeight(lowering: Lowering, weight: string, outputs: number, inputs = 0): string {
  if (outputs === 0 && inputs === 0) return weight;
  return lowering.node('Pad', [weight, lowering.integers([0, 0, 0, 0, outputs, inputs, 0, 0])]);
}
