/** @file ONNX operators that compute across positions: convolutions, products, pools, reductions. */
import { elementCount, type Shape, windowCount } from '../../tensor/shape.js';
import type { NodeView, OperatorRule } from './rule.js';

/** A sliding window along each spatial axis. */
interface Window {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  /** Sum of both sides. */
  readonly padding: readonly number[];
}

function windowOf(node: NodeView, kernel: readonly number[]): Window {
  const pads = node.integers('pads') ?? kernel.flatMap(() => [0, 0]);
  return {
    kernel,
    stride: node.integers('strides') ?? kernel.map(() => 1),
    dilation: node.integers('dilations') ?? kernel.map(() => 1),
    padding: kernel.map((_, axis) => (pads[axis] ?? 0) + (pads[axis + kernel.length] ?? 0)),
  };
}

/** Output sizes of a convolution or pool along the spatial axes. */
function slide(node: NodeView, sizes: Shape, { kernel, stride, dilation, padding }: Window): number[] {
  const automatic = node.text('auto_pad', 'NOTSET');
  const ceil = node.integer('ceil_mode', 0) === 1;
  return sizes.map((size, axis) => {
    const [k = 1, s = 1, d = 1, p = 0] = [kernel[axis], stride[axis], dilation[axis], padding[axis]];
    if (automatic.startsWith('SAME')) return Math.ceil(size / s);
    if (!ceil) return windowCount(size, k, s, automatic === 'VALID' ? 0 : p, d);
    return Math.ceil((size + p - d * (k - 1) - 1) / s) + 1;
  });
}

const convolutionShape = (node: NodeView): Shape => {
  const [batch = 1, channels = 1, ...sizes] = node.shape(0);
  const [out = 1, channelsPerGroup = 1, ...kernel] = node.shape(1);
  node.requireFit(channels, channelsPerGroup * node.integer('group', 1));
  return [batch, out, ...slide(node, sizes, windowOf(node, kernel))];
};

const convolution: OperatorRule = {
  parameters: [1, 2],
  shapes: (node) => [convolutionShape(node)],
  macs(node) {
    const [, ...perOutput] = node.shape(1);
    return elementCount(convolutionShape(node)) * elementCount(perOutput);
  },
};

const transposedConvolution: OperatorRule = {
  parameters: [1, 2],
  shapes(node) {
    const [batch = 1, , ...sizes] = node.shape(0);
    const [, outPerGroup = 1, ...kernel] = node.shape(1);
    const { stride, dilation, padding } = windowOf(node, kernel);
    const extra = node.integers('output_padding') ?? [];
    const same = node.text('auto_pad', 'NOTSET').startsWith('SAME');
    const out = sizes.map((size, axis) => {
      const s = stride[axis] ?? 1;
      const reach = ((kernel[axis] ?? 1) - 1) * (dilation[axis] ?? 1) + 1;
      return same ? size * s : (size - 1) * s + (extra[axis] ?? 0) + reach - (padding[axis] ?? 0);
    });
    return [[batch, outPerGroup * node.integer('group', 1), ...(node.integers('output_shape') ?? out)]];
  },
  macs(node) {
    const [, ...perInput] = node.shape(1);
    return elementCount(node.shape(0)) * elementCount(perInput);
  },
};

const pool: OperatorRule = {
  shapes(node) {
    const [batch = 1, channels = 1, ...sizes] = node.shape(0);
    const kernel = node.integers('kernel_shape') ?? [];
    const shape = [batch, channels, ...slide(node, sizes, windowOf(node, kernel))];
    return [shape, shape];
  },
};

const globalPool: OperatorRule = {
  shapes(node) {
    const [batch = 1, channels = 1, ...sizes] = node.shape(0);
    return [[batch, channels, ...sizes.map(() => 1)]];
  },
};

const reduction: OperatorRule = {
  shapes(node) {
    const shape = node.shape(0);
    const given = node.list('axes', 1);
    const axes = new Set(
      (given?.length ? given : shape.map((_, axis) => axis)).map((axis) => node.axis(axis, shape.length)),
    );
    const kept = node.integer('keepdims', 1) === 1;
    return [kept ? shape.map((size, axis) => (axes.has(axis) ? 1 : size)) : shape.filter((_, axis) => !axes.has(axis))];
  },
};

const matrixProduct: OperatorRule = {
  parameters: [0, 1],
  shapes(node) {
    const [a, b] = [node.shape(0), node.shape(1)];
    if (a.length < 2 || b.length < 2) throw node.error('products of vectors are not counted');
    node.requireFit(a.at(-1) ?? 1, b.at(-2) ?? 1);
    return [[...node.broadcast(a.slice(0, -2), b.slice(0, -2)), a.at(-2) ?? 1, b.at(-1) ?? 1]];
  },
  macs(node) {
    const [a, b] = [node.shape(0), node.shape(1)];
    const batch = elementCount(node.broadcast(a.slice(0, -2), b.slice(0, -2)));
    return batch * (a.at(-2) ?? 1) * (a.at(-1) ?? 1) * (b.at(-1) ?? 1);
  },
};

function gemmSizes(node: NodeView): { rows: number; columns: number; inner: number } {
  const [[height = 1, width = 1], [first = 1, second = 1]] = [node.shape(0), node.shape(1)];
  const [rows, inner] = node.integer('transA', 0) ? [width, height] : [height, width];
  const [columns, takes] = node.integer('transB', 0) ? [first, second] : [second, first];
  node.requireFit(inner, takes);
  return { rows, inner, columns };
}

const gemm: OperatorRule = {
  parameters: [0, 1, 2],
  shapes(node) {
    const { rows, columns } = gemmSizes(node);
    return [[rows, columns]];
  },
  macs(node) {
    const { rows, columns, inner } = gemmSizes(node);
    return rows * columns * inner;
  },
};

const REDUCTIONS = [
  'ReduceMean',
  'ReduceSum',
  'ReduceMax',
  'ReduceMin',
  'ReduceProd',
  'ReduceL1',
  'ReduceL2',
  'ReduceSumSquare',
];

export const computeRules: ReadonlyMap<string, OperatorRule> = new Map<string, OperatorRule>([
  ['Conv', convolution],
  ['ConvTranspose', transposedConvolution],
  ['MatMul', matrixProduct],
  ['Gemm', gemm],
  ['MaxPool', pool],
  ['AveragePool', pool],
  ['LpPool', pool],
  ['GlobalAveragePool', globalPool],
  ['GlobalMaxPool', globalPool],
  ...REDUCTIONS.map((name): [string, OperatorRule] => [name, reduction]),
]);
