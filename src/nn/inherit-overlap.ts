/** @file Taking over tensors of another size: a slice of a larger one, or a smaller one within what was there. */
import type { LayerArrays, Placed, TensorRow } from './layer-kind.js';

/** Where two axes overlap. */
interface Overlap {
  readonly from: number;
  readonly to: number;
  readonly size: number;
}

/**
 * Each tensor of `to` with the numbers of `from` where both have elements, and its own elsewhere. Axes overlap from their
 * first elements on, which slices channels; those of a window, `centred`, in their middle. Starting from a larger `to` of
 * zeros, convolutions and linear layers keep their function.
 */
export function inheritOverlap(from: Placed, to: Placed, centred: readonly number[] = []): LayerArrays {
  return new Map(
    to.tensors.map((row) => {
      const target = (to.arrays.get(row.name) ?? new Float32Array()).slice();
      const before = from.tensors.find(({ name, shape }) => name === row.name && shape.length === row.shape.length);
      const source = before && from.arrays.get(row.name);
      if (before !== undefined && source !== undefined) copyOverlap(source, before, target, row, centred);
      return [row.name, target];
    }),
  );
}

function copyOverlap(
  source: Float32Array,
  { shape: from }: TensorRow,
  target: Float32Array,
  { shape: to }: TensorRow,
  centred: readonly number[],
): void {
  const axes = to.map((size, axis): Overlap => {
    const other = from[axis] ?? 1;
    const middle = (of: number): number =>
      centred.includes(axis) ? Math.max(0, Math.floor((of - Math.min(size, other)) / 2)) : 0;
    return { from: middle(other), to: middle(size), size: Math.min(size, other) };
  });
  const copy = (axis: number, sourceAt: number, targetAt: number): void => {
    const overlap = axes[axis];
    if (overlap === undefined) {
      target[targetAt] = source[sourceAt] ?? Number.NaN;
      return;
    }
    for (let index = 0; index < overlap.size; index++) {
      copy(
        axis + 1,
        sourceAt * (from[axis] ?? 1) + overlap.from + index,
        targetAt * (to[axis] ?? 1) + overlap.to + index,
      );
    }
  };
  copy(0, 0, 0);
}
