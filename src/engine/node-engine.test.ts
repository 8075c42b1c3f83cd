/** @file Sessions run models, refuse what does not fit, and tell what kernels the processor has. */
import { expect, test } from 'vitest';
import { add, cast, conv2d, emitModel, exp, gather, greater, input, mul, reduceSum, scalar } from '../tensor/index.js';
import { blockSize } from './blocked-kernels.js';
import type { EngineArray } from './engine.js';
import { nodeEngine } from './node-engine.js';

const engine = nodeEngine();

const floats = (...data: number[]): EngineArray => ({ shape: [data.length], data: Float32Array.from(data) });

test('arrays of every dtype go in and out, under their names', async () => {
  const [x, places] = [input('x', [3]), input('places', [2], 'int32')];
  const isLarge = greater(x, scalar(1));
  const outputs = { taken: gather(x, places), isLarge, rounded: cast(x, 'int32'), same: cast(isLarge, 'float32') };
  const session = await engine.load(emitModel(outputs));
  expect(Object.fromEntries(session.inputs)).toEqual({
    x: { type: 'float32', shape: [3] },
    places: { type: 'int32', shape: [2] },
  });
  const results = await session.run({ x: floats(0.5, 1.5, 2.5), places: { shape: [2], data: Int32Array.of(2, 0) } });
  await session.release();
  expect(results).toEqual({
    taken: { shape: [2], data: Float32Array.of(2.5, 0.5) },
    isLarge: { shape: [3], data: Uint8Array.of(0, 1, 1) },
    rounded: { shape: [3], data: Int32Array.of(0, 1, 2) },
    same: { shape: [3], data: Float32Array.of(0, 1, 1) },
  });
});

test('bools go in', async () => {
  const session = await engine.load(emitModel({ y: cast(input('x', [2], 'bool'), 'float32') }));
  const { y } = await session.run({ x: { shape: [2], data: Uint8Array.of(1, 0) } });
  await session.release();
  expect(y?.data).toEqual(Float32Array.of(1, 0));
});

test('results outlive the next run, and inputs are left alone', async () => {
  const session = await engine.load(emitModel({ y: add(input('x', [2]), scalar(1)) }));
  const x = floats(1, 2);
  const first = await session.run({ x });
  const second = await session.run({ x: floats(10, 20) });
  await session.release();
  expect(x.data).toEqual(Float32Array.of(1, 2));
  expect(first.y?.data).toEqual(Float32Array.of(2, 3));
  expect(second.y?.data).toEqual(Float32Array.of(11, 21));
});

test('a missing input, a wrong shape, a wrong dtype and a broken model are refused', async () => {
  const session = await engine.load(emitModel({ y: exp(input('x', [2])) }));
  await expect(session.run({})).rejects.toThrow(/x/);
  await expect(session.run({ x: floats(1, 2, 3) })).rejects.toThrow(/x/);
  await expect(session.run({ x: { shape: [2], data: Int32Array.of(1, 2) } })).rejects.toThrow(/float/);
  await session.release();
  await expect(engine.load(Uint8Array.of(1, 2, 3))).rejects.toThrow();
});

test('numbers below 1e-38 count as zero', async () => {
  const session = await engine.load(emitModel({ y: mul(input('x', [1]), scalar(1e-20)) }));
  const { y } = await session.run({ x: floats(1e-20) });
  await session.release();
  expect(y?.data).toEqual(Float32Array.of(0));
});

test('the block size is found once, and its kernels add up to what standard ones do', async () => {
  const blocks = await blockSize(engine);
  expect([null, 8, 16]).toContain(blocks);
  expect(await blockSize(engine)).toBe(blocks);
  const shapes = { x: [2, 19, 6, 5], weight: [9, 19, 3, 2] };
  const total = reduceSum(
    conv2d(input('x', shapes.x), input('weight', shapes.weight), { stride: 2, padding: 1 }),
    [0, 2, 3],
  );
  const wave = (shape: readonly number[]): EngineArray => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => Math.sin(index * index)),
  });
  const feeds = { x: wave(shapes.x), weight: wave(shapes.weight) };
  const sums: number[][] = [];
  for (const lowering of [null, blocks]) {
    const session = await engine.load(emitModel({ total }, { blocks: lowering }));
    sums.push([...((await session.run(feeds)).total?.data ?? [])]);
    await session.release();
  }
  sums[0]?.forEach((sum, channel) => {
    expect(sums[1]?.[channel]).toBeCloseTo(sum, 3);
  });
});
