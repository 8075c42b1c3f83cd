/** @file Convolutions and their adjoints as standard ONNX operators, which run on every provider. */
import { elementCount, type Shape } from '../shape.js';
import type { Application, Lowering, Tensor } from '../tensor.js';
import type { Adjoint, Geometry } from './geometry.js';

/** The two inputs and the output of a convolution or an adjoint. */
export function operands({ inputs, output }: Application<Geometry>): {
  readonly first: Tensor;
  readonly second: Tensor;
  /** One number an output channel; convolutions only. */
  readonly bias: Tensor | undefined;
  readonly output: Tensor;
} {
  const [first, second, bias] = inputs;
  if (first === undefined || second === undefined) throw new RangeError('a convolution takes two inputs');
  return { first, second, bias, output };
}

export const spatial = (shape: Shape): [number, number] => [shape[2] ?? 1, shape[3] ?? 1];

export function lowerConvolution(lowering: Lowering, application: Application<Geometry>): string {
  const { second } = operands(application);
  const { stride, padding, dilation, groups } = application.attributes;
  const inputs = application.inputs.map((tensor) => lowering.plain(tensor));
  return lowering.node('Conv', inputs, {
    strides: stride,
    pads: padding,
    dilations: dilation,
    group: groups,
    kernel_shape: spatial(second.shape),
  });
}

export function lowerInputGradient(lowering: Lowering, application: Application<Adjoint>): string {
  const { first: dy, second: weight } = operands(application);
  const { stride, padding, dilation, groups, shape } = application.attributes;
  const kernel = spatial(weight.shape);
  if (stride[0] === 1 && stride[1] === 1) {
    const reach = adjointPadding(application.attributes, kernel, spatial(dy.shape));
    if (reach.every((size) => size >= 0)) {
      return lowering.node('Conv', [lowering.plain(dy), adjointWeight(lowering, weight, groups)], {
        strides: [1, 1],
        pads: reach,
        dilations: dilation,
        group: groups,
        kernel_shape: kernel,
      });
    }
  }
  const outputPadding = spatial(shape).map((size, axis) => {
    const span = dilation[axis === 0 ? 0 : 1] * ((kernel[axis] ?? 1) - 1) + 1;
    const covered = ((spatial(dy.shape)[axis] ?? 1) - 1) * (stride[axis] ?? 1) + span;
    return size - covered + (padding[axis] ?? 0) + (padding[axis + 2] ?? 0);
  });
  return lowering.node('ConvTranspose', [lowering.plain(dy), lowering.plain(weight)], {
    strides: stride,
    pads: padding,
    dilations: dilation,
    group: groups,
    kernel_shape: kernel,
    output_padding: outputPadding,
  });
}

/** The padding with which the gradient's stride-1 convolution restores `shape` from `rows` × `columns` (zeros between included). */
export function adjointPadding(
  { padding, dilation, shape }: Adjoint,
  kernel: readonly number[],
  [rows, columns]: readonly [number, number],
) {
  const [height, width] = spatial(shape);
  const vertical = dilation[0] * ((kernel[0] ?? 1) - 1);
  const horizontal = dilation[1] * ((kernel[1] ?? 1) - 1);
  const [top, left] = [vertical - padding[0], horizontal - padding[1]];
  return [top, left, height + vertical - rows - top, width + horizontal - columns - left];
}

/** The weight of the gradient's convolution: rotated by half a turn, input and output channels of each group exchanged. */
function adjointWeight(lowering: Lowering, weight: Tensor, groups: number): string {
  const [outputs = 1, inputs = 1, ...kernel] = weight.shape;
  const name = rotated(lowering, weight);
  const perGroup = outputs / groups;
  if (groups === 1) return lowering.node('Transpose', [name], { perm: [1, 0, 2, 3] });
  if (perGroup === 1 && inputs === 1) return name;
  const grouped = lowering.node('Reshape', [name, lowering.integers([groups, perGroup, inputs, ...kernel])]);
  const exchanged = lowering.node('Transpose', [grouped], { perm: [0, 2, 1, 3, 4] });
  return lowering.node('Reshape', [exchanged, lowering.integers([groups * inputs, perGroup, ...kernel])]);
}

/** The weight with its taps in reverse order, which turns the kernel by half a turn. */
export function rotated(lowering: Lowering, weight: Tensor): string {
  const name = lowering.plain(weight);
  if (elementCount(spatial(weight.shape)) === 1) return name;
  const minusOnes = lowering.integers([-1, -1]);
  const ends = lowering.integers([-2_147_483_648, -2_147_483_648]);
  return lowering.node('Slice', [name, minusOnes, ends, lowering.integers([2, 3]), minusOnes]);
}

export function lowerWeightGradient(lowering: Lowering, application: Application<Adjoint>): string {
  const { first: x, second: dy } = operands(application);
  const { groups } = application.attributes;
  const [xName, dyName] = [lowering.plain(x), lowering.plain(dy)];
  if (groups === 1) return denseWeightGradient(lowering, application, xName, dyName, multiplyTransposed);
  return groupedWeightGradient(lowering, application, xName, dyName);
}

/** Names of a [N, n, K] and b [N, m, K] in, name of a·bᵀ [N, n, m] out. */
type MultiplyTransposed = (lowering: Lowering, a: string, b: string) => string;

const multiplyTransposed: MultiplyTransposed = (lowering, a, b) =>
  lowering.node('MatMul', [a, lowering.node('Transpose', [b], { perm: [0, 2, 1] })]);

/** Per image, dy [O, pixels] times the transposed patches of x [C·h·w, pixels]; then the sum over images. */
export function denseWeightGradient(
  lowering: Lowering,
  { inputs, attributes }: Application<Adjoint>,
  x: string,
  dy: string,
  multiply: MultiplyTransposed,
): string {
  const [batch = 1, channels = 1] = inputs[0]?.shape ?? [];
  const [, outputs = 1, rows = 1, columns = 1] = inputs[1]?.shape ?? [];
  const [, , kernelHeight = 1, kernelWidth = 1] = attributes.shape;
  const taps = kernelHeight * kernelWidth;
  const pixels = rows * columns;
  const patches = gatherPatches(lowering, attributes, x, [rows, columns]);
  const columnsOfX = lowering.node('Reshape', [patches, lowering.integers([batch, taps * channels, pixels])]);
  const rowsOfDy = lowering.node('Reshape', [dy, lowering.integers([batch, outputs, pixels])]);
  const products = multiply(lowering, rowsOfDy, columnsOfX);
  const sum = lowering.node('ReduceSum', [products, lowering.integers([0])], { keepdims: 0 });
  if (taps === 1) return lowering.node('Reshape', [sum, lowering.integers(attributes.shape)]);
  const byTap = lowering.node('Reshape', [sum, lowering.integers([outputs, taps, channels])]);
  const byChannel = lowering.node('Transpose', [byTap], { perm: [0, 2, 1] });
  return lowering.node('Reshape', [byChannel, lowering.integers(attributes.shape)]);
}

/** [N, taps · C, rows, columns]: for each kernel tap the pixels of x that it meets. */
function gatherPatches(
  lowering: Lowering,
  { stride, padding, dilation, shape }: Adjoint,
  x: string,
  [rows, columns]: [number, number],
): string {
  const [kernelHeight, kernelWidth] = spatial(shape);
  const padded = padding.every((size) => size === 0)
    ? x
    : lowering.node('Pad', [x, lowering.integers([0, 0, padding[0], padding[1], 0, 0, padding[2], padding[3]])]);
  if (kernelHeight * kernelWidth === 1 && stride[0] === 1 && stride[1] === 1) return padded;
  const patches: string[] = [];
  for (let row = 0; row < kernelHeight; row++) {
    for (let column = 0; column < kernelWidth; column++) {
      const [top, left] = [row * dilation[0], column * dilation[1]];
      patches.push(
        lowering.node('Slice', [
          padded,
          lowering.integers([top, left]),
          lowering.integers([top + (rows - 1) * stride[0] + 1, left + (columns - 1) * stride[1] + 1]),
          lowering.integers([2, 3]),
          lowering.integers(stride),
        ]),
      );
    }
  }
  return patches.length === 1 ? (patches[0] ?? '') : lowering.node('Concat', patches, { axis: 1 });
}

/** A convolution of x with dy as its kernel, batch and channels exchanged, stride and dilation too. */
function groupedWeightGradient(
  lowering: Lowering,
  { inputs, attributes }: Application<Adjoint>,
  x: string,
  dy: string,
): string {
  const { groups, shape, stride, dilation, padding } = attributes;
  const [batch = 1, channels = 1, height = 1, width = 1] = inputs[0]?.shape ?? [];
  const [, outputs = 1, rows = 1, columns = 1] = inputs[1]?.shape ?? [];
  const perGroup = channels / groups;
  const exchange = (
    name: string,
    group: readonly number[],
    perm: readonly number[],
    merged: readonly number[],
  ): string => {
    const split = lowering.node('Reshape', [name, lowering.integers(group)]);
    return lowering.node('Reshape', [lowering.node('Transpose', [split], { perm }), lowering.integers(merged)]);
  };
  const image = exchange(
    x,
    [batch, groups, perGroup, height, width],
    [2, 1, 0, 3, 4],
    [perGroup, groups * batch, height, width],
  );
  const kernel = lowering.node('Transpose', [dy], { perm: [1, 0, 2, 3] });
  const taps = lowering.node('Conv', [image, kernel], {
    strides: dilation,
    dilations: stride,
    pads: padding,
    group: groups,
    kernel_shape: [rows, columns],
  });
  const cropped = lowering.node('Slice', [
    taps,
    lowering.integers([0, 0]),
    lowering.integers(spatial(shape)),
    lowering.integers([2, 3]),
  ]);
  return lowering.node('Reshape', [
    lowering.node('Transpose', [cropped], { perm: [1, 0, 2, 3] }),
    lowering.integers([outputs, perGroup, ...spatial(shape)]),
  ]);
}
