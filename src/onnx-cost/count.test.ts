/** @file ONNX files are counted by the conventions of networks, whatever wrote them. */
import { describe, expect, test } from 'vitest';
import { trainedWeights } from '../../test/onnx-cost.js';
import { nodeEngine } from '../engine/node-engine.js';
import { UsageError } from '../error.js';
import { exportOnnx } from '../nn/export.js';
import { foldBatchNorm } from '../nn/fold-batch-norm.js';
import { presets } from '../nn/presets/index.js';
import { encodeModel, Float, type OnnxAttributes, type OnnxConstant, type OnnxNode } from '../tensor/onnx.js';
import { countOnnx } from './count.js';

const engine = nodeEngine();
const normalization = { mean: [120, 110, 100], std: [60, 50, 40] };

describe('exported networks', () => {
  const names = [
    'mobilenet_v2',
    'mobilenet_v3_small',
    'shufflenet_v1_g3',
    'shufflenet_v1_g4',
    'shufflenet_v2_x0_5',
    'resnet-16',
  ];
  test.each(Object.entries(presets).filter(([name]) => names.includes(name)))(
    '%s costs as an ONNX file what it costs as a network',
    async (_, preset) => {
      const network = preset.build({ input: { channels: 3, height: 64, width: 64 }, classes: 7 });
      const weights = trainedWeights(network);
      const { layers, ...plain } = await countOnnx(
        engine,
        exportOnnx(network, weights, { normalization, foldBatchNorm: false }),
      );
      expect(plain).toEqual(network.cost());
      expect(layers.reduce((sum, layer) => sum + layer.macs, 0)).toBe(plain.macs);
      const folded = await countOnnx(engine, exportOnnx(network, weights, { normalization }));
      expect(folded).toMatchObject(foldBatchNorm({ network, weights }).network.cost());
    },
  );
});

const node = (operator: string, inputs: string[], outputs: string[], attributes: OnnxAttributes = {}): OnnxNode => ({
  operator,
  domain: operator.includes('.') ? 'com.example' : '',
  inputs,
  outputs,
  attributes,
});
const weight = (name: string, shape: number[]): OnnxConstant => ({
  name,
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(0.1),
});
const integers = (name: string, values: number[]): OnnxConstant => ({
  name,
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

const model = (
  nodes: OnnxNode[],
  constants: OnnxConstant[],
  shape: (number | null)[] = [null, 4, 8, 8],
  output = 'y',
): Uint8Array =>
  encodeModel({
    nodes,
    constants,
    inputs: [{ name: 'x', shape, dtype: 'float32' }],
    outputs: [{ name: output, shape: [], dtype: 'float32' }],
    metadata: {},
  });

/** The shape that ONNX Runtime gives the output for one image. */
async function runtimeShape(bytes: Uint8Array, shape: number[]): Promise<readonly number[]> {
  const session = await nodeEngine().load(bytes);
  const size = shape.reduce((product, each) => product * each, 1);
  const { y } = await session.run({ x: { shape, data: new Float32Array(size).fill(0.5) } });
  await session.release();
  return y?.shape ?? [];
}

describe('operators', () => {
  const scalars: OnnxConstant[] = [0, 1, 2, 3].map((value) => ({
    name: `axis${value}`,
    shape: [],
    data: BigInt64Array.of(BigInt(value)),
  }));
  test.each<[string, OnnxNode[], OnnxConstant[]]>([
    [
      'Conv, strided and padded on one side',
      [node('Conv', ['x', 'w'], ['y'], { strides: [2, 1], pads: [1, 0, 0, 2] })],
      [weight('w', [6, 4, 3, 3])],
    ],
    [
      'Conv, SAME_UPPER',
      [node('Conv', ['x', 'w'], ['y'], { strides: [3, 3], auto_pad: 'SAME_UPPER' })],
      [weight('w', [6, 4, 3, 3])],
    ],
    [
      'ConvTranspose',
      [
        node('ConvTranspose', ['x', 'w', 'b'], ['y'], {
          strides: [2, 2],
          pads: [1, 1, 1, 1],
          output_padding: [1, 1],
          group: 2,
        }),
      ],
      [weight('w', [4, 3, 3, 3]), weight('b', [6])],
    ],
    [
      'Pad by a computed list, as PyTorch exports it',
      [
        node('Slice', ['pairs', 'last', 'first', 'zero', 'last'], ['backwards']),
        node('Transpose', ['backwards'], ['sides'], { perm: [1, 0] }),
        node('Reshape', ['sides', 'last'], ['pads']),
        node('Pad', ['x', 'pads'], ['y']),
      ],
      [
        { name: 'pairs', shape: [4, 2], data: BigInt64Array.of(1n, 2n, 3n, 4n, 0n, 5n, 0n, 0n) },
        integers('last', [-1]),
        integers('first', [-100]),
        integers('zero', [0]),
      ],
    ],
    [
      'Expand to computed sizes, as PyTorch exports it',
      [
        node('Equal', ['sizes', 'free'], ['isFree']),
        node('Where', ['isFree', 'ones', 'sizes'], ['shape']),
        node('Expand', ['x', 'shape'], ['y']),
      ],
      [integers('sizes', [3, 1, 4, -1, 8]), integers('free', [-1, -1, -1, -1, -1]), integers('ones', [1, 1, 1, 1, 1])],
    ],
    ['MaxPool, ceiling', [node('MaxPool', ['x'], ['y'], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 })], []],
    ['AveragePool', [node('AveragePool', ['x'], ['y'], { kernel_shape: [2, 3], pads: [0, 1, 0, 1] })], []],
    [
      'GlobalAveragePool and Flatten and Gemm',
      [
        node('GlobalAveragePool', ['x'], ['p']),
        node('Flatten', ['p'], ['f']),
        node('Gemm', ['f', 'w', 'b'], ['y'], { transB: 1 }),
      ],
      [weight('w', [5, 4]), weight('b', [5])],
    ],
    [
      'ReduceMean, Unsqueeze, Squeeze',
      [
        node('ReduceMean', ['x', 'axes'], ['r'], { keepdims: 0 }),
        node('Unsqueeze', ['r', 'last'], ['u']),
        node('Squeeze', ['u', 'last'], ['y']),
      ],
      [integers('axes', [-1, 2]), integers('last', [-1])],
    ],
    [
      'Slice with steps from behind',
      [node('Slice', ['x', 's', 'e', 'a', 't'], ['y'])],
      [integers('s', [-1, 1]), integers('e', [-100, 100]), integers('a', [3, 1]), integers('t', [-2, 1])],
    ],
    [
      'Pad and Transpose',
      [node('Pad', ['x', 'p'], ['q']), node('Transpose', ['q'], ['y'], { perm: [0, 2, 3, 1] })],
      [integers('p', [0, 0, 1, 2, 0, 1, 0, 3])],
    ],
    [
      'Split and Concat',
      [node('Split', ['x', 's'], ['a', 'b'], { axis: 1 }), node('Concat', ['b', 'a', 'b'], ['y'], { axis: 1 })],
      [integers('s', [1, 3])],
    ],
    [
      'Resize by scales',
      [node('Resize', ['x', '', 's'], ['y'], { mode: 'nearest' })],
      [{ name: 's', shape: [4], data: Float32Array.of(1, 1, 2, 1.5) }],
    ],
    ['DepthToSpace', [node('DepthToSpace', ['x'], ['y'], { blocksize: 2 })], []],
    [
      'HardSwish, Clip, PRelu',
      [node('HardSwish', ['x'], ['h']), node('PRelu', ['h', 'w'], ['y'])],
      [weight('w', [4, 1, 1])],
    ],
    [
      'BatchNormalization',
      [node('BatchNormalization', ['x', 'w', 'w', 'w', 'w'], ['y'], { epsilon: new Float(1e-3) })],
      [weight('w', [4])],
    ],
    [
      'Reshape to sizes that the model computes from its own shape',
      [
        node('Shape', ['x'], ['shape']),
        node('Gather', ['shape', 'axis0'], ['batch']),
        node('Gather', ['shape', 'axis2'], ['height']),
        node('Mul', ['height', 'axis2'], ['doubled']),
        node('Unsqueeze', ['batch', 'first'], ['b']),
        node('Unsqueeze', ['doubled', 'first'], ['h']),
        node('Concat', ['b', 'rest', 'h'], ['target'], { axis: 0 }),
        node('Reshape', ['x', 'target'], ['y']),
      ],
      [...scalars, integers('first', [0]), integers('rest', [-1])],
    ],
  ])('%s has the shape that ONNX Runtime gives', async (_, nodes, constants) => {
    const bytes = model(nodes, constants);
    const expected = await runtimeShape(bytes, [1, 4, 8, 8]);
    expect((await countOnnx(engine, bytes)).layers.at(-1)?.outputShape).toEqual(expected.slice(1));
  });

  test('weights, biases and multiply-accumulates of each kind of layer', async () => {
    const convolution = model(
      [node('Conv', ['x', 'w', 'b'], ['y'], { group: 2 })],
      [weight('w', [6, 2, 3, 3]), weight('b', [6])],
    );
    expect(await countOnnx(engine, convolution)).toMatchObject({
      params: 6 * 2 * 9 + 6,
      macs: 6 * 6 * 6 * 2 * 9,
      peakActivationBytes: 4 * (256 + 216),
    });
    const transposed = model(
      [node('ConvTranspose', ['x', 'w'], ['y'], { strides: [2, 2] })],
      [weight('w', [4, 3, 2, 2])],
    );
    expect(await countOnnx(engine, transposed)).toMatchObject({ params: 48, macs: 8 * 8 * 4 * 3 * 4 });
    const product = model(
      [node('Flatten', ['x'], ['f']), node('MatMul', ['f', 'w'], ['m']), node('Add', ['m', 'b'], ['y'])],
      [weight('w', [256, 10]), weight('b', [10])],
    );
    expect(await countOnnx(engine, product)).toMatchObject({ params: 2570, macs: 2560, peakActivationBytes: 4 * 266 });
  });

  test('shared weights count once, running statistics and the scaling of the input not at all', async () => {
    const bytes = model(
      [
        node('Mul', ['x', 's'], ['scaled']),
        node('Conv', ['scaled', 'w'], ['a']),
        node('Conv', ['a', 'w'], ['b']),
        node('BatchNormalization', ['b', 'gamma', 'beta', 'mean', 'variance'], ['y']),
      ],
      [
        weight('s', [1, 4, 1, 1]),
        weight('w', [4, 4, 1, 1]),
        ...['gamma', 'beta', 'mean', 'variance'].map((name) => weight(name, [4])),
      ],
    );
    expect(await countOnnx(engine, bytes)).toMatchObject({ params: 16 + 8, macs: 2 * 16 * 64 });
  });

  test('a constant that is repeated counts as what the file holds', async () => {
    const repeated = async (value: OnnxConstant) =>
      (
        await countOnnx(
          engine,
          model(
            [node('Expand', ['c', 'shape'], ['e']), node('Conv', ['x', 'w'], ['r']), node('Add', ['r', 'e'], ['y'])],
            [value, weight('w', [4, 4, 1, 1]), integers('shape', [1, 4, 8, 8])],
          ),
        )
      ).params;
    expect(await repeated(weight('c', []))).toBe(16);
    expect(await repeated(weight('c', [4, 1, 1]))).toBe(16 + 4);
  });

  test('a model of fixed batch is counted for one image', async () => {
    const nodes = [node('Conv', ['x', 'w'], ['y'])];
    const one = await countOnnx(engine, model(nodes, [weight('w', [6, 4, 3, 3])]));
    expect(await countOnnx(engine, model(nodes, [weight('w', [6, 4, 3, 3])], [8, 4, 8, 8]))).toEqual(one);
  });
});

describe('what cannot be counted', () => {
  const convolution = [node('Conv', ['x', 'w'], ['y'])];
  test.each<[string, () => Uint8Array, RegExp]>([
    ['no model', () => new TextEncoder().encode('hello'), /^This is no ONNX model/],
    ['nothing', () => new Uint8Array(), /^This is no ONNX model/],
    [
      'operators of unknown cost',
      () => model([node('Det', ['x'], ['a']), node('x.Fancy', ['a'], ['y'])], []),
      /^This model cannot be counted: it is not known what Det, com\.example\.x\.Fancy costs\.$/,
    ],
    [
      'free sizes of images',
      () => model(convolution, [weight('w', [6, 4, 3, 3])], [null, 4, null, null]),
      /input "x" free: \[\?, 4, \?, \?\]/,
    ],
    [
      'a shape of the wrong type',
      () => model([node('Reshape', ['x', 'x'], ['y'])], []),
      /^ONNX Runtime cannot load the model: .*Type Error: .*'tensor\(float\)' of input parameter \(x\) of operator \(Reshape\)/,
    ],
    [
      'a convolution of other channels',
      () => model(convolution, [weight('w', [6, 3, 3, 3])]),
      /^ONNX Runtime cannot run the model: .*Conv node.*'y'.* C: 4 kernel channels: 3/,
    ],
    [
      'a product of other columns',
      () => model([node('Flatten', ['x'], ['f']), node('Gemm', ['f', 'w'], ['y'])], [weight('w', [10, 5])]),
      /^ONNX Runtime cannot load the model: Node \(y\) Op \(Gemm\).*/,
    ],
    ['a missing input', () => model(convolution, []), /^ONNX Runtime cannot load the model: Invalid model.*w/],
    [
      'more than memory holds',
      () =>
        model(
          [node('Tile', ['x', 'times'], ['t']), node('Relu', ['t'], ['r']), node('ReduceMax', ['r'], ['y'])],
          [integers('times', [1, 64, 512, 512])],
        ),
      /^Counting runs the model once, and its values would take 32\.0 GiB at once: 4 GiB is the most\./,
    ],
  ])('%s is an error that says so', async (_, bytes, message) => {
    const counted = countOnnx(engine, bytes());
    await expect(counted).rejects.toThrow(UsageError);
    await expect(counted).rejects.toThrow(message);
  });

  test('free sizes of images can be given, as far as they are free', async () => {
    const bytes = model(convolution, [weight('w', [6, 4, 3, 3])], [null, 4, null, null]);
    expect((await countOnnx(engine, bytes, { inputShape: [1, 4, 8, 8] })).macs).toBe(36 * 6 * 36);
    await expect(countOnnx(engine, bytes, { inputShape: [1, 3, 8, 8] })).rejects.toThrow(
      'input "x" is [?, 4, ?, ?]: [1, 3, 8, 8] does not fit',
    );
  });
});
