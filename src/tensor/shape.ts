/** @file Shapes: element counts, broadcasting and axes, checked where a tensor is made. */

/** Sizes of the axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** The elements of one tensor. */
export type DType = 'float32' | 'int32' | 'bool';

/** Two numbers for the two spatial axes: [vertical, horizontal]. */
export type Pair = readonly [number, number];

/** A size for both spatial axes, or one for each. */
export type PairLike = number | Pair;

export const pair = (value: PairLike): Pair => (typeof value === 'number' ? [value, value] : value);

/** How many elements a tensor of this shape has. */
export const elementCount = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

export const showShape = (shape: Shape): string => `[${shape.join(', ')}]`;

/** A shape as it is. Throws a `RangeError` unless every size is a whole number from 0 on. */
export function checkedShape(shape: Shape): Shape {
  if (shape.every((size) => Number.isInteger(size) && size >= 0)) return shape;
  throw new RangeError(`${showShape(shape)} is no shape: sizes are whole numbers from 0 on`);
}

/** Throws a `RangeError` that names the setting unless all its numbers are whole and at least `least`. */
export function checkWhole(name: string, values: readonly number[], least: number): void {
  if (values.every((value) => Number.isInteger(value) && value >= least)) return;
  throw new RangeError(`${name} ${showShape(values)} must be whole numbers of at least ${least}`);
}

/** The size of one axis; negative axes count from the last. Throws a `RangeError` where there is none. */
export function axisSize(shape: Shape, axis: number): number {
  const size = shape[axis < 0 ? axis + shape.length : axis];
  if (size === undefined) throw new RangeError(`there is no axis ${axis} in ${showShape(shape)}`);
  return size;
}

/** Axes as unique, ascending numbers from 0. */
export function normalAxes(shape: Shape, axes: readonly number[]): number[] {
  const normal = axes.map((axis) => {
    axisSize(shape, axis);
    return axis < 0 ? axis + shape.length : axis;
  });
  return [...new Set(normal)].sort((a, b) => a - b);
}

/** The shape of an element-wise operation on `a` and `b` (NumPy's broadcasting rule). */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new RangeError(`${showShape(a)} and ${showShape(b)} do not broadcast: sizes ${left} and ${right} differ`);
    }
    return left === 1 ? right : left;
  });
}

/** Output size of a sliding window: floor((size + padding − dilation·(kernel − 1) − 1) / stride) + 1, both paddings summed. */
export const windowCount = (size: number, kernel: number, stride: number, padding: number, dilation: number): number =>
  Math.floor((size + padding - dilation * (kernel - 1) - 1) / stride) + 1;
