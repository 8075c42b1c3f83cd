/** @file Resizes images: area averaging where they shrink, bilinear interpolation where they grow. */
import { UsageError } from '../error.js';
import type { Images } from './dataset.js';

/** For each output place: its first input place and the weights of the inputs from there on, which sum to 1. */
interface AxisWeights {
  readonly first: Int32Array;
  readonly taps: number;
  /** Row by row, `taps` weights an output place. */
  readonly weights: Float64Array;
}

/**
 * The images at `size` × `size` pixels; the same object where they have that size already. Deterministic: plain IEEE
 * arithmetic, rounded half up.
 *
 * Shrinking averages over the area that an output pixel covers, so that no input pixel is lost and nothing aliases.
 * Growing interpolates linearly between pixel centres (as PyTorch's `interpolate` with `align_corners=False`).
 *
 * @throws {UsageError} where `size` is not a positive integer
 */
export function resizeImages(images: Images, size: number): Images {
  if (!Number.isInteger(size) || size < 1) {
    throw new UsageError(`The image size is ${size}, but must be a whole number of pixels of at least 1.`);
  }
  const { count, channels, height, width } = images;
  if (height === size && width === size) return images;
  const columns = axisWeights(width, size);
  const rows = axisWeights(height, size);
  const pixels = new Uint8Array(count * channels * size * size);
  const narrowed = new Float64Array(height * size);
  for (let plane = 0; plane < count * channels; plane++) {
    resizeRows(images.pixels, plane * height * width, height, width, columns, narrowed, size);
    resizeColumns(narrowed, rows, pixels, plane * size * size, size);
  }
  return { ...images, height: size, width: size, pixels };
}

function resizeRows(
  source: Uint8Array,
  offset: number,
  height: number,
  width: number,
  { first, taps, weights }: AxisWeights,
  target: Float64Array,
  size: number,
): void {
  for (let y = 0; y < height; y++) {
    const row = offset + y * width;
    for (let x = 0; x < size; x++) {
      const start = row + (first[x] ?? 0);
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) sum += (weights[x * taps + tap] ?? 0) * (source[start + tap] ?? 0);
      target[y * size + x] = sum;
    }
  }
}

function resizeColumns(
  source: Float64Array,
  { first, taps, weights }: AxisWeights,
  target: Uint8Array,
  offset: number,
  size: number,
): void {
  for (let y = 0; y < size; y++) {
    const start = (first[y] ?? 0) * size;
    for (let x = 0; x < size; x++) {
      let sum = 0.5;
      for (let tap = 0; tap < taps; tap++)
        sum += (weights[y * taps + tap] ?? 0) * (source[start + tap * size + x] ?? 0);
      // Weights such as thirds sum to 1 only within rounding, hence the small allowance before the floor.
      target[offset + y * size + x] = Math.floor(sum + 1e-9);
    }
  }
}

function axisWeights(from: number, to: number): AxisWeights {
  return to < from ? areaWeights(from, to) : bilinearWeights(from, to);
}

function areaWeights(from: number, to: number): AxisWeights {
  const scale = from / to;
  const taps = Math.min(from, Math.ceil(scale) + 1);
  const first = new Int32Array(to);
  const weights = new Float64Array(to * taps);
  for (let place = 0; place < to; place++) {
    const start = place * scale;
    const end = start + scale;
    const begin = Math.min(Math.floor(start), from - taps);
    first[place] = begin;
    for (let tap = 0; tap < taps; tap++) {
      const overlap = Math.min(end, begin + tap + 1) - Math.max(start, begin + tap);
      weights[place * taps + tap] = Math.max(0, overlap) / scale;
    }
  }
  return { first, taps, weights };
}

function bilinearWeights(from: number, to: number): AxisWeights {
  const taps = Math.min(from, 2);
  const first = new Int32Array(to);
  const weights = new Float64Array(to * taps);
  for (let place = 0; place < to; place++) {
    const centre = Math.min(Math.max(((place + 0.5) * from) / to - 0.5, 0), from - 1);
    const begin = Math.min(Math.floor(centre), from - taps);
    first[place] = begin;
    weights[place * taps] = 1 - (centre - begin);
    if (taps === 2) weights[place * taps + 1] = centre - begin;
  }
  return { first, taps, weights };
}
