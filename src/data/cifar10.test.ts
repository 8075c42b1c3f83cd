import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCifar10Folder } from './cifar10.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cifar-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A record whose channels are constant: 1 label byte, 1,024 red, 1,024 green, 1,024 blue. */
const record = (label: number, red: number, green: number, blue: number) =>
  Buffer.concat([Buffer.of(label), ...[red, green, blue].map((value) => Buffer.alloc(1024, value))]);

describe('readCifar10Folder', () => {
  it('reads training and test batches in the order of their names, plain or gzip, channel by channel', async () => {
    await writeFile(join(folder, 'data_batch_2.bin.gz'), gzipSync(record(9, 4, 5, 6)));
    await writeFile(join(folder, 'data_batch_1.bin'), Buffer.concat([record(3, 1, 2, 3), record(0, 7, 8, 9)]));
    await writeFile(join(folder, 'test_batch.bin'), record(1, 10, 11, 12));
    await writeFile(join(folder, 'batches.meta.txt'), 'airplane');
    const source = await readCifar10Folder(folder);
    expect(source.train).toMatchObject({
      count: 3,
      channels: 3,
      height: 32,
      width: 32,
      labels: Uint16Array.of(3, 0, 9),
    });
    const corners = [0, 1023, 1024, 2048, 3072, 6144].map((at) => source.train.pixels[at]);
    expect(corners).toEqual([1, 1, 2, 3, 7, 4]);
    expect(source.test?.labels).toEqual(Uint16Array.of(1));
    expect(source.classes[3]).toBe('cat');
    expect(source.mirrorInvariant).toBe(true);
  });

  it('takes other names as training images, once where a file lies there twice, and looks into the archive folder', async () => {
    const nested = join(folder, 'cifar-10-batches-bin');
    await mkdir(nested);
    await writeFile(join(nested, 'part.bin'), record(2, 1, 1, 1));
    await writeFile(join(nested, 'part.bin.gz'), gzipSync(record(2, 1, 1, 1)));
    const source = await readCifar10Folder(folder);
    expect(source.train.count).toBe(1);
    expect(source.test).toBeNull();
  });

  it('refuses what is not CIFAR-10', async () => {
    await expect(readCifar10Folder(folder)).rejects.toThrow(/no training images of CIFAR-10/);
    await expect(readCifar10Folder(join(folder, 'nowhere'))).rejects.toThrow(/cannot be read/);
    // A record of CIFAR-100 has two label bytes.
    await writeFile(join(folder, 'data_batch_1.bin'), Buffer.alloc(3074));
    await expect(readCifar10Folder(folder)).rejects.toThrow(/3074 bytes, which is no whole number/);
    await writeFile(join(folder, 'data_batch_1.bin'), Buffer.concat([record(0, 1, 1, 1), record(10, 1, 1, 1)]));
    await expect(readCifar10Folder(folder)).rejects.toThrow(/label 10 at record 1/);
  });
});
