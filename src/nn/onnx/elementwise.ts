/** @file ONNX operators that work element by element or channel by channel, in place where memory allows. */
import type { NodeView, OperatorRule } from './rule.js';

const unary: OperatorRule = {
  memory: 'in-place',
  shapes: (node) => [node.shape(0)],
  values: (node) => node.inputs[0]?.values,
};

/** A function of x that changes its numbers, so that they are no longer known. */
const activation: OperatorRule = { memory: 'in-place', shapes: (node) => [node.shape(0)] };

const broadcast = (node: NodeView) => [node.broadcast(...node.inputs.map((_, position) => node.shape(position)))];

/** An operator on two tensors; `compute` serves the arithmetic of shapes. */
const binary = (compute?: (a: number, b: number) => number): OperatorRule => ({
  memory: 'in-place',
  parameters: [0, 1],
  shapes: broadcast,
  values(node) {
    const [a, b] = node.inputs;
    if (compute === undefined || a?.values === undefined || b?.values === undefined) return undefined;
    const [left, right] = [a.values, b.values];
    if (left.length !== right.length && left.length !== 1 && right.length !== 1) return undefined;
    const count = Math.max(left.length, right.length);
    return Array.from({ length: count }, (_, index) =>
      compute(left[left.length === 1 ? 0 : index] ?? 0, right[right.length === 1 ? 0 : index] ?? 0),
    );
  },
});

const many: OperatorRule = { memory: 'in-place', shapes: broadcast };

const where: OperatorRule = {
  ...many,
  values(node) {
    const [condition, yes, no] = node.inputs.map((input) => input?.values);
    if (condition === undefined || yes?.length !== condition.length || no?.length !== condition.length)
      return undefined;
    return condition.map((holds, index) => (holds ? yes : no)[index] ?? 0);
  },
};

/** Scale and shift are parameters; running mean and variance are not. */
const normalization: OperatorRule = { memory: 'in-place', parameters: [1, 2], shapes: (node) => [node.shape(0)] };

const sloped: OperatorRule = { memory: 'in-place', parameters: [1], shapes: (node) => [node.shape(0)] };

const ACTIVATIONS = [
  'Abs',
  'Ceil',
  'Celu',
  'Clip',
  'Elu',
  'Erf',
  'Exp',
  'Floor',
  'Gelu',
  'HardSigmoid',
  'HardSwish',
  'LeakyRelu',
  'Log',
  'LogSoftmax',
  'Mish',
  'Neg',
  'Reciprocal',
  'Relu',
  'Round',
  'Selu',
  'Sigmoid',
  'Sign',
  'Softmax',
  'Softplus',
  'Softsign',
  'Sqrt',
  'Tanh',
  'LRN',
  'LpNormalization',
  'MeanVarianceNormalization',
  'QuantizeLinear',
  'DequantizeLinear',
];

export const elementwiseRules: ReadonlyMap<string, OperatorRule> = new Map<string, OperatorRule>([
  ...ACTIVATIONS.map((name): [string, OperatorRule] => [name, activation]),
  ['Cast', unary],
  ['Add', binary((a, b) => a + b)],
  ['Sub', binary((a, b) => a - b)],
  ['Mul', binary((a, b) => a * b)],
  // Division of whole numbers, which is what shapes are, rounds down.
  ['Div', binary((a, b) => (Number.isInteger(a) && Number.isInteger(b) ? Math.floor(a / b) : a / b))],
  ['Pow', binary()],
  ['Greater', binary()],
  ['Less', binary()],
  ['Equal', binary((a, b) => (a === b ? 1 : 0))],
  ['Max', many],
  ['Min', many],
  ['Sum', many],
  ['Mean', many],
  ['Where', where],
  ['BatchNormalization', normalization],
  ['InstanceNormalization', normalization],
  ['LayerNormalization', normalization],
  ['GroupNormalization', normalization],
  ['PRelu', sloped],
]);
