/** @file Activation functions. */
import { blockedElementwise } from '../blocked-elementwise.js';
import { Float, type OnnxAttributes } from '../onnx.js';
import { defineOperator, type Tensor } from '../tensor.js';
import { add, div, erf, mul, sub } from './arithmetic.js';
import { step } from './comparison.js';
import { scalar } from './source.js';

/** An element-wise function whose derivative is easiest told from its output. */
function activation(
  name: string,
  operator: string,
  derivative: (gradient: Tensor, output: Tensor) => Tensor,
  attributes: OnnxAttributes = {},
): (x: Tensor) => Tensor {
  const apply = defineOperator<Record<string, never>>({
    name,
    infer: ([x]) => ({ shape: x?.shape ?? [], dtype: 'float32' }),
    derivative: (gradient, { output }) => [derivative(gradient, output)],
    lower: (lowering, { inputs }) =>
      lowering.node(
        operator,
        inputs.map((tensor) => lowering.plain(tensor)),
        attributes,
      ),
    lowerBlocked: (lowering, application) => blockedElementwise(lowering, application, operator, { attributes }),
  });
  return (x) => apply([x], {});
}

const one = scalar(1);
const six = scalar(6);

/** max(x, 0). */
export const relu = activation('relu', 'Relu', (gradient, output) => mul(gradient, step(output)));

/** 1 / (1 + e^−x). */
export const sigmoid = activation('sigmoid', 'Sigmoid', (gradient, output) =>
  mul(gradient, mul(output, sub(one, output))),
);

/** The hyperbolic tangent. */
export const tanh = activation('tanh', 'Tanh', (gradient, output) => mul(gradient, sub(one, mul(output, output))));

/** relu6(x + 3) / 6 (Howard et al. 2019, §5.2). */
export const hardSigmoid = activation(
  'hardSigmoid',
  'HardSigmoid',
  (gradient, output) => mul(gradient, mul(div(step(output), six), step(sub(one, output)))),
  { alpha: new Float(1 / 6), beta: new Float(0.5) },
);

const relu6Operator = defineOperator<Record<string, never>>({
  name: 'relu6',
  infer: ([x]) => ({ shape: x?.shape ?? [], dtype: 'float32' }),
  derivative: (gradient, { output }) => [mul(gradient, mul(step(output), step(sub(six, output))))],
  lower: (lowering, { inputs }) =>
    lowering.node('Clip', [
      ...inputs.map((tensor) => lowering.plain(tensor)),
      lowering.floats([0], []),
      lowering.floats([6], []),
    ]),
  lowerBlocked: (lowering, application) =>
    blockedElementwise(lowering, application, 'Clip', {
      constants: [lowering.floats([0], []), lowering.floats([6], [])],
    }),
});

/** min(max(x, 0), 6). */
export const relu6 = (x: Tensor): Tensor => relu6Operator([x], {});

/** x · hardSigmoid(x) (Howard et al. 2019, §5.2). */
export const hardSwish = (x: Tensor): Tensor => mul(x, hardSigmoid(x));

/** x · sigmoid(x), also called swish. */
export const silu = (x: Tensor): Tensor => mul(x, sigmoid(x));

/** x · Φ(x), with the exact normal distribution function (Hendrycks and Gimpel 2016). */
export const gelu = (x: Tensor): Tensor => mul(mul(x, scalar(0.5)), add(one, erf(mul(x, scalar(Math.SQRT1_2)))));
