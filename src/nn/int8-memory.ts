/** @file What a network would take on a microcontroller, with 8-bit weights and feature maps (Lin et al. 2020, MCUNet). */
import { elementCount } from '../tensor/shape.js';
import type { Network } from './network.js';
import { type PeakOptions, peakActivationElements } from './peak-activation.js';

/** Bytes of the two memories of a microcontroller. */
export interface Int8Memory {
  /** Feature maps alive at once, one byte an element: see `peakActivationElements`. No im2col buffer, no code. */
  readonly sramBytes: number;
  /**
   * Weights, one byte each; biases, scales and shifts, four bytes each: with batch norms folded they are the 32-bit
   * biases and multipliers of the channels. No code.
   */
  readonly flashBytes: number;
}

const BYTES_PER_CHANNEL_NUMBER = 4;

/** The memory of a network for one image. TinyEngine convolves depthwise in place; others, such as TensorFlow Lite Micro, do not. */
export function int8Memory(network: Network, options: PeakOptions = {}): Int8Memory {
  const { image, layers, output } = network;
  const values = image.graph.layers.length + 1;
  const sramBytes = peakActivationElements({ images: [image], steps: layers, outputs: [output], values }, options);
  const flashBytes = network.parameters.reduce(
    (bytes, { shape }) => bytes + elementCount(shape) * (shape.length > 1 ? 1 : BYTES_PER_CHANNEL_NUMBER),
    0,
  );
  return { sramBytes, flashBytes };
}
