/** @file Mean and standard deviation of each channel, for normalising a network's input. */
import type { Images } from './dataset.js';

/** One value a channel, in units of 0..255 pixels. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  /** Population standard deviation; never below 1, so that dividing a constant channel by it is safe. */
  readonly std: readonly number[];
}

/** Statistics over all pixels of all images; exact, as they come from a count of each of the 256 values. */
export function channelStatistics(images: Images): ChannelStatistics {
  const plane = images.height * images.width;
  const histograms = Array.from({ length: images.channels }, () => new Float64Array(256));
  for (const [channel, histogram] of histograms.entries()) {
    for (let image = 0; image < images.count; image++) {
      const start = (image * images.channels + channel) * plane;
      for (let at = start; at < start + plane; at++) {
        const value = images.pixels[at] ?? 0;
        histogram[value] = (histogram[value] ?? 0) + 1;
      }
    }
  }
  const total = Math.max(1, images.count * plane);
  const mean = histograms.map((histogram) => histogram.reduce((sum, count, value) => sum + count * value, 0) / total);
  const std = histograms.map((histogram, channel) => {
    const centre = mean[channel] ?? 0;
    const squares = histogram.reduce((sum, count, value) => sum + count * (value - centre) ** 2, 0);
    return Math.max(1, Math.sqrt(squares / total));
  });
  return { mean, std };
}
