/** @file Emitted models compute what the tensors say, each part once, and carry the names that they were given. */
import onnxProto from 'onnx-proto';
import { describe, expect, test } from 'vitest';
import { blockSize } from '../engine/blocked-kernels.js';
import type { EngineArray } from '../engine/engine.js';
import { nodeEngine } from '../engine/node-engine.js';
import {
  add,
  batchNormInference,
  channelShuffle,
  constant,
  conv2d,
  emitModel,
  exp,
  fill,
  globalAvgPool,
  gradients,
  hardSigmoid,
  input,
  linear,
  maxPool2d,
  mul,
  reduceMean,
  relu,
  reshape,
  scalar,
  softmax,
  sub,
  type Tensor,
  tanh,
} from './index.js';

const engine = nodeEngine();

const decode = (model: Uint8Array) => onnxProto.onnx.ModelProto.decode(model);
const nodesOf = (outputs: { readonly [name: string]: Tensor }): string[] =>
  (decode(emitModel(outputs)).graph?.node ?? []).map(({ opType }) => opType ?? '');
const count = (nodes: readonly string[], operator: string): number => nodes.filter((name) => name === operator).length;

async function run(model: Uint8Array, feeds: Record<string, EngineArray>) {
  const session = await engine.load(model);
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

describe('equal parts', () => {
  test('equal applications of operators become one node, however deep', () => {
    const x = input('x', [2, 3]);
    const branch = () => tanh(exp(mul(x, constant([1, 2, 3], [3]))));
    const nodes = nodesOf({ y: add(branch(), branch()) });
    expect([count(nodes, 'Mul'), count(nodes, 'Exp'), count(nodes, 'Tanh'), count(nodes, 'Add')]).toEqual([1, 1, 1, 1]);
  });

  test('what differs in an attribute, an input or the order of inputs stays apart', () => {
    const [x, weight] = [input('x', [1, 4, 6, 6]), input('weight', [4, 4, 3, 3])];
    const nodes = nodesOf({
      a: conv2d(x, weight, { padding: 1 }),
      b: conv2d(x, weight, { padding: 1, dilation: 2 }),
      c: sub(x, fill(x.shape, 2)),
      d: sub(fill(x.shape, 2), x),
    });
    expect([count(nodes, 'Conv'), count(nodes, 'Sub')]).toEqual([2, 2]);
  });

  test('equal inputs are one input, equal outputs are two names of one value', async () => {
    const y = () => exp(input('x', [2]));
    const model = emitModel({ a: y(), b: y() });
    expect(decode(model).graph?.input).toHaveLength(1);
    expect(await run(model, { x: { shape: [2], data: Float32Array.of(0, 1) } })).toMatchObject({
      a: { data: Float32Array.of(1, Math.fround(Math.E)) },
      b: { data: Float32Array.of(1, Math.fround(Math.E)) },
    });
  });

  test('constants are compared by value, shape and dtype', () => {
    const constants = (...tensors: Tensor[]): number =>
      decode(emitModel(Object.fromEntries(tensors.map((tensor, index) => [`y${index}`, tensor])))).graph?.initializer
        ?.length ?? 0;
    expect(constants(constant([1, 2], [2]), constant([1, 2], [2]), constant(Float32Array.of(1, 2), [2]))).toBe(1);
    expect(constants(constant([1, 2], [2]), constant([2, 1], [2]))).toBe(2);
    expect(constants(constant([1, 2], [2]), constant([1, 2], [2, 1]))).toBe(2);
    expect(constants(constant([1, 2], [2]), constant(Int32Array.of(1, 2), [2]))).toBe(2);
  });

  test('infinities, zeros of either sign and what is no number stay apart', async () => {
    const values = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0, -0];
    const outputs = Object.fromEntries(values.map((value, index) => [`y${index}`, constant([value, 1], [2])]));
    const results = await run(emitModel(outputs), {});
    values.forEach((value, index) => {
      expect(results[`y${index}`]?.data[0]).toBe(value);
    });
  });

  test('a gradient shares the forward pass', () => {
    const [x, weight] = [input('x', [2, 3]), input('weight', [4, 3])];
    const y = tanh(linear(x, weight));
    const [dx, dweight] = gradients(reduceMean(y), [x, weight]);
    const nodes = nodesOf({ y, dx: dx ?? x, dweight: dweight ?? x });
    expect(count(nodes, 'Tanh')).toBe(1);
    expect([count(nodes, 'Gemm'), count(nodes, 'MatMul')]).toEqual([1, 2]);
  });
});

test('a blocked convolution takes in the ReLU that alone reads it, and no other', async () => {
  const blocks = await blockSize(engine);
  const y = conv2d(input('x', [1, 16, 4, 4]), fill([16, 16, 1, 1], 1));
  const x = { shape: [1, 16, 4, 4], data: Float32Array.from({ length: 256 }, (_, index) => Math.sin(index * index)) };
  for (const outputs of [{ alone: relu(y) }, { positive: relu(y), all: y }, { positive: relu(y), more: exp(y) }]) {
    const [standard, blocked] = [
      await run(emitModel(outputs), { x }),
      await run(emitModel(outputs, { blocks }), { x }),
    ];
    for (const [name, { data }] of Object.entries(standard)) {
      data.forEach((value, place) => {
        expect(blocked[name]?.data[place]).toBeCloseTo(value, 4);
      });
    }
  }
});

describe('unused parts', () => {
  test('inputs that no output needs are absent', () => {
    const [x, unused] = [input('x', [2]), input('unused', [2])];
    exp(unused);
    const [derivative] = gradients(mul(x, unused), [unused]);
    expect(decode(emitModel({ derivative: derivative ?? x })).graph?.input?.map(({ name }) => name)).toEqual(['x']);
  });

  test('arithmetic with 0 and 1 is left out', () => {
    const x = input('x', [2, 3]);
    const nodes = nodesOf({ y: add(mul(x, scalar(1)), fill([2, 3], 0)) });
    expect(nodes).toEqual(['Identity']);
    // It would change the shape here.
    expect(add(x, fill([4, 2, 3], 0)).shape).toEqual([4, 2, 3]);
    expect(sub(fill([4, 1, 1], 0), x).shape).toEqual([4, 2, 3]);
  });
});

describe('names', () => {
  test('an output named like an input, or two inputs of one name, are refused', () => {
    const x = input('x', [2]);
    expect(() => emitModel({ x: exp(x) })).toThrow('two values of the model would be named "x"');
    expect(() => emitModel({ y: add(x, input('x', [1])) })).toThrow('two values of the model would be named "x"');
    expect(() => emitModel({ Exp_0: exp(x) })).toThrow('two values of the model would be named "Exp_0"');
  });

  test('an input and a constant can be outputs under other names', async () => {
    const results = await run(emitModel({ same: input('x', [2]), one: constant([1], [1]) }), {
      x: { shape: [2], data: Float32Array.of(3, 4) },
    });
    expect(results.same?.data).toEqual(Float32Array.of(3, 4));
    expect(results.one?.data).toEqual(Float32Array.of(1));
  });

  test('metadata is carried', () => {
    const { metadataProps } = decode(emitModel({ y: scalar(1) }, { metadata: { classes: 'a,b' } }));
    expect(metadataProps?.map(({ key, value }) => [key, value])).toEqual([['classes', 'a,b']]);
  });
});

describe('a free batch', () => {
  const size = 3 * 6 * 6;
  const images = (batch: number): EngineArray => ({
    shape: [batch, 3, 6, 6],
    data: Float32Array.from({ length: batch * size }, (_, index) => Math.sin(index * index)),
  });

  /** Everything that a classifier may use, built for two images. */
  function classifier() {
    const field = (...shape: number[]) => {
      const length = shape.reduce((product, sizes) => product * sizes, 1);
      return constant(
        Float32Array.from({ length }, (_, index) => Math.cos(index * 7) / 2),
        shape,
      );
    };
    const ones = fill([4], 1);
    let x = conv2d(input('images', [2, 3, 6, 6]), field(4, 3, 3, 3), { padding: 1 });
    x = relu(batchNormInference(x, ones, field(4), field(4), ones));
    x = channelShuffle(maxPool2d(x, { kernel: 3, stride: 2, padding: 1 }), 2);
    x = mul(x, hardSigmoid(reshape(linear(globalAvgPool(x), field(4, 4)), [2, 4, 1, 1])));
    return softmax(linear(reshape(x, [2, 36]), field(5, 36), field(5)));
  }

  test('the model takes batches of 1 and of 5, and images do not see each other', async () => {
    const model = emitModel({ y: classifier() }, { dynamicBatch: true });
    const five = await run(model, { images: images(5) });
    expect(five.y?.shape).toEqual([5, 5]);
    for (const [index, start] of [0, 1, 2, 3, 4].map((place) => [place, place * size] as const)) {
      const alone = { shape: [1, 3, 6, 6], data: Float32Array.from(images(5).data.slice(start, start + size)) };
      const { y } = await run(model, { images: alone });
      const expected = five.y?.data.slice(index * 5, index * 5 + 5) ?? [];
      expect(y?.shape).toEqual([1, 5]);
      y?.data.forEach((value, place) => {
        expect(value).toBeCloseTo(expected[place] ?? Number.NaN, 5);
      });
    }
  });

  test('without it other batches are refused', async () => {
    await expect(run(emitModel({ y: classifier() }), { images: images(5) })).rejects.toThrow(/images/);
  });

  test('scalars stay scalars', () => {
    const { graph } = decode(emitModel({ y: reduceMean(input('x', [4, 2])) }, { dynamicBatch: true }));
    expect(graph?.output?.[0]?.type?.tensorType?.shape?.dim).toEqual([]);
    expect(graph?.input?.[0]?.type?.tensorType?.shape?.dim?.[0]?.dimParam).toBe('N');
  });
});
