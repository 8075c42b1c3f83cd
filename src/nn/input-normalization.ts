/** @file How pixels become a network's input: normalised inside the graph, so that whoever runs it feeds 0 to 255. */
import { channelAffine, constant, type Tensor } from '../tensor/index.js';

/** (pixel − mean) / std, one number a channel, in units of 0 to 255. */
export interface InputNormalization {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/**
 * Images [N, C, H, W] of pixels from 0 to 255 as a network takes them.
 *
 * @throws RangeError unless there are a mean and a positive standard deviation for each channel.
 */
export function normalized(images: Tensor, { mean, std }: InputNormalization): Tensor {
  const channels = images.shape[1] ?? 0;
  if (mean.length !== channels || std.length !== channels || !std.every((value) => value > 0)) {
    throw new RangeError(
      `images of ${channels} channels need as many means and positive standard deviations, not ${mean.join(', ')} and ${std.join(', ')}`,
    );
  }
  const scale = std.map((value) => 1 / value);
  const shift = mean.map((value, channel) => -value * (scale[channel] ?? 1));
  return channelAffine(images, constant(scale, [channels]), constant(shift, [channels]));
}
