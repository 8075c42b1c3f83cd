/** @file Reductions over axes. */
import { normalAxes, type Shape, sameShape } from '../shape.js';
import { defineOperator, type Tensor } from '../tensor.js';
import { div, mul } from './arithmetic.js';
import { cast, equal } from './comparison.js';
import { expand, reshape } from './shaping.js';
import { scalar } from './source.js';

interface Reduction {
  readonly [name: string]: readonly number[] | boolean;
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** What the derivative of a reduction is made of. */
interface Backward {
  readonly gradient: Tensor;
  readonly x: Tensor;
  readonly output: Tensor;
  readonly axes: readonly number[];
  /** How many elements become one. */
  readonly count: number;
  /** A reduced tensor, repeated to the shape of `x`. */
  readonly spread: (reduced: Tensor) => Tensor;
}

/** Reduced axes of size 1 kept, and then dropped or not. */
function reducedShapes(shape: Shape, { axes, keepDims }: Reduction): { kept: Shape; shape: Shape } {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return { kept, shape: keepDims ? kept : shape.filter((_, axis) => !axes.includes(axis)) };
}

function reduction(
  name: string,
  operator: string,
  derivative: (backward: Backward) => Tensor,
): (x: Tensor, axes?: readonly number[], keepDims?: boolean) => Tensor {
  const apply = defineOperator<Reduction>({
    name,
    infer: ([x], attributes) => ({ shape: reducedShapes(x?.shape ?? [], attributes).shape, dtype: 'float32' }),
    derivative: (gradient, { inputs: [x], attributes, output }) => {
      if (x === undefined) return [];
      const { kept } = reducedShapes(x.shape, attributes);
      const spread = (reduced: Tensor): Tensor => expand(reshape(reduced, kept), x.shape);
      const count = attributes.axes.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
      return [derivative({ spread, axes: attributes.axes, gradient, x, output, count })];
    },
    lower: (lowering, { inputs, attributes: { axes, keepDims } }) =>
      lowering.node(operator, [...inputs.map((tensor) => lowering.plain(tensor)), lowering.integers(axes)], {
        keepdims: keepDims ? 1 : 0,
      }),
  });
  return (x, axes = x.shape.map((_, axis) => axis), keepDims = false) => {
    const normal = normalAxes(x.shape, axes);
    return normal.length === 0 ? x : apply([x], { axes: normal, keepDims });
  };
}

/** The sum over `axes` (all by default). */
export const reduceSum = reduction('reduceSum', 'ReduceSum', ({ spread, gradient }) => spread(gradient));

/** The mean over `axes` (all by default). */
export const reduceMean = reduction('reduceMean', 'ReduceMean', ({ spread, gradient, count }) =>
  spread(div(gradient, scalar(count))),
);

/** The maximum over `axes` (all by default); equal maxima share the gradient. */
export const reduceMax = reduction('reduceMax', 'ReduceMax', ({ spread, axes, gradient, x, output }) => {
  const isMaximum = cast(equal(x, spread(output)), 'float32');
  return div(mul(spread(gradient), isMaximum), expand(reduceSum(isMaximum, axes, true), x.shape));
});

/** Undoes broadcasting: the sum of `x` over the axes along which `shape` was repeated. */
export function sumToShape(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes = x.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < lead || (shape[axis - lead] === 1 && x.shape[axis] !== 1));
  return reshape(reduceSum(x, axes, true), shape);
}
