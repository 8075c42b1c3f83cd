import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../error.js';
import { readNpz } from './npz.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'npz-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A .npy file of version 1.0 as NumPy writes it. */
function npy(descr: string, shape: number[], data: Uint8Array, fortran = false): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${tuple}), }`;
  const header = `${dictionary.padEnd(Math.ceil((dictionary.length + 11) / 64) * 64 - 11)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([Buffer.from('934e554d50590100', 'hex'), length, Buffer.from(header), data]);
}
const bytes = (count: number) => Uint8Array.from({ length: count }, (_, at) => at);
const int64 = (...values: number[]) => new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);

async function archive(arrays: { [name: string]: Uint8Array }): Promise<string> {
  const file = join(folder, 'data.npz');
  await writeFile(
    file,
    zipSync(Object.fromEntries(Object.entries(arrays).map(([name, data]) => [`${name}.npy`, data]))),
  );
  return file;
}
const grey = { x_train: npy('|u1', [2, 2, 2], bytes(8)), y_train: npy('<i8', [2], int64(1, 0)) };

describe('readNpz', () => {
  it('reads grey images with labels of any integer type', async () => {
    const bigEndian = npy('>u2', [1, 1], Uint8Array.of(0, 1));
    const source = await readNpz(
      await archive({ ...grey, x_test: npy('|u1', [1, 2, 2], bytes(4)), y_test: bigEndian }),
    );
    expect(source.train).toMatchObject({ count: 2, channels: 1, height: 2, width: 2, labels: Uint16Array.of(1, 0) });
    expect(source.train.pixels).toEqual(bytes(8));
    expect(source.test?.labels).toEqual(Uint16Array.of(1));
    expect(source.valid).toBeNull();
  });

  it('puts channels first, whichever way round they are', async () => {
    const labels = npy('|i1', [1], Uint8Array.of(0));
    const last = await readNpz(await archive({ x_train: npy('|u1', [1, 2, 2, 3], bytes(12)), y_train: labels }));
    expect(last.train).toMatchObject({ channels: 3, height: 2, width: 2 });
    expect([...last.train.pixels]).toEqual([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
    const first = await readNpz(await archive({ x_train: npy('|u1', [1, 3, 2, 2], bytes(12)), y_train: labels }));
    expect(first.train).toMatchObject({ channels: 3, height: 2, width: 2, pixels: bytes(12) });
  });

  it.each<[string, { [name: string]: Uint8Array }, RegExp]>([
    [
      'floating-point images',
      { x_train: npy('<f4', [2, 1, 1], bytes(8)) },
      /x_train .* type float32, but images must be uint8/,
    ],
    [
      'floating-point labels',
      { y_train: npy('<f8', [2], bytes(16)) },
      /y_train .* type float64, but labels must be integers/,
    ],
    ['one-hot labels', { y_train: npy('|u1', [2, 2], bytes(4)) }, /\(2, 2\).*argmax/],
    ['negative labels', { y_train: npy('<i8', [2], int64(0, -1)) }, /label -1 at 1/],
    ['unequal lengths', { y_train: npy('<i8', [3], int64(0, 1, 0)) }, /2 images, but y_train holds 3 labels/],
    ['four channels', { x_train: npy('|u1', [2, 2, 2, 4], bytes(32)) }, /\(2, 2, 2, 4\)/],
    ['no images', { x_train: npy('|u1', [0, 2, 2], bytes(0)) }, /\(0, 2, 2\)/],
    ['Fortran order', { x_train: npy('|u1', [2, 2, 2], bytes(8), true) }, /Fortran order/],
    ['missing bytes', { x_train: npy('|u1', [2, 2, 2], bytes(7)) }, /should hold 8 bytes.*holds 7/],
    ['text', { y_train: npy('<U3', [2], bytes(24)) }, /y_train .* is no plain array of numbers \(.*<U3/],
    ['half a split', { x_test: npy('|u1', [1, 2, 2], bytes(4)) }, /holds x_test but lacks y_test/],
    ['something else', { x_train: Uint8Array.from(Buffer.from('not an array at all')) }, /no NumPy array/],
  ])('refuses %s', async (_what, arrays, message) => {
    await expect(readNpz(await archive({ ...grey, ...arrays }))).rejects.toThrow(message);
  });

  it('names the arrays that are there where the needed ones are not, and refuses what is no archive', async () => {
    await expect(readNpz(await archive({ images: bytes(4), labels: bytes(4) }))).rejects.toThrow(
      /holds images, labels/,
    );
    const file = join(folder, 'broken.npz');
    await writeFile(file, 'PK but not really');
    await expect(readNpz(file)).rejects.toThrow(/no whole .npz archive/);
  });

  it('notices damage to what is read wherever it is', async () => {
    const file = await archive(grey);
    const whole = await readFile(file);
    const source = await readNpz(file);
    for (let at = 0; at < whole.length; at += 3) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x41;
      await writeFile(file, damaged);
      // What is not read, such as times, may be anything.
      const read = await readNpz(file).catch((error) => error);
      if (read instanceof Error) expect(read).toBeInstanceOf(UsageError);
      else expect(read.train).toEqual(source.train);
    }
  });

  it('refuses what unpacks to more than is read before it does', async () => {
    const file = await archive({ ...grey, x_test: bytes(4), y_test: bytes(4) });
    const archived = await readFile(file);
    const central = archived.lastIndexOf('PK\u0001\u0002', undefined, 'latin1');
    archived.writeUInt32LE(0xfffffff0, central + 24);
    await writeFile(file, archived);
    await expect(readNpz(file)).rejects.toThrow('unpacks to more than 2048 MiB');
  });
});
