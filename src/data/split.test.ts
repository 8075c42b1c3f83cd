import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Images } from './dataset.js';
import { classCounts, type ImageSource } from './source.js';
import { completeSplits, subset } from './split.js';

/** Images of one pixel whose value is their place (modulo 256), with `sizes[label]` images of each label, interleaved. */
function imagesOf(sizes: readonly number[]): Images {
  const labels: number[] = [];
  for (let round = 0; labels.length < sizes.reduce((a, b) => a + b, 0); round++) {
    for (const [label, size] of sizes.entries()) if (round < size) labels.push(label);
  }
  const pixels = Uint8Array.from(labels, (_, index) => index % 256);
  return { count: labels.length, channels: 1, height: 1, width: 1, pixels, labels: Uint16Array.from(labels) };
}

function sourceOf(train: Images, more: Partial<ImageSource> = {}): ImageSource {
  const classes = Array.from(new Set(train.labels), (label) => `class-${label}`);
  const made = { name: 'made', classes, origin: 'Made.', split: 'Made here', mirrorInvariant: false, notices: [] };
  return { ...made, testFraction: 0.15, train, valid: null, test: null, ...more };
}

describe('completeSplits', () => {
  it('takes test and validation images from the training images, class by class, and every image once', () => {
    const train = imagesOf([100, 60, 40]);
    const dataset = completeSplits(sourceOf(train));
    expect(classCounts(dataset.test, 3)).toEqual([15, 9, 6]);
    // 10 % of what is left: 85, 51, 34.
    expect(classCounts(dataset.valid, 3)).toEqual([9, 5, 3]);
    const all = [dataset.train, dataset.valid, dataset.test].flatMap((images) => [...images.pixels]);
    expect(all.sort((a, b) => a - b)).toEqual([...train.pixels]);
    for (const images of [dataset.train, dataset.valid, dataset.test]) {
      for (const [at, pixel] of images.pixels.entries()) expect(images.labels[at]).toBe(train.labels[pixel]);
    }
  });

  it('says how the splits came about', () => {
    expect(completeSplits(sourceOf(imagesOf([100, 60])), { seed: 3, validFraction: 0.2 }).split).toBe(
      'Made here; the test images are a fixed stratified 15 % of every class; the validation images are a stratified 20 % of the training images, seed 3 (109 train, 27 valid, 24 test).',
    );
    expect(completeSplits(sourceOf(imagesOf([70, 70]), { testFraction: 1 / 7 })).split).toContain(
      'a fixed stratified 10 of the 70 images of every class',
    );
  });

  it('lets the seed choose the validation images, but never the test images', () => {
    const source = sourceOf(imagesOf([100, 100]));
    const [zero, again, one] = [
      completeSplits(source),
      completeSplits(source, { seed: 0 }),
      completeSplits(source, { seed: 1 }),
    ];
    expect(again.valid.pixels).toEqual(zero.valid.pixels);
    expect(one.valid.pixels).not.toEqual(zero.valid.pixels);
    expect(one.test.pixels).toEqual(zero.test.pixels);
  });

  it('keeps the splits that the source has', () => {
    const own = { valid: imagesOf([2, 2]), test: imagesOf([3, 3]) };
    const source = sourceOf(imagesOf([5, 5]), own);
    expect(completeSplits(source)).toMatchObject({ train: source.train, ...own });
    expect(completeSplits(source).split).toBe('Made here (10 train, 4 valid, 6 test).');
  });

  it('leaves every class in every split however small it is, or says which one is too small', () => {
    const dataset = completeSplits(sourceOf(imagesOf([3, 100])));
    for (const images of [dataset.train, dataset.valid, dataset.test]) expect(classCounts(images, 2)[0]).toBe(1);
    expect(() => completeSplits(sourceOf(imagesOf([2, 100])))).toThrow(
      /'class-0' of made has 2 training image.*at least 3/,
    );
  });

  it('refuses what cannot be trained on', () => {
    const two = imagesOf([9, 9]);
    expect(() => completeSplits(sourceOf(imagesOf([9])))).toThrow(/only one class \('class-0'\)/);
    expect(() => completeSplits(sourceOf(two, { classes: ['a', 'b', 'c'] }))).toThrow(
      /Class 'c' of made has no training images/,
    );
    expect(() => completeSplits(sourceOf(imagesOf([9, 9, 9]), { classes: ['a', 'b'] }))).toThrow(
      /Label 2 of training image 2/,
    );
    expect(() => completeSplits(sourceOf(two, { test: imagesOf([4]) }))).toThrow(
      /Class 'class-1' of made has no test images/,
    );
    expect(() => completeSplits(sourceOf(two, { test: { ...two, height: 2 } }))).toThrow(/1×2×1 .* 1×1×1/);
    for (const validFraction of [0, 1, -1, Number.NaN]) {
      expect(() => completeSplits(sourceOf(two), { validFraction })).toThrow(/validation fraction is/);
    }
  });
});

describe('subset', () => {
  it('has exactly the count asked for, every class, shares within one image, and the order of the whole', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer(), (classSizes, part, seed) => {
        const images = imagesOf(classSizes);
        const count = classSizes.length + Math.round(part * (images.count - classSizes.length));
        const taken = subset(images, count, seed);
        expect(taken.count).toBe(count);
        expect([...taken.pixels]).toEqual([...taken.pixels].sort((a, b) => a - b));
        expect(new Set(taken.pixels).size).toBe(count);
        expect(Math.min(...classCounts(taken, classSizes.length))).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('is stratified', () => {
    expect(classCounts(subset(imagesOf([100, 60, 40]), 0.1, 0), 3)).toEqual([10, 6, 4]);
    expect(classCounts(subset(imagesOf([100, 60, 40]), 21, 0), 3)).toEqual([11, 6, 4]);
  });

  it('holds the smaller subsets of the same seed', () => {
    const images = imagesOf([100, 100]);
    const small = new Set(subset(images, 0.2, 5).pixels);
    const large = new Set(subset(images, 0.5, 5).pixels);
    expect([...small].every((pixel) => large.has(pixel))).toBe(true);
    expect(new Set(subset(images, 0.2, 6).pixels)).not.toEqual(small);
  });

  it('is the whole for a fraction of 1, and refuses what cannot be taken', () => {
    const images = imagesOf([10, 10]);
    expect(subset(images, 1, 0)).toBe(images);
    for (const size of [0, -1, 21, Number.NaN])
      expect(() => subset(images, size, 0)).toThrow(/cannot be taken of 20 images/);
    expect(() => subset(images, 0.05, 0)).toThrow(/too small for their 2 classes/);
  });
});
