/** @file Costs of models with loops, branches, functions, recurrent, quantised and fused operators, and what of them are parameters. */
import onnxProto, { type onnx as Proto } from 'onnx-proto';
import { expect, test } from 'vitest';
import { nodeEngine } from '../engine/node-engine.js';
import { countOnnx } from './count.js';
import { einsumMacs } from './einsum.js';

const { ModelProto, AttributeProto, TensorProto } = onnxProto.onnx;
const { AttributeType } = AttributeProto;
const { FLOAT, FLOAT16, INT8, INT32, INT64, UINT8, BOOL } = TensorProto.DataType;
const engine = nodeEngine();

type Attribute = number | string | number[] | Proto.IGraphProto;
const attribute = (name: string, value: Attribute): Proto.IAttributeProto => {
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  if (Array.isArray(value)) return { name, type: AttributeType.INTS, ints: value };
  return { name, type: AttributeType.GRAPH, g: value };
};

/** A node as `Operator inputs -> outputs`, with `-` for an input left out; a dot parts a domain from the operator. */
const node = (text: string, attributes: { [name: string]: Attribute } = {}): Proto.INodeProto => {
  const [left = '', right = ''] = text.split(' -> ');
  const [operator = '', ...input] = left.split(' ');
  const dot = operator.lastIndexOf('.');
  return {
    domain: operator.slice(0, Math.max(dot, 0)),
    opType: operator.slice(dot + 1),
    input: input.map((name) => (name === '-' ? '' : name)),
    output: right.split(' '),
    attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  };
};

const port = (name: string, elemType: number = FLOAT, shape?: (number | string)[]): Proto.IValueInfoProto => ({
  name,
  type: {
    tensorType: {
      elemType,
      ...(shape && {
        shape: { dim: shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size })) },
      }),
    },
  },
});

const BYTES: Record<number, number> = {
  [FLOAT]: 4,
  [FLOAT16]: 2,
  [INT8]: 1,
  [UINT8]: 1,
  [INT32]: 4,
  [INT64]: 8,
  [BOOL]: 1,
};
/** A constant all of whose bytes are `fill`. */
const weight = (name: string, dims: number[], dataType: number = FLOAT, fill = 60): Proto.ITensorProto => ({
  name,
  dims,
  dataType,
  rawData: new Uint8Array(dims.reduce((count, size) => count * size, BYTES[dataType] ?? 1)).fill(fill),
});
const longs = (name: string, values: number[], dims = [values.length]): Proto.ITensorProto => ({
  name,
  dims,
  dataType: INT64,
  int64Data: values,
});

interface Parts {
  inputs?: Proto.IValueInfoProto[];
  outputs?: string[];
  functions?: Proto.IFunctionProto[];
  opset?: number;
}
const count = (nodes: Proto.INodeProto[], initializer: Proto.ITensorProto[], parts: Parts = {}) => {
  const { inputs = [port('x', FLOAT, ['N', 4, 8, 8])], outputs = ['y'], functions = [], opset = 18 } = parts;
  const domains = ['com.microsoft', ...functions.map(({ domain }) => domain ?? '')];
  return countOnnx(
    engine,
    ModelProto.encode({
      irVersion: 9,
      opsetImport: [{ domain: '', version: opset }, ...domains.map((domain) => ({ domain, version: 1 }))],
      functions,
      graph: { name: 'g', node: nodes, initializer, input: inputs, output: outputs.map((name) => ({ name })) },
    }).finish(),
  );
};

const rows = port('x', FLOAT, ['N', 16]);

test('a loop counts what its iterations did, each with its own shapes, its weights once', async () => {
  const body = {
    name: 'body',
    input: [port('i', INT64, []), port('go', BOOL, []), port('h', FLOAT)],
    node: [
      node('Identity go -> goOn'),
      node('Gemm h w -> p'),
      node('Concat h p -> longer', { axis: 0 }),
      node('ReduceMax p -> most', { keepdims: 0 }),
    ],
    output: [port('goOn', BOOL, []), port('longer', FLOAT), port('most', FLOAT, [])],
  };
  const cost = await count(
    [node('Loop times - x -> y all', { body })],
    [longs('times', [3], []), weight('w', [16, 16])],
    {
      inputs: [rows],
      outputs: ['y', 'all'],
    },
  );
  // 1, 2, and then 4 rows.
  expect(cost).toMatchObject({ params: 256, macs: 7 * 256 });
  expect(cost.layers.find(({ operator }) => operator === 'Gemm')).toMatchObject({ params: 256, macs: 7 * 256 });
  const none = await count(
    [node('Loop times - x -> y all', { body })],
    [longs('times', [0], []), weight('w', [16, 16])],
    {
      inputs: [rows],
      outputs: ['y'],
    },
  );
  expect(none).toMatchObject({ params: 0, macs: 0 });
});

test('only the branch that ran counts, also within loops', async () => {
  const branch = (name: string, out: number) => ({
    name,
    node: [node(`Gemm x w${out} -> ${name}`)],
    initializer: [weight(`w${out}`, [16, out])],
    output: [port(name)],
  });
  const chosen = { then_branch: branch('wide', 32), else_branch: branch('narrow', 8) };
  const rank = [node('Size x -> size'), node('Less size limit -> isSmall'), node('If isSmall -> y', chosen)];
  const small = await count(rank, [longs('limit', [100], [])], { inputs: [rows] });
  expect(small).toMatchObject({ params: 512, macs: 512 });
  const large = await count(rank, [longs('limit', [1], [])], { inputs: [rows] });
  expect(large).toMatchObject({ params: 128, macs: 128 });
  const body = {
    name: 'body',
    input: [port('i', INT64, []), port('go', BOOL, []), port('h', FLOAT)],
    node: [
      node('Identity go -> goOn'),
      node('Less i limit -> isEarly'),
      node('If isEarly -> some', chosen),
      node('ReduceMean some -> next', { keepdims: 1 }),
    ],
    output: [port('goOn', BOOL, []), port('next', FLOAT)],
  };
  const looped = await count(
    [node('Loop times - x -> y', { body })],
    [longs('times', [5], []), longs('limit', [2], [])],
    {
      inputs: [rows],
    },
  );
  expect(looped).toMatchObject({ params: 512 + 128, macs: 2 * 512 + 3 * 128 });
});

test('a scan counts each step', async () => {
  const body = {
    name: 'body',
    input: [port('h', FLOAT, [1, 5]), port('step', FLOAT, [1, 16])],
    node: [node('Gemm step w h -> next'), node('Relu next -> shown')],
    output: [port('next', FLOAT, [1, 5]), port('shown', FLOAT, [1, 5])],
  };
  const cost = await count(
    [node('Scan h0 x -> last y', { body, num_scan_inputs: 1 })],
    [weight('w', [16, 5]), weight('h0', [1, 5])],
    {
      inputs: [port('x', FLOAT, [7, 1, 16])],
      outputs: ['y'],
    },
  );
  expect({ params: cost.params, macs: cost.macs * 7 }).toEqual({ params: 80, macs: 7 * 80 });
});

test('functions of the model are counted where they are called', async () => {
  const called: Proto.IFunctionProto = {
    domain: 'own',
    name: 'Block',
    input: ['a', 'w'],
    output: ['b'],
    attribute: ['pads'],
    node: [
      { ...node('Conv a w -> c'), attribute: [{ name: 'pads', refAttrName: 'pads', type: AttributeType.INTS }] },
      node('Relu c -> b'),
    ],
    opsetImport: [{ domain: '', version: 18 }],
  };
  const pads = [1, 1, 1, 1];
  const cost = await count(
    [node('own.Block x w -> h', { pads }), node('own.Block h w -> y', { pads })],
    [weight('w', [4, 4, 3, 3])],
    { functions: [called] },
  );
  expect(cost).toMatchObject({ params: 144, macs: 2 * 64 * 144 });
});

test.each<[string, Proto.INodeProto[], Proto.ITensorProto[], Parts, { params: number; macs: number }]>([
  [
    'LSTM, in both directions',
    [node('LSTM x w r b -> y', { hidden_size: 5, direction: 'bidirectional' })],
    [weight('w', [2, 20, 16]), weight('r', [2, 20, 5]), weight('b', [2, 40])],
    { inputs: [port('x', FLOAT, [7, 1, 16])] },
    { params: 2 * (20 * 21 + 40), macs: 7 * 2 * 20 * 21 },
  ],
  [
    'GRU',
    [node('GRU x w r -> y', { hidden_size: 5 })],
    [weight('w', [1, 15, 16]), weight('r', [1, 15, 5])],
    { inputs: [port('x', FLOAT, [7, 'N', 16])] },
    { params: 15 * 21, macs: 7 * 15 * 21 },
  ],
  [
    'RNN with a batch in front',
    [node('RNN x w r -> y', { hidden_size: 5, layout: 0 })],
    [weight('w', [1, 5, 16]), weight('r', [1, 5, 5])],
    { inputs: [port('x', FLOAT, [7, 2, 16])] },
    { params: 5 * 21, macs: 7 * 5 * 21 },
  ],
  ['matrix × vector', [node('MatMul x w -> y')], [weight('w', [16])], { inputs: [rows] }, { params: 16, macs: 16 }],
  [
    'vector × matrix',
    [node('MatMul x w -> y')],
    [weight('w', [16, 3])],
    { inputs: [port('x', FLOAT, [16])] },
    { params: 48, macs: 48 },
  ],
  [
    'a stack of matrices',
    [node('MatMul x w -> y')],
    [weight('w', [4, 8, 5])],
    {},
    { params: 160, macs: 4 * 8 * 8 * 5 },
  ],
  [
    'Einsum',
    [node('Einsum x w -> y', { equation: 'nchw,cd->ndhw' })],
    [weight('w', [4, 6])],
    {},
    { params: 24, macs: 64 * 24 },
  ],
  [
    'a quantised convolution',
    [
      node('QuantizeLinear x s z -> q'),
      node('QLinearConv q s z w s zw s z b -> c'),
      node('DequantizeLinear c s z -> y'),
    ],
    [
      weight('s', []),
      weight('z', [], UINT8),
      weight('w', [6, 4, 3, 3], INT8),
      weight('zw', [], INT8, 0),
      weight('b', [6], INT32),
    ],
    {},
    { params: 216 + 6, macs: 36 * 216 },
  ],
  [
    'quantised weights of a float convolution',
    [node('DequantizeLinear w s zw -> f'), node('DequantizeLinear b s -> g'), node('Conv x f g -> y')],
    [weight('s', []), weight('w', [6, 4, 3, 3], INT8), weight('zw', [], INT8, 0), weight('b', [6], INT32)],
    {},
    { params: 216 + 6, macs: 36 * 216 },
  ],
  [
    'a product quantised as it runs',
    [
      node('DynamicQuantizeLinear x -> q s z'),
      node('MatMulInteger q w z -> i'),
      node('Cast i -> f', { to: FLOAT }),
      node('Mul s sw -> both'),
      node('Mul f both -> p'),
      node('Add p b -> y'),
    ],
    [weight('w', [16, 6], UINT8), weight('sw', [6]), weight('b', [6])],
    { inputs: [rows] },
    { params: 96 + 6, macs: 96 },
  ],
  [
    'ConvInteger and QLinearMatMul',
    [node('ConvInteger q w -> i'), node('Cast i -> u', { to: UINT8 }), node('QLinearMatMul u s z m s z s z -> y')],
    [weight('w', [6, 4, 3, 3], UINT8), weight('m', [6, 5], UINT8), weight('s', []), weight('z', [], UINT8)],
    { inputs: [port('q', UINT8, ['N', 4, 8, 8])] },
    { params: 216 + 30, macs: 36 * 216 + 6 * 6 * 6 * 5 },
  ],
  [
    'fused operators of ONNX Runtime',
    [
      node('com.microsoft.FusedConv x w b -> c', { activation: 'Relu' }),
      node('GlobalAveragePool c -> p'),
      node('Flatten p -> f'),
      node('com.microsoft.FusedGemm f m -> g', { activation: 'Relu' }),
      node('com.microsoft.FusedMatMul g n -> y'),
    ],
    [weight('w', [6, 4, 3, 3]), weight('b', [6]), weight('m', [6, 5]), weight('n', [5, 3])],
    {},
    { params: 216 + 6 + 30 + 15, macs: 36 * 216 + 30 + 15 },
  ],
  [
    'attention of ONNX Runtime',
    [node('com.microsoft.Attention x w b -> y', { num_heads: 2 })],
    [weight('w', [16, 48]), weight('b', [48])],
    { inputs: [port('x', FLOAT, ['N', 7, 16])] },
    { params: 768 + 48, macs: 7 * 768 + 2 * 7 * 7 * 16 },
  ],
  [
    'half floats',
    [node('Conv x w -> y')],
    [weight('w', [6, 4, 3, 3], FLOAT16)],
    { inputs: [port('x', FLOAT16, ['N', 4, 8, 8])] },
    { params: 216, macs: 36 * 216 },
  ],
  [
    'lists of tensors',
    [
      node('SplitToSequence x -> parts', { axis: 1, keepdims: 1 }),
      node('SequenceAt parts at -> one'),
      node('Conv one w -> y'),
    ],
    [longs('at', [1], []), weight('w', [6, 1, 3, 3])],
    {},
    { params: 54, macs: 36 * 54 },
  ],
  [
    'an embedding and places',
    [node('Gather table x -> e'), node('Add e places -> h'), node('MatMul h w -> y')],
    [weight('table', [100, 8]), weight('places', [5, 8]), weight('w', [8, 3])],
    { inputs: [port('x', INT64, ['N', 5])] },
    { params: 800 + 40 + 24, macs: 5 * 24 },
  ],
  [
    'an embedding alone',
    [node('Gather table x -> y')],
    [weight('table', [100, 8])],
    { inputs: [port('x', INT64, ['N', 5])] },
    { params: 800, macs: 0 },
  ],
  [
    'single numbers, and what interprets the answer',
    [
      node('Mul x half -> scaled'),
      node('MatMul scaled w -> p'),
      node('Add p b -> logits'),
      node('Mul logits std -> wide'),
      node('Add wide mean -> y'),
      node('ArgMax logits -> best', { axis: 1, keepdims: 0 }),
      node('Gather names best -> name'),
    ],
    [
      weight('half', [1]),
      weight('w', [16, 6]),
      weight('b', [6]),
      weight('std', [6]),
      weight('mean', [6]),
      weight('names', [6, 3]),
    ],
    { inputs: [rows], outputs: ['y', 'name'] },
    { params: 96 + 6, macs: 96 },
  ],
  [
    'anchors after a convolution with a bias',
    [node('Conv x w b -> c'), node('Sigmoid c -> s'), node('Mul s anchors -> y')],
    [weight('w', [6, 4, 3, 3]), weight('b', [6]), weight('anchors', [6, 6, 6])],
    {},
    { params: 222, macs: 36 * 216 },
  ],
  [
    'a class token, the scale of a layer, and the last norm written out',
    [
      node('Concat token x -> h', { axis: 1 }),
      node('MatMul h w -> p'),
      node('Mul p gamma -> m'),
      node('MatMul m w2 -> o'),
      node('ReduceMean o last -> mean'),
      node('Sub o mean -> centred'),
      node('Mul centred centred -> squares'),
      node('ReduceMean squares last -> variance'),
      node('Sqrt variance -> deviation'),
      node('Div centred deviation -> normal'),
      node('Mul normal scale -> scaled'),
      node('Add scaled shift -> y'),
    ],
    [
      weight('token', [1, 1, 16]),
      weight('w', [16, 6]),
      weight('gamma', [6]),
      weight('w2', [6, 4]),
      weight('scale', [4]),
      weight('shift', [4]),
      longs('last', [-1]),
    ],
    { inputs: [port('x', FLOAT, ['N', 3, 16])] },
    { params: 96 + 6 + 24 + 8, macs: 4 * (96 + 24) },
  ],
  [
    'transposed and shared weights',
    [node('Gather table x -> e'), node('Transpose table -> t'), node('MatMul e t -> y')],
    [weight('table', [100, 8])],
    { inputs: [port('x', INT64, ['N', 5])] },
    { params: 800, macs: 5 * 800 },
  ],
])('%s', async (_, nodes, constants, parts, cost) => {
  expect(await count(nodes, constants, parts)).toMatchObject(cost);
});

test.each<[string, number[][], number]>([
  [
    'ij,jk->ik',
    [
      [2, 3],
      [3, 5],
    ],
    30,
  ],
  [
    'ij,jk',
    [
      [2, 3],
      [3, 5],
    ],
    30,
  ],
  [
    '...ij,...jk->...ik',
    [
      [7, 1, 2, 3],
      [4, 3, 5],
    ],
    7 * 4 * 30,
  ],
  [
    'bij,bij->bij',
    [
      [2, 3, 5],
      [2, 3, 5],
    ],
    0,
  ],
  [
    'bij,bij->b',
    [
      [2, 3, 5],
      [2, 3, 5],
    ],
    30,
  ],
  ['ij->ji', [[2, 3]], 0],
  [
    'ij,jk,kl->il',
    [
      [2, 3],
      [3, 5],
      [5, 7],
    ],
    30 + 70,
  ],
])('Einsum %s of %j takes %i multiply-accumulates', (equation, shapes, macs) => {
  expect(einsumMacs(equation, shapes)).toBe(macs);
});
