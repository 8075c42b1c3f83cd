/** @file Batch norm keeps its digits where channels lie far from zero, in both layouts. */
import { expect, test } from 'vitest';
import { blockSize } from '../engine/blocked-kernels.js';
import { nodeEngine } from '../engine/node-engine.js';
import { Random } from '../random.js';
import { batchNorm, conv2d, emitModel, fill, gradients, input } from './index.js';

const engine = nodeEngine();

const shape = [32, 16, 14, 14] as const;
const [images, channels, height, width] = shape;
const pixels = height * width;

/** Where an element of one channel lies. */
function* placesOf(channel: number): Generator<number> {
  for (let image = 0; image < images; image++) {
    const start = (image * channels + channel) * pixels;
    for (let place = start; place < start + pixels; place++) yield place;
  }
}

/** The largest errors of y and of the gradient of x, against double precision. */
async function errors(mean: number, blocks: number | null) {
  const random = new Random(1);
  const data = Float32Array.from({ length: images * channels * pixels }, () => mean + random.normal());
  const seed = Float32Array.from(data, () => random.normal());
  // A convolution with ones puts x into the blocked layout.
  const x = conv2d(input('x', shape), fill([channels, 1, 1, 1], 1), { groups: channels });
  const { y } = batchNorm(x, fill([channels], 1), fill([channels], 0));
  const [dx = y] = gradients(y, [x], input('dy', shape));
  const session = await engine.load(emitModel({ y, dx }, { blocks }));
  const results = await session.run({ x: { shape, data }, dy: { shape, data: seed } });
  await session.release();
  const worst = { y: 0, dx: 0 };
  const at = (array: ArrayLike<number> | undefined, place: number): number => array?.[place] ?? Number.NaN;
  for (let channel = 0; channel < channels; channel++) {
    const places = [...placesOf(channel)];
    const average = (of: (place: number) => number): number =>
      places.reduce((sum, place) => sum + of(place), 0) / places.length;
    const centre = average((place) => at(data, place));
    const deviation = Math.sqrt(average((place) => (at(data, place) - centre) ** 2) + 1e-5);
    const normal = (place: number): number => (at(data, place) - centre) / deviation;
    const [sum, dot] = [average((place) => at(seed, place)), average((place) => at(seed, place) * normal(place))];
    for (const place of places) {
      const gradient = (at(seed, place) - sum - normal(place) * dot) / deviation;
      worst.y = Math.max(worst.y, Math.abs(at(results.y?.data, place) - normal(place)));
      worst.dx = Math.max(worst.dx, Math.abs(at(results.dx?.data, place) - gradient));
    }
  }
  return worst;
}

test.each([
  [0, 5e-6],
  [3, 3e-5],
  [30, 1e-3],
])('mean %d, deviation 1: errors below %d', async (mean, tolerance) => {
  for (const blocks of new Set([null, await blockSize(engine)])) {
    const { y, dx } = await errors(mean, blocks);
    expect(y, `y, blocks ${blocks}`).toBeLessThan(tolerance);
    expect(dx, `dx, blocks ${blocks}`).toBeLessThan(tolerance);
  }
});

test('standard operators keep them at a mean of 1000, too', async () => {
  expect((await errors(1000, null)).y).toBeLessThan(1e-3);
});

test.each([0, 0.1, 33.3, 1000])('channels that are %d everywhere have no variance below zero', async (value) => {
  const x = conv2d(input('x', shape), fill([channels, 1, 1, 1], 1), { groups: channels });
  const { y, variance } = batchNorm(x, fill([channels], 1), fill([channels], 0), { epsilon: 1e-30 });
  const data = new Float32Array(images * channels * pixels).fill(value);
  for (const blocks of new Set([null, await blockSize(engine)])) {
    const session = await engine.load(emitModel({ y, variance }, { blocks }));
    const results = await session.run({ x: { shape, data } });
    await session.release();
    expect([...(results.variance?.data ?? [-1])].every((each) => each >= 0)).toBe(true);
    expect(results.y?.data.every(Number.isFinite)).toBe(true);
  }
});
