/** @file Where graphs begin: inputs, constants and constant fields. */
import { checkedShape, type DType, elementCount, type Shape, showShape } from '../shape.js';
import { type Attributes, defineOperator, type Tensor } from '../tensor.js';

const inputOperator = defineOperator<{ name: string; shape: Shape; dtype: DType }>({
  name: 'input',
  infer: (_, { shape, dtype }) => ({ shape: checkedShape(shape), dtype }),
  lower: (_, { attributes }) => attributes.name,
});

/** A tensor that the caller feeds under `name`. */
export const input = (name: string, shape: Shape, dtype: DType = 'float32'): Tensor =>
  inputOperator([], { name, shape, dtype });

/** Constants of up to this many elements are compared by value, so that equal ones merge. */
const COMPARED = 64;
let constants = 0;

/** A tensor of fixed elements, row-major. Throws a `RangeError` where their number does not fit the shape. */
export function constant(data: Float32Array | Int32Array | readonly number[], shape: Shape): Tensor {
  if (data.length !== elementCount(checkedShape(shape))) {
    throw new RangeError(`${data.length} elements do not fill a constant of shape ${showShape(shape)}`);
  }
  const dtype = data instanceof Int32Array ? 'int32' : 'float32';
  const identity: Attributes = data.length <= COMPARED ? { shape, dtype, data: [...data] } : { identity: constants++ };
  return defineOperator({
    name: 'constant',
    infer: () => ({ shape, dtype }),
    lower: (lowering) =>
      dtype === 'int32' ? lowering.integers32([...data], shape) : lowering.floats(Float32Array.from(data), shape),
  })([], identity);
}

const fillOperator = defineOperator<{ shape: Shape; value: number }>({
  name: 'fill',
  infer: (_, { shape }) => ({ shape: checkedShape(shape), dtype: 'float32' }),
  lower: (lowering, { attributes: { shape, value } }) => {
    const scalar = lowering.floats([value], []);
    return shape.length === 0 ? scalar : lowering.node('Expand', [scalar, lowering.integers(shape)]);
  },
});

/** A tensor whose elements are all `value`. */
export const fill = (shape: Shape, value: number): Tensor => fillOperator([], { shape, value });

/** A single number, of shape []. */
export const scalar = (value: number): Tensor => fill([], value);

/** Whether a tensor is a field of `value`, so that arithmetic with it can be left out. */
export const isFill = (tensor: Tensor, value: number): boolean =>
  tensor.operator === 'fill' && tensor.attributes.value === value;
