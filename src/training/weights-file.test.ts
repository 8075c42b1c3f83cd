/** @file Weights come back from their file bit for bit, and no other file is taken for them. */
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WorkError } from '../error.js';
import { batchNorm, conv2d, globalAvgPool, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import { initialWeights } from '../nn/weights.js';
import { readWeights, writeWeights } from './weights-file.js';

const classifier = (width: number, kernel: readonly [number, number] = [3, 1]): Network =>
  Network.build({ channels: 1, height: 8, width: 8 }, (image) =>
    linear(globalAvgPool(batchNorm(conv2d(image, { out: width, kernel }))), { out: 3 }),
  );
const network = classifier(5);
const weights = initialWeights(network, 7);

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nasturtium-weights-'));
  path = join(folder, 'weights.safetensors');
  await writeWeights(path, network, weights);
});
afterAll(() => rm(folder, { recursive: true }));

/** A copy of the file, changed. */
async function changed(change: (file: Buffer) => Buffer): Promise<string> {
  const copy = join(folder, 'changed.safetensors');
  await writeFile(copy, change(await readFile(path)));
  return copy;
}

test('weights are read as they were written', async () => {
  expect(await readWeights(path, network)).toEqual(weights);
  expect(await readdir(folder)).toEqual(['weights.safetensors']);
});

test('the file is safetensors: a header of names, shapes and places, then the numbers', async () => {
  const file = await readFile(path);
  const length = Number(file.readBigUInt64LE());
  const header = JSON.parse(file.toString('utf8', 8, 8 + length));
  expect(length % 8).toBe(0);
  expect(header['linear.weight']).toEqual({ dtype: 'F32', shape: [3, 5], data_offsets: expect.any(Array) });
  const ends = Object.values<{ data_offsets: [number, number] }>(header).map(({ data_offsets }) => data_offsets);
  expect(Math.max(...ends.flat())).toBe(file.length - 8 - length);
  const [start] = header['conv2d.weight'].data_offsets;
  expect(file.readFloatLE(8 + length + start)).toBe(weights.parameters[0]);
});

test.each([
  ['a network of other widths', classifier(6), /"conv2d.weight" is \[5, 1, 3, 1\], but \[6, 1, 3, 1\] in the network/],
  [
    'a network of other shapes of one size',
    classifier(5, [1, 3]),
    /"conv2d.weight" is \[5, 1, 3, 1\], but \[5, 1, 1, 3\]/,
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
    /"linear_2.weight" needs 9 elements, but there are none/,
  ],
])('%s is refused', async (_, other, message) => {
  await expect(readWeights(path, other)).rejects.toThrow(WorkError);
  await expect(readWeights(path, other)).rejects.toThrow(message);
});

test('damaged and foreign files are refused with what is wrong', async () => {
  const refuse = async (file: string, message: RegExp): Promise<void> => {
    await expect(readWeights(file, network)).rejects.toThrow(WorkError);
    await expect(readWeights(file, network)).rejects.toThrow(message);
  };
  await refuse(join(folder, 'nowhere'), /nowhere cannot be read: ENOENT/);
  await refuse(await changed(() => Buffer.alloc(0)), /no safetensors file, or is cut short/);
  await refuse(await changed(() => Buffer.from('PK\u0003\u0004 some other kind of file')), /no safetensors file/);
  await refuse(await changed((file) => file.fill('x', 8, 20)), /its header is not JSON/);
  const wholly = (text: string) => (): Buffer => {
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(BigInt(text.length));
    return Buffer.concat([prefix, Buffer.from(text)]);
  };
  await refuse(await changed(wholly('{"a": 1}')), /does not list float32 tensors/);
  await refuse(await changed(wholly('{}')), /needs 15 elements, but there are none/);
  const copy = await changed((file) => file);
  await truncate(copy, (await readFile(path)).length - 3);
  await refuse(copy, /it is damaged: "batchNorm.variance"/);
});

test('a folder that is not there is a clear error, and leaves nothing', async () => {
  const target = join(folder, 'missing', 'weights.safetensors');
  await expect(writeWeights(target, network, weights)).rejects.toThrow(/The weights cannot be written to .*missing/);
});
