/** @file Reverse-mode differentiation over the operators' derivative rules; it knows no operator by name. */
import { add } from './operators/arithmetic.js';
import { fill } from './operators/source.js';
import { sameShape, showShape } from './shape.js';
import { type Tensor, topologicalOrder } from './tensor.js';

/**
 * The gradients of `output` with respect to each of `wrt`, as tensors that can be differentiated again.
 *
 * @param seed the gradient of whatever is differentiated with respect to `output`; ones by default.
 * @returns one tensor for each of `wrt`, of its shape; zeros where `output` does not depend on it.
 * @throws {RangeError} where `seed` has not the shape of `output`
 */
export function gradients(output: Tensor, wrt: readonly Tensor[], seed: Tensor = fill(output.shape, 1)): Tensor[] {
  if (!sameShape(seed.shape, output.shape)) {
    throw new RangeError(`the seed is ${showShape(seed.shape)} but the output is ${showShape(output.shape)}`);
  }
  const order = topologicalOrder([output]);
  const reaches = new Set<Tensor>(wrt);
  for (const tensor of order) if (tensor.inputs.some((input) => reaches.has(input))) reaches.add(tensor);

  const total = new Map<Tensor, Tensor>([[output, seed]]);
  for (const tensor of order.reverse()) {
    const gradient = total.get(tensor);
    if (gradient === undefined || !tensor.inputs.some((input) => reaches.has(input))) continue;
    const shares = tensor.derivative(gradient);
    tensor.inputs.forEach((input, position) => {
      const share = shares[position];
      if (share === undefined || share === null || !reaches.has(input)) return;
      if (!sameShape(share.shape, input.shape)) {
        throw new RangeError(
          `operator ${tensor.operator}: the gradient of input ${position} is ${showShape(share.shape)}, not ${showShape(input.shape)}`,
        );
      }
      const sum = total.get(input);
      total.set(input, sum === undefined ? share : add(sum, share));
    });
  }
  return wrt.map((tensor) => total.get(tensor) ?? fill(tensor.shape, 0));
}
