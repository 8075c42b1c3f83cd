/** @file Operators of multiply-accumulates: convolutions, matrix products, recurrent layers, attention. */
import { elementCount, type Shape } from '../tensor/shape.js';
import { einsumMacs } from './einsum.js';
import type { OperatorRule } from './rule.js';

const size = (shape: Shape, axis: number): number => shape.at(axis) ?? 1;

/** Every output takes the weights of one filter: [out, in per group, …kernel]. */
const convolution = (weight: number, bias?: number): OperatorRule => ({
  weights: [weight, ...(bias === undefined ? [] : [bias])],
  ...(bias !== undefined && { bias }),
  macs: (step) => elementCount(step.output()) * elementCount(step.shape(weight).slice(1)),
});

/** Every input goes through the weights of its channel: [in, out per group, …kernel]. */
const transposedConvolution: OperatorRule = {
  weights: [1, 2],
  bias: 2,
  macs: (step) => step.elements(0) * elementCount(step.shape(1).slice(1)),
};

/**
 * The product of two stacks of matrices, of which each may be a vector: every output sums over the columns of the first,
 * which are its rows where `transposed` names an attribute that is set.
 */
const matrixProduct = (a: number, b: number, bias?: number, transposed?: string): OperatorRule => ({
  weights: [a, b, ...(bias === undefined ? [] : [bias])],
  ...(bias !== undefined && { bias }),
  macs(step) {
    const isTransposed = transposed !== undefined && step.integer(transposed, 0) === 1 && step.shape(a).length > 1;
    return elementCount(step.output()) * size(step.shape(a), isTransposed ? -2 : -1);
  },
});

/**
 * LSTM, GRU, RNN: at each step of each sequence every gate's weights for the input, [directions, gates · hidden, input],
 * and for the state, [directions, gates · hidden, hidden]. Both layouts of the input have steps and sequences in front.
 */
const recurrent = (weights: readonly number[]): OperatorRule => ({
  weights,
  macs(step) {
    const [first = 1, second = 1] = step.shape(0);
    return first * second * (step.elements(1) + step.elements(2));
  },
});

const { max } = Math;

/** Queries [N, heads, S, size] or [N, S, heads · size] by T keys, and the weighted sums of T values. */
const attention: OperatorRule = {
  macs(step) {
    const keys = step.shape(1);
    const past = step.has(4) ? size(step.shape(4), -2) : 0;
    const positions = max(size(keys, -2) + past, step.step.outputs[1] ? size(step.output(1), -2) : 0);
    return (step.elements(0) + elementCount(step.output())) * positions;
  },
};

/** Input [N, S, in] by the projections to queries, keys and values, [in, q + k + v], and then attention. */
const projectedAttention = (past: number): OperatorRule => ({
  weights: [1, 2],
  macs(step) {
    const [batch = 1, length = 1] = step.shape(0);
    const outputs = size(step.output(), -1);
    const queries = step.integers('qkv_hidden_sizes')?.[0] ?? (size(step.shape(1), -1) - outputs) / 2;
    const positions = length + (step.has(past) ? size(step.shape(past), -2) : 0);
    return batch * length * (step.elements(1) + positions * (queries + outputs));
  },
});

/** Queries [N, S, heads · size]; keys [N, T, …] or [N, heads, T, size]; all three in one [N, S, heads, 3, size]. */
const multiHeadAttention: OperatorRule = {
  weights: [3],
  macs(step) {
    const [batch = 1, length = 1] = step.shape(0);
    const outputs = size(step.output(), -1);
    const queries = step.shape(0).length === 3 ? size(step.shape(0), -1) : outputs;
    const keys = step.shape(1);
    const own = step.has(1) ? (keys.length === 4 ? size(keys, -2) : (keys[1] ?? length)) : length;
    const positions = own + (step.has(6) ? size(step.shape(6), -2) : 0);
    return batch * length * positions * (queries + outputs);
  },
};

/** Queries [N, S, heads · size] by keys [N, key heads, T, size], which several heads share; the second output holds all keys. */
const groupQueryAttention: OperatorRule = {
  macs: (step) => 2 * elementCount(step.output()) * max(size(step.output(1), -2), size(step.shape(0), -2)),
};

const einsum: OperatorRule = {
  weights: [0, 1, 2, 3, 4, 5, 6, 7],
  macs: (step) =>
    einsumMacs(
      step.text('equation'),
      step.step.inputs.map((_, position) => step.shape(position)),
    ),
};

/** Positions [N, H, W, 2] or [N, D, H, W, 3] by a matrix of one column more. */
const affineGrid: OperatorRule = { macs: (step) => elementCount(step.output()) * (size(step.output(), -1) + 1) };

/** Weights [out, in] in blocks of few bits. */
const blockwiseProduct: OperatorRule = {
  weights: [1, 5],
  bias: 5,
  packed: (step) => step.integer('N', 0) * step.integer('K', 0),
  macs: (step) => elementCount(step.output()) * size(step.shape(0), -1),
};

const microsoft = (rules: { readonly [name: string]: OperatorRule }): [string, OperatorRule][] =>
  Object.entries(rules).map(([name, rule]) => [`com.microsoft.${name}`, rule]);

export const productRules: ReadonlyMap<string, OperatorRule> = new Map<string, OperatorRule>([
  ...Object.entries({
    Conv: convolution(1, 2),
    ConvInteger: convolution(1),
    QLinearConv: convolution(3, 8),
    DeformConv: convolution(1, 3),
    ConvTranspose: transposedConvolution,
    MatMul: matrixProduct(0, 1),
    MatMulInteger: matrixProduct(0, 1),
    QLinearMatMul: matrixProduct(0, 3),
    Gemm: matrixProduct(0, 1, 2, 'transA'),
    Einsum: einsum,
    LSTM: recurrent([1, 2, 3, 7]),
    GRU: recurrent([1, 2, 3]),
    RNN: recurrent([1, 2, 3]),
    Attention: attention,
    AffineGrid: affineGrid,
  }),
  ...microsoft({
    FusedConv: convolution(1, 2),
    NhwcFusedConv: convolution(1, 2),
    NhwcConv: convolution(1, 2),
    QLinearConv: convolution(3, 8),
    FusedGemm: matrixProduct(0, 1, 2, 'transA'),
    GemmFastGelu: matrixProduct(0, 1, 2),
    FusedMatMul: matrixProduct(0, 1, undefined, 'transA'),
    FusedMatMulActivation: matrixProduct(0, 1, undefined, 'transA'),
    TransposeMatMul: matrixProduct(0, 1, undefined, 'transA'),
    MatMulIntegerToFloat: matrixProduct(0, 1, 6),
    MatMulInteger16: matrixProduct(0, 1),
    DynamicQuantizeMatMul: matrixProduct(0, 1, 4),
    QGemm: matrixProduct(0, 3, 6, 'transA'),
    MatMulNBits: blockwiseProduct,
    DynamicQuantizeLSTM: recurrent([1, 2, 3, 7]),
    Attention: projectedAttention(4),
    QAttention: projectedAttention(8),
    MultiHeadAttention: multiHeadAttention,
    GroupQueryAttention: groupQueryAttention,
  }),
  ['com.microsoft.nchwc.Conv', convolution(1, 2)],
]);
