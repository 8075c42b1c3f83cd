import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noAugmentation } from './augmentation.js';
import { type BatchOptions, evaluationBatches, trainingBatches } from './batches.js';
import type { Images } from './dataset.js';

/** Images whose pixels are `value(image, channel, y, x)`, labelled with their place. */
function imagesOf(
  [count, channels, height, width]: [number, number, number, number],
  value: (image: number, channel: number, y: number, x: number) => number,
): Images {
  const pixels = new Uint8Array(count * channels * height * width);
  let at = 0;
  for (let image = 0; image < count; image++)
    for (let channel = 0; channel < channels; channel++)
      for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels[at++] = value(image, channel, y, x);
  return { count, channels, height, width, pixels, labels: Uint16Array.from({ length: count }, (_, image) => image) };
}

const plain: BatchOptions = { batchSize: 4, seed: 0, epoch: 0, augmentation: noAugmentation };

/** Copies of all batches, as their arrays are used again. */
const copies = (images: Images, options: BatchOptions) =>
  Array.from(trainingBatches(images, options), ({ pixels, labels }) => ({ pixels: [...pixels], labels: [...labels] }));

describe('trainingBatches', () => {
  const ten = imagesOf([10, 2, 2, 2], (image, channel, y, x) => 10 * image + 4 * channel + 2 * y + x);

  it('shows every image at most once an epoch, unchanged, with its label, and drops the last incomplete batch', () => {
    const batches = copies(ten, plain);
    expect(batches).toHaveLength(2);
    const labels = batches.flatMap((batch) => batch.labels);
    expect(new Set(labels).size).toBe(8);
    for (const batch of batches) {
      for (const [place, label] of batch.labels.entries()) {
        expect(batch.pixels.slice(8 * place, 8 * place + 8)).toEqual([...ten.pixels.slice(8 * label, 8 * label + 8)]);
      }
    }
  });

  it('depends on seed and epoch alone', () => {
    const augmentation = { flip: true, shift: 1, cutout: 1 };
    expect(copies(ten, { ...plain, augmentation })).toEqual(copies(ten, { ...plain, augmentation }));
    const orders = [plain, { ...plain, epoch: 1 }, { ...plain, seed: 1 }].map(
      (options) => copies(ten, options)[0]?.labels,
    );
    expect(new Set(orders.map(String)).size).toBe(3);
  });

  it('refuses fewer images than a batch, and impossible augmentation, before the first batch', () => {
    expect(() => trainingBatches(ten, { ...plain, batchSize: 11 })).toThrow(
      /10 training images, fewer than one batch of 11/,
    );
    expect(() => trainingBatches(ten, { ...plain, batchSize: 0 })).toThrow(/batch size is 0/);
    expect(() => trainingBatches(ten, { ...plain, augmentation: { flip: true, shift: 2, cutout: 0 } })).toThrow(
      /shift .* is 2/,
    );
    expect(() => trainingBatches(ten, { ...plain, augmentation: { flip: true, shift: 0, cutout: -1 } })).toThrow(
      /cutout .* is -1/,
    );
  });

  it('mirrors about half of the images left to right', () => {
    const images = imagesOf([400, 1, 1, 3], (_, _channel, _y, x) => x);
    const [batch] = copies(images, { ...plain, batchSize: 400, augmentation: { flip: true, shift: 0, cutout: 0 } });
    const rows = Array.from({ length: 400 }, (_, place) => String(batch?.pixels.slice(3 * place, 3 * place + 3)));
    expect(new Set(rows)).toEqual(new Set(['0,1,2', '2,1,0']));
    const mirrored = rows.filter((row) => row === '2,1,0').length;
    expect(mirrored).toBeGreaterThan(150);
    expect(mirrored).toBeLessThan(250);
  });

  it('shifts by every amount up to the one given, both ways, and leaves black behind', () => {
    const images = imagesOf([2000, 1, 3, 3], (_, _channel, y, x) => 1 + 3 * y + x);
    const [batch] = copies(images, { ...plain, batchSize: 2000, augmentation: { flip: false, shift: 2, cutout: 0 } });
    const seen = new Set(
      Array.from({ length: 2000 }, (_, place) => String(batch?.pixels.slice(9 * place, 9 * place + 9))),
    );
    const expected = new Set<string>();
    for (const down of [-2, -1, 0, 1, 2]) {
      for (const right of [-2, -1, 0, 1, 2]) {
        const inside = (at: number) => at >= 0 && at < 3;
        const shifted = Array.from({ length: 9 }, (_, at) => [Math.floor(at / 3) + down, (at % 3) + right] as const);
        expected.add(String(shifted.map(([y, x]) => (inside(y) && inside(x) ? 1 + 3 * y + x : 0))));
      }
    }
    expect(seen).toEqual(expected);
  });

  it('mirrors what is left of a shifted image', () => {
    const images = imagesOf([300, 1, 1, 2], (_, _channel, _y, x) => 1 + x);
    const wide = { ...images, height: 2, count: 150 };
    const [batch] = copies(wide, { ...plain, batchSize: 150, augmentation: { flip: true, shift: 1, cutout: 0 } });
    const rows = new Set(Array.from({ length: 300 }, (_, row) => String(batch?.pixels.slice(2 * row, 2 * row + 2))));
    expect(rows).toEqual(new Set(['1,2', '2,1', '0,1', '1,0', '2,0', '0,2', '0,0']));
  });

  it('fills the cutout square with the mean of its channel, smaller at the edges', () => {
    const images = imagesOf([500, 2, 4, 4], (image, channel) => (channel === 0 ? 100 : 0) + (image % 2) * 100);
    const [batch] = copies(images, { ...plain, batchSize: 500, augmentation: { flip: false, shift: 0, cutout: 2 } });
    const sizes = new Set<number>();
    for (let place = 0; place < 500; place++) {
      const image = batch?.pixels.slice(32 * place, 32 * place + 32) ?? [];
      const holes = image.flatMap((value, at) => (value === (at < 16 ? 150 : 50) ? [at] : []));
      expect(holes.filter((at) => at < 16)).toEqual(holes.filter((at) => at >= 16).map((at) => at - 16));
      sizes.add(holes.length / 2);
    }
    // Centres 1 to 3 leave 2 rows or columns, centre 0 leaves 1.
    expect(sizes).toEqual(new Set([1, 2, 4]));
  });
});

describe('evaluationBatches', () => {
  it('shows all images in order and says how many of the last batch are real', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 8 }), (count, batchSize) => {
        const images = imagesOf([count, 1, 1, 2], (image, _channel, _y, x) => 2 * image + x + 1);
        const seen: number[] = [];
        for (const batch of evaluationBatches(images, batchSize)) {
          expect(batch.pixels).toHaveLength(2 * batchSize);
          expect(batch.labels).toHaveLength(batchSize);
          seen.push(...batch.pixels.slice(0, 2 * batch.count));
          expect([...batch.labels.slice(0, batch.count)]).toEqual(
            [...seen.slice(-2 * batch.count)].flatMap((v, at) => (at % 2 ? [] : [(v - 1) / 2])),
          );
          expect(batch.pixels.slice(2 * batch.count).every((pixel) => pixel === 0)).toBe(true);
          expect(batch.labels.slice(batch.count).every((label) => label === 0)).toBe(true);
        }
        expect(seen).toEqual([...images.pixels]);
      }),
    );
  });
});
