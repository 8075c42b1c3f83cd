import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeImage } from './image-decoding.js';

const fixture = (name: string) => join('test/fixtures/images', name);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decode-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('decodeImage', () => {
  it('reads what other decoders warn of at most, and reads it right', async () => {
    const names = ['jfif_0_00.jpg', 'extraneous_before_eoi.jpg', 'trailing_garbage.jpg'];
    const images = await Promise.all(names.map((name) => decodeImage(fixture(name), 8, null)));
    // They show the same, a pattern of dark and light whose mean is 125.
    for (const image of images) expect(image).toEqual(images[0]);
    const pixels = [...(images[0]?.pixels ?? [])];
    expect(pixels.reduce((sum, value) => sum + value, 0) / pixels.length).toBeCloseTo(125, -1);
    expect(Math.max(...pixels) - Math.min(...pixels)).toBeGreaterThan(100);
  });

  it('names a BMP under another name', async () => {
    await expect(decodeImage(fixture('bmp_named.jpg'), 8, null)).rejects.toThrow(
      'a BMP, which cannot be read: JPEG, PNG and WebP can',
    );
  });

  it.each([
    ['', 'an empty file'],
    ['<!DOCTYPE html><title>404</title>', 'a web page (HTML), which'],
    ['version https://git-lfs.github.com/spec/v1\noid sha256:0', 'a pointer of Git LFS'],
    ['%PDF-1.7', 'a PDF, which'],
    ['nothing known', 'no image that can be read (Input buffer contains unsupported image format)'],
  ])('says of %j that it is %s', async (content, kind) => {
    await writeFile(join(folder, 'x.jpg'), content);
    await expect(decodeImage(join(folder, 'x.jpg'), 8, null)).rejects.toThrow(kind);
  });

  it('refuses a cut JPEG, and one that is not there', async () => {
    const whole = await readFile(fixture('trailing_garbage.jpg'));
    await writeFile(join(folder, 'cut.jpg'), whole.subarray(0, 500));
    await expect(decodeImage(join(folder, 'cut.jpg'), 8, null)).rejects.toThrow(/^a JPEG that is cut or damaged \(/);
    await expect(decodeImage(join(folder, 'none.jpg'), 8, null)).rejects.toThrow(/ENOENT/);
  });
});
