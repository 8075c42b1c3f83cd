/** @file Operators that move elements: reshape, transpose, expand, concat, slice, pad, gather and their adjoints. */
import { axisSize, checkedShape, elementCount, type Shape, sameShape, showShape } from '../shape.js';
import { defineOperator, type Tensor } from '../tensor.js';
import { cast, equal } from './comparison.js';
import { matmul } from './matrix.js';
import { sumToShape } from './reduction.js';
import { constant } from './source.js';

const shapeOf = (x: Tensor | undefined): Shape => x?.shape ?? [];
const dtypeOf = (x: Tensor | undefined) => x?.dtype ?? 'float32';

const reshapeOperator = defineOperator<{ shape: Shape }>({
  name: 'reshape',
  infer: ([x], { shape }) => {
    if (elementCount(shapeOf(x)) !== elementCount(checkedShape(shape))) {
      throw new RangeError(`${showShape(shapeOf(x))} cannot be reshaped to ${showShape(shape)}`);
    }
    return { shape, dtype: dtypeOf(x) };
  },
  derivative: (gradient, { inputs: [x] }) => [reshape(gradient, shapeOf(x))],
  lower: (lowering, { inputs: [x], attributes: { shape } }) => {
    if (x === undefined) return '';
    // A 0 copies the size of the input's axis, so that a free batch axis stays free.
    const sizes = shape.length > 0 && shape[0] === x.shape[0] ? [0, ...shape.slice(1)] : shape;
    return lowering.node('Reshape', [lowering.plain(x), lowering.integers(sizes)]);
  },
});

/** The same elements in row-major order under another shape. */
export const reshape = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : reshapeOperator([x], { shape });

const transposeOperator = defineOperator<{ permutation: readonly number[] }>({
  name: 'transpose',
  infer: ([x], { permutation }) => {
    const shape = shapeOf(x);
    if ([...permutation].sort((a, b) => a - b).join() !== shape.map((_, axis) => axis).join()) {
      throw new RangeError(`[${permutation}] is no permutation of the axes of ${showShape(shape)}`);
    }
    return { shape: permutation.map((axis) => axisSize(shape, axis)), dtype: dtypeOf(x) };
  },
  derivative: (gradient, { attributes: { permutation } }) => [
    transpose(
      gradient,
      permutation.map((_, axis) => permutation.indexOf(axis)),
    ),
  ],
  lower: (lowering, { inputs, attributes: { permutation } }) =>
    lowering.node(
      'Transpose',
      inputs.map((tensor) => lowering.plain(tensor)),
      { perm: permutation },
    ),
});

/** Axis i of the result is axis `permutation[i]` of x; by default the axes are reversed. */
export const transpose = (
  x: Tensor,
  permutation: readonly number[] = x.shape.map((_, axis) => axis).reverse(),
): Tensor => transposeOperator([x], { permutation });

const expandOperator = defineOperator<{ shape: Shape }>({
  name: 'expand',
  infer: ([x], { shape }) => {
    const from = shapeOf(x);
    const fits =
      from.length <= shape.length &&
      from.every((size, axis) => size === 1 || size === shape[axis + shape.length - from.length]);
    if (!fits) throw new RangeError(`${showShape(from)} cannot be repeated to ${showShape(shape)}`);
    return { shape, dtype: dtypeOf(x) };
  },
  derivative: (gradient, { inputs: [x] }) => [sumToShape(gradient, shapeOf(x))],
  lower: (lowering, { inputs, attributes: { shape } }) =>
    lowering.node('Expand', [...inputs.map((tensor) => lowering.plain(tensor)), lowering.integers(shape)]),
});

/** x repeated along axes of size 1 (and along new leading axes) to `shape`. */
export const expand = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : expandOperator([x], { shape });

const concatOperator = defineOperator<{ axis: number }>({
  name: 'concat',
  infer: (inputs, { axis }) => {
    const shape = shapeOf(inputs[0]);
    const fits = ({ shape: other }: Tensor): boolean =>
      other.length === shape.length && other.every((size, position) => position === axis || size === shape[position]);
    const misfit = inputs.find((tensor) => !fits(tensor));
    if (misfit !== undefined) {
      throw new RangeError(`${showShape(misfit.shape)} cannot be joined to ${showShape(shape)} along axis ${axis}`);
    }
    const total = inputs.reduce((sum, tensor) => sum + axisSize(tensor.shape, axis), 0);
    return { shape: shape.map((size, position) => (position === axis ? total : size)), dtype: dtypeOf(inputs[0]) };
  },
  derivative: (gradient, { inputs, attributes: { axis } }) => {
    let start = 0;
    return inputs.map((tensor) => {
      const from = start;
      start += axisSize(tensor.shape, axis);
      return slice(gradient, { starts: [from], ends: [start], axes: [axis] });
    });
  },
  lower: (lowering, { inputs, attributes: { axis } }) =>
    lowering.node(
      'Concat',
      inputs.map((tensor) => lowering.plain(tensor)),
      { axis },
    ),
});

/** Tensors joined along one axis. */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new RangeError('there is nothing to join');
  return tensors.length === 1 ? first : concatOperator(tensors, { axis: axis < 0 ? axis + first.shape.length : axis });
}

/** Which elements to take along some axes: from `starts` to before `ends`, every `steps`-th (by default each). */
export interface SliceOptions {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly axes: readonly number[];
  readonly steps?: readonly number[];
}

interface Slice {
  readonly [name: string]: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly axes: readonly number[];
  readonly steps: readonly number[];
}

const sliceOperator = defineOperator<Slice>({
  name: 'slice',
  infer: ([x], { starts, ends, axes, steps }) => {
    const shape = [...shapeOf(x)];
    if ([starts, ends, steps].some(({ length }) => length !== axes.length) || new Set(axes).size !== axes.length) {
      throw new RangeError(
        `a slice of ${showShape(shape)} needs a start, an end and a step for each of the axes ${showShape(axes)}, each once`,
      );
    }
    axes.forEach((axis, position) => {
      const [start, end, stride] = [starts[position] ?? 0, ends[position] ?? 0, steps[position] ?? 1];
      if (
        start < 0 ||
        end > axisSize(shape, axis) ||
        end <= start ||
        stride < 1 ||
        ![start, end, stride].every(Number.isInteger)
      ) {
        throw new RangeError(
          `elements ${start} to ${end} by ${stride} cannot be taken from axis ${axis} of ${showShape(shapeOf(x))}`,
        );
      }
      shape[axis] = Math.ceil((end - start) / stride);
    });
    return { shape, dtype: dtypeOf(x) };
  },
  derivative: (gradient, { inputs: [x], attributes }) => [unslice(gradient, shapeOf(x), attributes)],
  lower: (lowering, { inputs, attributes: { starts, ends, axes, steps } }) =>
    lowering.node('Slice', [
      ...inputs.map((tensor) => lowering.plain(tensor)),
      ...[starts, ends, axes, steps].map((values) => lowering.integers(values)),
    ]),
});

/** A part of x. */
export function slice(x: Tensor, { starts, ends, axes, steps = axes.map(() => 1) }: SliceOptions): Tensor {
  const normal = axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis));
  const whole = normal.every((axis, i) => starts[i] === 0 && ends[i] === x.shape[axis] && steps[i] === 1);
  return whole ? x : sliceOperator([x], { starts, ends, axes: normal, steps });
}

/** The adjoint of a slice: x at the places that the slice reads, zeros elsewhere. */
function unslice(x: Tensor, shape: Shape, { starts, axes, steps }: Slice): Tensor {
  const spread = axes.reduce((tensor, axis, position) => dilate(tensor, axis, steps[position] ?? 1), x);
  const padding = shape.map((size, axis): [number, number] => {
    const position = axes.indexOf(axis);
    if (position < 0) return [0, 0];
    const start = starts[position] ?? 0;
    return [start, size - start - axisSize(spread.shape, axis)];
  });
  return pad(spread, padding);
}

/** Zeros between the elements of one axis: size n becomes (n − 1)·step + 1. */
function dilate(x: Tensor, axis: number, stride: number): Tensor {
  if (stride === 1) return x;
  const size = axisSize(x.shape, axis);
  const apart = reshape(x, [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)]);
  const padded = pad(
    apart,
    apart.shape.map((_, position) => [0, position === axis + 1 ? stride - 1 : 0]),
  );
  const joined = reshape(
    padded,
    x.shape.map((other, position) => (position === axis ? size * stride : other)),
  );
  return slice(joined, { starts: [0], ends: [(size - 1) * stride + 1], axes: [axis] });
}

/** Elements added before and after each axis. */
export type Padding = readonly (readonly [before: number, after: number])[];

const padOperator = defineOperator<{ padding: Padding }>({
  name: 'pad',
  infer: ([x], { padding }) => {
    const shape = shapeOf(x);
    if (padding.length !== shape.length || padding.flat().some((count) => count < 0 || !Number.isInteger(count))) {
      throw new RangeError(`padding ${JSON.stringify(padding)} does not fit ${showShape(shape)}`);
    }
    return {
      shape: shape.map((size, axis) => size + (padding[axis]?.[0] ?? 0) + (padding[axis]?.[1] ?? 0)),
      dtype: 'float32',
    };
  },
  derivative: (gradient, { inputs: [x], attributes: { padding } }) => {
    const shape = shapeOf(x);
    const starts = padding.map(([before]) => before);
    return [
      slice(gradient, {
        starts,
        ends: shape.map((size, axis) => (starts[axis] ?? 0) + size),
        axes: shape.map((_, axis) => axis),
      }),
    ];
  },
  lower: (lowering, { inputs, attributes: { padding } }) => {
    const sizes = [...padding.map(([before]) => before), ...padding.map(([, after]) => after)];
    return lowering.node('Pad', [...inputs.map((tensor) => lowering.plain(tensor)), lowering.integers(sizes)]);
  },
});

/** x with zeros around it. */
export const pad = (x: Tensor, padding: Padding): Tensor =>
  padding.every(([before, after]) => before === 0 && after === 0) ? x : padOperator([x], { padding });

const gatherOperator = defineOperator<{ axis: number }>({
  name: 'gather',
  infer: ([x, indices], { axis }) => {
    if (indices?.dtype !== 'int32') throw new RangeError(`gather takes int32 indices, not ${dtypeOf(indices)}`);
    const shape = shapeOf(x);
    axisSize(shape, axis);
    return { shape: [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)], dtype: dtypeOf(x) };
  },
  derivative: (gradient, { inputs: [x, indices], attributes: { axis } }) => {
    if (x === undefined || indices === undefined) return [];
    // The adjoint adds up equal indices: a product with the one-hot matrix of the indices.
    const size = axisSize(x.shape, axis);
    const before = elementCount(x.shape.slice(0, axis));
    const after = elementCount(x.shape.slice(axis + 1));
    const count = elementCount(indices.shape);
    const hot = oneHot(reshape(indices, [count]), size);
    const rows = reshape(gradient, [before, count, after]);
    return [reshape(matmul(transpose(hot, [1, 0]), rows), x.shape), null];
  },
  lower: (lowering, { inputs, attributes: { axis } }) =>
    lowering.node(
      'Gather',
      inputs.map((tensor) => lowering.plain(tensor)),
      { axis },
    ),
});

/** The elements of x at int32 `indices` along one axis; indices must lie in [0, size). */
export const gather = (x: Tensor, indices: Tensor, axis = 0): Tensor =>
  gatherOperator([x, indices], { axis: axis < 0 ? axis + x.shape.length : axis });

/** [N, count] float32 rows that are 1 at int32 `indices` [N] and 0 elsewhere. */
export function oneHot(indices: Tensor, count: number): Tensor {
  const classes = constant(
    Int32Array.from({ length: count }, (_, index) => index),
    [1, count],
  );
  return cast(equal(reshape(indices, [elementCount(indices.shape), 1]), classes), 'float32');
}

/** Channels interleaved from `groups` groups: destination j·groups + i is source i·(C/groups) + j (Zhang et al. 2018). */
export function channelShuffle(x: Tensor, groups: number): Tensor {
  const [batch = 1, channels = 1, height = 1, width = 1] = x.shape;
  if (x.shape.length !== 4 || channels % groups !== 0) {
    throw new RangeError(`channels of images [N, C, H, W], not ${showShape(x.shape)}, divide into ${groups} groups`);
  }
  const grouped = reshape(x, [batch, groups, channels / groups, height * width]);
  return reshape(transpose(grouped, [0, 2, 1, 3]), x.shape);
}

/** x with one axis reversed. */
export function reverse(x: Tensor, axis: number): Tensor {
  return reverseOperator([x], { axis });
}

const reverseOperator = defineOperator<{ axis: number }>({
  name: 'reverse',
  infer: ([x], { axis }) => {
    axisSize(shapeOf(x), axis);
    return { shape: shapeOf(x), dtype: dtypeOf(x) };
  },
  derivative: (gradient, { attributes: { axis } }) => [reverse(gradient, axis)],
  lower: (lowering, { inputs, attributes: { axis } }) =>
    lowering.node('Slice', [
      ...inputs.map((tensor) => lowering.plain(tensor)),
      ...[[-1], [-2_147_483_648], [axis], [-1]].map((values) => lowering.integers(values)),
    ]),
});
