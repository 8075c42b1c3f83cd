import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Images } from './dataset.js';
import { resizeImages } from './resize.js';

const imageOf = (height: number, width: number, pixels: number[], channels = 1): Images => ({
  count: pixels.length / (channels * height * width),
  channels,
  height,
  width,
  pixels: Uint8Array.from(pixels),
  labels: new Uint16Array(pixels.length / (channels * height * width)),
});

describe('resizeImages', () => {
  it('averages whole blocks when the side halves, image by image and channel by channel', () => {
    const images = imageOf(2, 2, [0, 10, 20, 30, 255, 255, 255, 255, 1, 1, 2, 2, 0, 0, 0, 1], 2);
    const resized = resizeImages(images, 1);
    expect([...resized.pixels]).toEqual([15, 255, 2, 0]);
    expect(resized).toMatchObject({ count: 2, channels: 2, height: 1, width: 1 });
  });

  it('weighs pixels by the area that is covered when the ratio is no whole number', () => {
    // 3 to 2: each output covers one pixel and half of the middle one, (a + b / 2) / 1.5.
    const row = [90, 30, 0];
    expect([...resizeImages(imageOf(3, 3, [...row, ...row, ...row]), 2).pixels]).toEqual([70, 10, 70, 10]);
  });

  it('interpolates as PyTorch does with align_corners=False', () => {
    // torch.nn.functional.interpolate([[1, 2], [3, 4]], scale_factor=2, mode='bilinear'), times 40.
    const expected = [40, 50, 70, 80, 60, 70, 90, 100, 100, 110, 130, 140, 120, 130, 150, 160];
    expect([...resizeImages(imageOf(2, 2, [40, 80, 120, 160]), 4).pixels]).toEqual(expected);
  });

  it('makes squares of oblong images', () => {
    expect([...resizeImages(imageOf(1, 4, [0, 100, 200, 100]), 2).pixels]).toEqual([50, 150, 50, 150]);
  });

  it('returns the same images where the size is right, and refuses sizes that are none', () => {
    const images = imageOf(2, 2, [1, 2, 3, 4]);
    expect(resizeImages(images, 2)).toBe(images);
    expect(() => resizeImages(images, 0)).toThrow(/image size is 0/);
    expect(() => resizeImages(images, 1.5)).toThrow(/image size is 1.5/);
  });

  it('keeps a constant image constant and never leaves the range of the pixels', () => {
    const side = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 0, max: 255 }),
        fc.infiniteStream(fc.nat(255)),
        (from, to, value, noise) => {
          expect(new Set(resizeImages(imageOf(from, from, new Array(from * from).fill(value)), to).pixels)).toEqual(
            new Set([value]),
          );
          const pixels = Array.from({ length: from * from }, () => noise.next().value ?? 0);
          for (const pixel of resizeImages(imageOf(from, from, pixels), to).pixels) {
            expect(pixel).toBeGreaterThanOrEqual(Math.min(...pixels));
            expect(pixel).toBeLessThanOrEqual(Math.max(...pixels));
          }
        },
      ),
    );
  });
});
