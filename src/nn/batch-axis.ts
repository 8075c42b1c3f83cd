/** @file The free batch axis of an exported model: what depends on no image takes its size from what does. */
import { add, mul, reduceMean, reshape, scalar, type Tensor } from '../tensor/index.js';
import { topologicalOrder } from '../tensor/tensor.js';

const dependsOnInput = (tensor: Tensor): boolean =>
  topologicalOrder([tensor]).some(({ operator }) => operator === 'input');

/** The tensor [1, …], with as many rows as `images` [N, …] if it depends on no input. Elements do not change. */
export function withBatchOf(images: Tensor, tensor: Tensor): Tensor {
  if (dependsOnInput(tensor)) return tensor;
  const axes = images.shape.map((_, axis) => axis).slice(1);
  const row = tensor.shape.map((size, axis) => (axis === 0 ? size : 1));
  return add(tensor, mul(reshape(reduceMean(images, axes), row), scalar(0)));
}

/** The tensors, all with the rows of one that depends on an input: what is joined, unlike what is added, needs them. */
export function withOneBatch(tensors: readonly Tensor[]): readonly Tensor[] {
  const images = tensors.find(dependsOnInput);
  return images === undefined ? tensors : tensors.map((tensor) => withBatchOf(images, tensor));
}
