/** @file Comparisons and choices between elements; no gradient flows through a comparison. */
import { blockedElementwise } from '../blocked-elementwise.js';
import { Float } from '../onnx.js';
import { broadcastShapes, type DType } from '../shape.js';
import { defineOperator, type Tensor } from '../tensor.js';
import { sumToShape } from './reduction.js';
import { fill } from './source.js';

function comparison(name: string, operator: string): (a: Tensor, b: Tensor) => Tensor {
  const apply = defineOperator<Record<string, never>>({
    name,
    infer: ([a, b]) => {
      if (a === undefined || b === undefined) throw new RangeError(`${name} takes two inputs`);
      if (a.dtype !== b.dtype) throw new RangeError(`${name} compares equal dtypes, not ${a.dtype} and ${b.dtype}`);
      return { shape: broadcastShapes(a.shape, b.shape), dtype: 'bool' };
    },
    lower: (lowering, { inputs }) =>
      lowering.node(
        operator,
        inputs.map((tensor) => lowering.plain(tensor)),
      ),
  });
  return (a, b) => apply([a, b], {});
}

/** a > b, as bool. */
export const greater = comparison('greater', 'Greater');
/** a < b, as bool. */
export const less = comparison('less', 'Less');
/** a = b, as bool. */
export const equal = comparison('equal', 'Equal');

const whereOperator = defineOperator<Record<string, never>>({
  name: 'where',
  infer: ([condition, a, b]) => {
    if (condition === undefined || a === undefined || b === undefined) throw new RangeError('where takes three inputs');
    if (condition.dtype !== 'bool') throw new RangeError(`where takes a bool condition, not ${condition.dtype}`);
    if (a.dtype !== b.dtype) throw new RangeError(`where chooses between equal dtypes, not ${a.dtype} and ${b.dtype}`);
    return { shape: broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape)), dtype: a.dtype };
  },
  derivative: (gradient, { inputs: [condition, a, b] }) => {
    if (condition === undefined || a === undefined || b === undefined) return [];
    const none = fill(gradient.shape, 0);
    return [
      null,
      sumToShape(where(condition, gradient, none), a.shape),
      sumToShape(where(condition, none, gradient), b.shape),
    ];
  },
  lower: (lowering, { inputs }) =>
    lowering.node(
      'Where',
      inputs.map((tensor) => lowering.plain(tensor)),
    ),
});

/** a where the condition holds, b elsewhere. */
export const where = (condition: Tensor, a: Tensor, b: Tensor): Tensor => whereOperator([condition, a, b], {});

const castOperator = defineOperator<{ dtype: DType }>({
  name: 'cast',
  infer: ([x], { dtype }) => ({ shape: x?.shape ?? [], dtype }),
  lower: (lowering, { inputs, attributes: { dtype } }) =>
    lowering.node(
      'Cast',
      inputs.map((tensor) => lowering.plain(tensor)),
      { to: ONNX_TYPES[dtype] },
    ),
});

/** ONNX TensorProto.DataType. */
const ONNX_TYPES = { float32: 1, int32: 6, bool: 9 } satisfies Record<DType, number>;

/** The elements in another dtype; no gradient flows. */
export const cast = (x: Tensor, dtype: DType): Tensor => castOperator([x], { dtype });

const stopGradientOperator = defineOperator<Record<string, never>>({
  name: 'stopGradient',
  infer: ([x]) => ({ shape: x?.shape ?? [], dtype: x?.dtype ?? 'float32' }),
  lower: (lowering, { inputs }) =>
    lowering.node(
      'Identity',
      inputs.map((tensor) => lowering.plain(tensor)),
    ),
  lowerBlocked: (lowering, application) => blockedElementwise(lowering, application, 'Identity'),
});

/** The same elements, of which derivatives know nothing. */
export const stopGradient = (x: Tensor): Tensor => stopGradientOperator([x], {});

/**
 * A slope so steep that every float of ordinary size comes out as 0 or 1: `HardSigmoid` as a step is one fast pass,
 * where a comparison and a cast are two slow ones.
 */
const STEEP = { alpha: new Float(1.5e30), beta: new Float(0) };

const stepOperator = defineOperator<Record<string, never>>({
  name: 'step',
  infer: ([x]) => ({ shape: x?.shape ?? [], dtype: 'float32' }),
  lower: (lowering, { inputs }) =>
    lowering.node(
      'HardSigmoid',
      inputs.map((tensor) => lowering.plain(tensor)),
      STEEP,
    ),
  lowerBlocked: (lowering, application) =>
    blockedElementwise(lowering, application, 'HardSigmoid', { attributes: STEEP }),
});

/** 1 where x > 0, else 0, as float32; its derivative is 0. */
export const step = (x: Tensor): Tensor => stepOperator([x], {});
