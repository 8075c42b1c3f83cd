import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readIdxFolder } from './idx.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'idx-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The header as the MNIST page describes it, then the bytes. */
const idx = (dimensions: number[], data: number[], type = 8) => {
  const header = dimensions.flatMap((size) => [0, 0, size >> 8, size & 255]);
  return Buffer.from([0, 0, type, dimensions.length, ...header, ...data]);
};
const write = (name: string, bytes: Buffer) => writeFile(join(folder, name), bytes);
const writeTrain = async () => {
  await write('train-images-idx3-ubyte', idx([2, 1, 3], [1, 2, 3, 4, 5, 6]));
  await write('train-labels-idx1-ubyte', idx([2], [1, 0]));
};

describe('readIdxFolder', () => {
  it('reads training and test images, plain or gzip, with the original split', async () => {
    await writeTrain();
    await write('t10k-images-idx3-ubyte.gz', gzipSync(idx([1, 1, 3], [7, 8, 9])));
    await write('t10k-labels.idx1-ubyte', idx([1], [1]));
    const source = await readIdxFolder(folder);
    expect(source.classes).toEqual(['0', '1']);
    expect(source.train).toEqual({
      count: 2,
      channels: 1,
      height: 1,
      width: 3,
      pixels: Uint8Array.of(1, 2, 3, 4, 5, 6),
      labels: Uint16Array.of(1, 0),
    });
    expect(source.test?.pixels).toEqual(Uint8Array.of(7, 8, 9));
    expect(source.valid).toBeNull();
    expect(source.split).toBe('Training and test images as the IDX files have them');
  });

  it('names the file that is missing', async () => {
    await writeTrain();
    await rm(join(folder, 'train-labels-idx1-ubyte'));
    await expect(readIdxFolder(folder)).rejects.toThrow(/train-labels-idx1-ubyte \(or .*gz\) is missing/);
    await rm(join(folder, 'train-images-idx3-ubyte'));
    await write('t10k-images-idx3-ubyte', idx([1, 1, 1], [1]));
    await write('t10k-labels-idx1-ubyte', idx([1], [1]));
    await expect(readIdxFolder(folder)).rejects.toThrow(/no training images/);
  });

  it.each([
    ['a shorter file', idx([2, 1, 3], [1, 2]), /should hold 2×1×3 = 6 bytes .* holds 2/],
    ['another type', idx([2, 1, 3], [1, 2, 3, 4, 5, 6], 13), /IDX type 0x0d03, but 0x0803/],
    ['another format', Buffer.from('GIF89a and so on, long enough'), /no IDX file/],
    ['other counts', idx([3, 1, 1], [1, 2, 3]), /holds 3 images, but .* holds 2 labels/],
    ['no images', idx([0, 1, 1], []), /damaged or empty/],
  ])('refuses %s', async (_what, bytes, message) => {
    await writeTrain();
    await write('train-images-idx3-ubyte', bytes);
    await expect(readIdxFolder(folder)).rejects.toThrow(message);
  });

  it('refuses a truncated gzip file', async () => {
    await writeTrain();
    await rm(join(folder, 'train-images-idx3-ubyte'));
    const whole = gzipSync(idx([2, 1, 3], [1, 2, 3, 4, 5, 6]));
    await write('train-images-idx3-ubyte.gz', whole.subarray(0, whole.length - 6));
    await expect(readIdxFolder(folder)).rejects.toThrow(/no whole gzip file/);
  });
});
