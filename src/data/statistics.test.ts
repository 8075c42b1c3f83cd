import { expect, it } from 'vitest';
import { channelStatistics } from './statistics.js';

it('gives the mean and the population deviation of each channel in units of pixels', () => {
  const images = { count: 2, channels: 2, height: 1, width: 2, labels: new Uint16Array(2) };
  const statistics = channelStatistics({ ...images, pixels: Uint8Array.of(2, 4, 0, 255, 4, 4, 0, 255) });
  // Channel 0: 2, 4, 4, 4; channel 1: 0, 255, 0, 255.
  expect(statistics.mean).toEqual([3.5, 127.5]);
  expect(statistics.std).toEqual([1, 127.5]);
  const narrow = channelStatistics({ ...images, pixels: Uint8Array.of(0, 200, 0, 200, 10, 20, 10, 20) });
  expect(narrow.std[0]).toBeCloseTo(
    Math.sqrt(((0 - 57.5) ** 2 + (200 - 57.5) ** 2 + (10 - 57.5) ** 2 + (20 - 57.5) ** 2) / 4),
    10,
  );
});

it('is safe to divide by for a constant channel', () => {
  const images = {
    count: 1,
    channels: 1,
    height: 2,
    width: 2,
    labels: new Uint16Array(1),
    pixels: new Uint8Array(4).fill(7),
  };
  expect(channelStatistics(images)).toEqual({ mean: [7], std: [1] });
});
