/** @file How pixels become a network's input: normalised inside the graph, so that whoever runs it feeds 0 to 255. */
import { channelAffine, constant, type Tensor } from '../tensor/index.js';

/** (pixel − mean) / std, one number a channel, in units of 0 to 255. */
export interface InputNormalization {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Normalisation as x · scale + shift, one number a channel. */
export interface NormalizingMap {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/**
 * The map of a normalisation.
 *
 * @throws {RangeError} where a channel has no mean or no positive standard deviation
 */
export function normalizingMap({ mean, std }: InputNormalization, channels: number): NormalizingMap {
  if (mean.length !== channels || std.length !== channels || !std.every((value) => value > 0)) {
    throw new RangeError(
      `images of ${channels} channels need as many means and positive standard deviations, not ${mean.join(', ')} and ${std.join(', ')}`,
    );
  }
  const scale = Float32Array.from(std, (value) => 1 / value);
  return { scale, shift: scale.map((factor, channel) => -(mean[channel] ?? 0) * factor) };
}

/**
 * Images [N, C, H, W] of pixels from 0 to 255 as a network takes them, the normalisation part of the graph.
 *
 * @throws {RangeError} where a channel has no mean or no positive standard deviation
 */
export function normalized(images: Tensor, normalization: InputNormalization): Tensor {
  const channels = images.shape[1] ?? 0;
  const { scale, shift } = normalizingMap(normalization, channels);
  return channelAffine(images, constant(scale, [channels]), constant(shift, [channels]));
}
