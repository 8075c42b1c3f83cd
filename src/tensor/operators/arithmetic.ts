/** @file Element-wise arithmetic with broadcasting, and element-wise functions of one tensor. */
import { blockedElementwise } from '../blocked-elementwise.js';
import { broadcastShapes, sameShape } from '../shape.js';
import { defineOperator, type Rule, type Tensor } from '../tensor.js';
import { greater, less, where } from './comparison.js';
import { sumToShape } from './reduction.js';
import { fill, isFill, scalar } from './source.js';

type NoAttributes = Record<string, never>;

/** A function of two tensors, with the gradients of both before broadcasting is undone. */
function binary(
  name: string,
  operator: string,
  partials: (gradient: Tensor, a: Tensor, b: Tensor, output: Tensor) => readonly [Tensor, Tensor],
  blocked: 'any' | 'scalar divisor' = 'any',
): (a: Tensor, b: Tensor) => Tensor {
  const apply = defineOperator<NoAttributes>({
    name,
    infer: (inputs) => {
      const [a, b] = two(inputs);
      if (a.dtype !== 'float32' || b.dtype !== 'float32')
        throw new RangeError(`${name} takes float32, not ${a.dtype} and ${b.dtype}`);
      return { shape: broadcastShapes(a.shape, b.shape), dtype: 'float32' };
    },
    derivative: (gradient, { inputs, output }) => {
      const [a, b] = two(inputs);
      const [da, db] = partials(gradient, a, b, output);
      return [sumToShape(da, a.shape), sumToShape(db, b.shape)];
    },
    lower: (lowering, { inputs }) =>
      lowering.node(
        operator,
        inputs.map((tensor) => lowering.plain(tensor)),
      ),
    lowerBlocked: (lowering, application) => {
      const divisor = application.inputs[1];
      if (blocked === 'scalar divisor' && divisor?.shape.some((size) => size !== 1)) return null;
      return blockedElementwise(lowering, application, operator);
    },
  });
  return (a, b) => apply([a, b], {});
}

/** A function of one tensor. `blocked` says that it is finite at 0, which the padding of blocked values holds. */
function unary(
  name: string,
  operator: string,
  derivative: (gradient: Tensor, x: Tensor, output: Tensor) => Tensor,
  blocked: boolean,
): (x: Tensor) => Tensor {
  const rule: Rule<NoAttributes> = {
    name,
    infer: ([x]) => ({ shape: one(x).shape, dtype: 'float32' }),
    derivative: (gradient, { inputs: [x], output }) => [derivative(gradient, one(x), output)],
    lower: (lowering, { inputs: [x] }) => lowering.node(operator, [lowering.plain(one(x))]),
  };
  const apply = defineOperator<NoAttributes>(
    blocked
      ? { ...rule, lowerBlocked: (lowering, application) => blockedElementwise(lowering, application, operator) }
      : rule,
  );
  return (x) => apply([x], {});
}

function two([a, b]: readonly Tensor[]): readonly [Tensor, Tensor] {
  return [one(a), one(b)];
}

function one(tensor: Tensor | undefined): Tensor {
  if (tensor === undefined) throw new RangeError('an input is missing');
  return tensor;
}

const addAny = binary('add', 'Add', (gradient) => [gradient, gradient]);
const subAny = binary('sub', 'Sub', (gradient) => [gradient, neg(gradient)]);
const mulAny = binary('mul', 'Mul', (gradient, a, b) => [mul(gradient, b), mul(gradient, a)]);

/** a + b. */
export function add(a: Tensor, b: Tensor): Tensor {
  if (isFill(b, 0) && sameShape(a.shape, broadcastShapes(a.shape, b.shape))) return a;
  if (isFill(a, 0) && sameShape(b.shape, broadcastShapes(a.shape, b.shape))) return b;
  return addAny(a, b);
}

/** a − b. */
export const sub = (a: Tensor, b: Tensor): Tensor => (isFill(a, 0) ? sumOfShape(neg(b), a, b) : subAny(a, b));

const sumOfShape = (value: Tensor, a: Tensor, b: Tensor): Tensor =>
  sameShape(value.shape, broadcastShapes(a.shape, b.shape)) ? value : subAny(a, b);

/** a · b, element by element. */
export function mul(a: Tensor, b: Tensor): Tensor {
  if (isFill(b, 1) && sameShape(a.shape, broadcastShapes(a.shape, b.shape))) return a;
  if (isFill(a, 1) && sameShape(b.shape, broadcastShapes(a.shape, b.shape))) return b;
  return mulAny(a, b);
}

/** a / b. */
export const div = binary(
  'div',
  'Div',
  (gradient, _, b, output) => [div(gradient, b), neg(div(mul(gradient, output), b))],
  'scalar divisor',
);

/** The larger of a and b; where they are equal, the gradient flows to a. */
export const maximum = binary('maximum', 'Max', (gradient, a, b) => {
  const takesB = greater(b, a);
  const none = fill(gradient.shape, 0);
  return [where(takesB, none, gradient), where(takesB, gradient, none)];
});

/** The smaller of a and b; where they are equal, the gradient flows to a. */
export const minimum = binary('minimum', 'Min', (gradient, a, b) => {
  const takesB = less(b, a);
  const none = fill(gradient.shape, 0);
  return [where(takesB, none, gradient), where(takesB, gradient, none)];
});

/** a to the power of b, for positive a (the gradient with respect to b is output · ln a). */
export const pow = binary(
  'pow',
  'Pow',
  (gradient, a, b, output) => [
    mul(gradient, mul(b, pow(a, sub(b, scalar(1))))),
    b.operator === 'fill' ? fill(output.shape, 0) : mul(gradient, mul(output, log(a))),
  ],
  'scalar divisor',
);

/** −x. */
export const neg = unary('neg', 'Neg', (gradient) => neg(gradient), true);
/** e to the power of x. */
export const exp = unary('exp', 'Exp', (gradient, _, output) => mul(gradient, output), true);
/** The natural logarithm. */
export const log = unary('log', 'Log', (gradient, x) => div(gradient, x), false);
/** The square root. */
export const sqrt = unary('sqrt', 'Sqrt', (gradient, _, output) => div(mul(gradient, scalar(0.5)), output), false);
/** The absolute value; its derivative at 0 is 0. */
export const abs = unary('abs', 'Abs', (gradient, x) => mul(gradient, sign(x)), true);
/** −1, 0 or 1; its derivative is 0. */
export const sign = unary('sign', 'Sign', (gradient) => fill(gradient.shape, 0), true);
/** The error function 2/√π · ∫₀ˣ e^(−t²) dt. */
export const erf = unary(
  'erf',
  'Erf',
  (gradient, x) => mul(gradient, mul(scalar(2 / Math.sqrt(Math.PI)), exp(neg(mul(x, x))))),
  true,
);
/** x². */
export const square = (x: Tensor): Tensor => mul(x, x);
