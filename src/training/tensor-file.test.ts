/** @file Weights come back from their bytes bit for bit, and no other bytes are taken for them. */
import { expect, test } from 'vitest';
import { WorkError } from '../error.js';
import { batchNorm, conv2d, globalAvgPool, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import { initialWeights } from '../nn/weights.js';
import { decodeWeights, encodeWeights } from './saved-weights.js';
import { encodeTensors, TensorFile } from './tensor-file.js';

const classifier = (width: number, kernel: readonly [number, number] = [3, 1]): Network =>
  Network.build({ channels: 1, height: 8, width: 8 }, (image) =>
    linear(globalAvgPool(batchNorm(conv2d(image, { out: width, kernel }))), { out: 3 }),
  );
const network = classifier(5);
const weights = initialWeights(network, 7);
const bytes = encodeWeights(network, weights);

/** A copy of the bytes, changed. */
const changed = (change: (file: Buffer) => Uint8Array): Uint8Array => change(Buffer.from(bytes));

test('weights are read as they were written, wherever the bytes lie', () => {
  expect(decodeWeights(network, bytes)).toEqual(weights);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(decodeWeights(network, shifted.subarray(3))).toEqual(weights);
  expect(decodeWeights(network, Buffer.concat([Buffer.alloc(4), bytes]).subarray(4))).toEqual(weights);
});

test('the bytes are safetensors: a header of names, shapes and places, then the numbers', () => {
  const file = Buffer.from(bytes);
  const length = Number(file.readBigUInt64LE());
  const header = JSON.parse(file.toString('utf8', 8, 8 + length));
  expect(length % 8).toBe(0);
  expect(header['linear.weight']).toEqual({ dtype: 'F32', shape: [3, 5], data_offsets: expect.any(Array) });
  const ends = Object.values<{ data_offsets: [number, number] }>(header).map(({ data_offsets }) => data_offsets);
  expect(Math.max(...ends.flat())).toBe(file.length - 8 - length);
  const [start] = header['conv2d.weight'].data_offsets;
  expect(file.readFloatLE(8 + length + start)).toBe(weights.parameters[0]);
});

test('metadata stands in the header, in any script', () => {
  const file = encodeTensors([{ name: 'a', shape: [1], data: Float32Array.of(2) }], { title: 'größer 大' });
  expect(new TensorFile(file).metadata).toEqual({ title: 'größer 大' });
  expect(new TensorFile(file).tensor({ name: 'a', shape: [1] })).toEqual(Float32Array.of(2));
});

test.each([
  ['a network of other widths', classifier(6), /"conv2d.weight" is \[5, 1, 3, 1\], where \[6, 1, 3, 1\] is expected/],
  [
    'a network of other shapes of one size',
    classifier(5, [1, 3]),
    /"conv2d.weight" is \[5, 1, 3, 1\], where \[5, 1, 1, 3\] is expected/,
  ],
  [
    'a network with fewer layers',
    Network.build({ channels: 1, height: 8, width: 8 }, (image) => linear(globalAvgPool(image), { out: 3 })),
    /holds "conv2d.weight", which the network does not have/,
  ],
  [
    'a network with more layers',
    Network.build({ channels: 1, height: 8, width: 8 }, (image) =>
      linear(linear(globalAvgPool(batchNorm(conv2d(image, { out: 5, kernel: [3, 1] }))), { out: 3 }), { out: 3 }),
    ),
    /it has no "linear_2.weight"/,
  ],
])('%s is refused', (_, other, message) => {
  expect(() => decodeWeights(other, bytes)).toThrow(WorkError);
  expect(() => decodeWeights(other, bytes)).toThrow(message);
});

const wholly = (text: string) => (): Buffer => {
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([prefix, Buffer.from(text)]);
};

test.each([
  ['nothing', () => Buffer.alloc(0), /no safetensors file, or is cut short/],
  ['some other kind of file', () => Buffer.from('PK\u0003\u0004 some other kind of file'), /no safetensors file/],
  ['a header that is not JSON', (file: Buffer) => file.fill('x', 8, 20), /its header is not JSON/],
  ['a header of something else', wholly('{"a": 1}'), /does not list float32 tensors/],
  ['a file without tensors', wholly('{}'), /it has no "conv2d.weight"/],
  ['a file that was cut', (file: Buffer) => file.subarray(0, file.length - 3), /it is damaged: "batchNorm.variance"/],
])('%s is refused', (_, change, message) => {
  expect(() => decodeWeights(network, changed(change))).toThrow(WorkError);
  expect(() => decodeWeights(network, changed(change))).toThrow(message);
});
