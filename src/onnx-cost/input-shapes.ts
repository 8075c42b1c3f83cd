/** @file The shapes of a model's inputs for one image. */
import { UsageError } from '../error.js';
import { type Shape, showShape } from '../tensor/shape.js';
import type { GraphInput } from './graph.js';

/**
 * Free sizes are 1, and those of one name the same; those of an image [N, C, H, W] but the first must be given.
 *
 * @param given of the image, or of the first input where there is none
 * @throws {UsageError} where the sizes of an image are free and not given, or do not fit
 */
export function inputShapes(inputs: readonly GraphInput[], given: Shape | undefined): ReadonlyMap<string, Shape> {
  const image = inputs.find(({ shape }) => shape?.length === 4) ?? inputs[0];
  const named = new Map<string, number>();
  const shapes = new Map<string, Shape>();
  if (image !== undefined && given !== undefined) {
    const declared = image.shape ?? given.map(() => null);
    const isFit = ([, ...sizes]: typeof declared) =>
      sizes.length === given.length - 1 &&
      sizes.every((size, axis) => typeof size !== 'number' || size === given[axis + 1]);
    if (!isFit(declared)) {
      throw new UsageError(
        `The model's input "${image.name}" is ${shown(declared)}: ${showShape(given)} does not fit.`,
      );
    }
    for (const [axis, size] of declared.entries()) if (typeof size === 'string') named.set(size, given[axis] ?? 1);
    shapes.set(
      image.name,
      declared.map((size, axis) => (typeof size === 'number' ? size : (given[axis] ?? 1))),
    );
  }
  for (const { name, shape } of inputs) {
    if (shapes.has(name)) continue;
    const isImage = shape === null || shape.length === 4;
    if (
      isImage &&
      (shape ?? [null, null]).slice(1).some((size) => typeof size !== 'number' && !named.has(size ?? ''))
    ) {
      throw new UsageError(
        `The model leaves sizes of its input "${name}" free: ${shown(shape ?? [])}. Say for which image it is to be counted.`,
      );
    }
    shapes.set(
      name,
      (shape ?? []).map((size) => (typeof size === 'number' ? size : (named.get(size ?? '') ?? 1))),
    );
  }
  return shapes;
}

const shown = (shape: readonly (number | string | null)[]): string =>
  `[${shape.map((size) => (typeof size === 'number' ? size : '?')).join(', ')}]`;
