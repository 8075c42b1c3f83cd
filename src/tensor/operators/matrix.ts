/** @file Matrix products. */
import { paddedChannels } from '../blocked.js';
import { broadcastShapes, elementCount, showShape } from '../shape.js';
import { defineOperator, type Lowering, type Tensor } from '../tensor.js';
import { add } from './arithmetic.js';
import { reduceSum, sumToShape } from './reduction.js';
import { reshape, transpose } from './shaping.js';

const matmulOperator = defineOperator<Record<string, never>>({
  name: 'matmul',
  infer: ([a, b]) => {
    const [left = [], right = []] = [a?.shape, b?.shape];
    if (left.length < 2 || right.length < 2 || left.at(-1) !== right.at(-2)) {
      throw new RangeError(`${showShape(left)} and ${showShape(right)} have no matrix product`);
    }
    const batch = broadcastShapes(left.slice(0, -2), right.slice(0, -2));
    return { shape: [...batch, left.at(-2) ?? 1, right.at(-1) ?? 1], dtype: 'float32' };
  },
  derivative: (gradient, { inputs: [a, b] }) => {
    if (a === undefined || b === undefined) return [];
    return [
      sumToShape(matmul(gradient, transposeLast(b)), a.shape),
      sumToShape(matmul(transposeLast(a), gradient), b.shape),
    ];
  },
  lower: (lowering, { inputs }) =>
    lowering.node(
      'MatMul',
      inputs.map((tensor) => lowering.plain(tensor)),
    ),
});

/** [..., n, k] · [..., k, m] = [..., n, m], leading axes broadcast. */
export const matmul = (a: Tensor, b: Tensor): Tensor => matmulOperator([a, b], {});

function transposeLast(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

const linearOperator = defineOperator<Record<string, never>>({
  name: 'linear',
  infer: (given) => {
    const [x = [], weight = [], bias] = given.map(({ shape }) => shape);
    const fits = x.length === 2 && weight.length === 2 && x[1] === weight[1];
    if (!fits || (bias !== undefined && (bias.length !== 1 || bias[0] !== weight[0]))) {
      const shapes = given.map(({ shape }) => showShape(shape));
      throw new RangeError(`linear takes [N, in], weights [out, in] and a bias [out], not ${shapes.join(', ')}`);
    }
    return { shape: [x[0] ?? 1, weight[0] ?? 1], dtype: 'float32' };
  },
  derivative: (gradient, { inputs: [x, weight] }) => {
    if (x === undefined || weight === undefined) return [];
    return [matmul(gradient, weight), matmul(transposeLast(gradient), x), reduceSum(gradient, [0])];
  },
  lower: (lowering, { inputs }) =>
    lowering.node(
      'Gemm',
      inputs.map((tensor) => lowering.plain(tensor)),
      { transB: 1 },
    ),
});

/** x [N, in] · weightᵀ, weight [out, in], plus bias [out] where there is one. */
export const linear = (x: Tensor, weight: Tensor, bias?: Tensor): Tensor =>
  linearOperator(bias === undefined ? [x, weight] : [x, weight, bias], {});

const gramOperator = defineOperator<Record<string, never>>({
  name: 'gram',
  infer: ([x]) => {
    const [count = 1] = x?.shape ?? [];
    return { shape: [count, count], dtype: 'float32' };
  },
  derivative: (gradient, { inputs: [x] }) => {
    if (x === undefined) return [];
    const both = add(gradient, transpose(gradient, [1, 0]));
    return [reshape(matmul(both, rowsOf(x)), x.shape)];
  },
  lower: (lowering, { inputs: [x] }) => (x === undefined ? '' : gramOf(lowering, lowering.plain(x), rowSizes(x))),
  // Products do not depend on the order of the elements, and padding adds nothing to them.
  lowerBlocked: (lowering, { inputs: [x] }) => {
    if (x === undefined || lowering.blocks === null || lowering.layoutOf(x) !== 'blocked') return null;
    const [count = 1, channels = 1, height = 1, width = 1] = x.shape;
    const sizes = [count, paddedChannels(channels, lowering.blocks) * height * width] as const;
    return { name: gramOf(lowering, lowering.blocked(x), sizes), layout: 'plain' };
  },
});

function gramOf(lowering: Lowering, x: string, sizes: readonly [number, number]): string {
  const rows = lowering.node('Reshape', [x, lowering.integers(sizes)]);
  return lowering.node('MatMul', [rows, lowering.node('Transpose', [rows], { perm: [1, 0] })]);
}

const rowSizes = ({ shape: [count = 1, ...others] }: Tensor): readonly [number, number] => [
  count,
  elementCount(others),
];

const rowsOf = (x: Tensor): Tensor => reshape(x, rowSizes(x));

/** The inner products of the items of x [N, …] with one another: [N, N]. */
export const gram = (x: Tensor): Tensor => gramOperator([x], {});
