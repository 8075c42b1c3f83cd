/** @file Peak activation memory: the most elements of feature maps that are alive at one step. */
import type { Feature, Layer } from './feature.js';

/**
 * Runs the layers in the given order for one image and returns the largest sum, over the steps, of the elements of all
 * feature maps alive: those that this or a later layer reads, this layer's output, and at first the image.
 *
 * - Kinds of memory use `in-place` (batch norm, activations, sums, products, mixtures) write over an operand of the output's
 *   size if nothing reads it later, as engines do that fuse them into the convolution before; else they take new memory.
 * - Kinds of memory use `view` (identity, flatten, and dropout, which inference leaves out) take none.
 * - All others read their inputs while they write a new output, so both are alive at once. There is no im2col buffer and
 *   no in-place depthwise convolution.
 *
 * This is the element count of MCUNet's SRAM model with its in-place depthwise off (Lin et al. 2020).
 */
export function peakActivationElements(image: Feature, layers: readonly Layer[], output: Feature): number {
  const memory = new Buffers(image, layers, output);
  let peak = image.elements;
  for (const layer of layers) {
    memory.place(layer);
    peak = Math.max(peak, memory.alive);
    for (const input of layer.inputs) memory.release(input);
  }
  return peak;
}

/** Who holds which memory. A buffer goes by the index of the feature that was written to it first. */
class Buffers {
  /** Elements alive now. */
  alive: number;
  /** By feature: its buffer. */
  readonly #buffer: Int32Array;
  /** By feature: how many layers, or the network's output, read it. */
  readonly #readers: Int32Array;
  /** By buffer: reads still to come. */
  readonly #pending: Int32Array;
  /** By buffer: its elements. */
  readonly #elements: Float64Array;

  constructor(image: Feature, layers: readonly Layer[], output: Feature) {
    const count = image.graph.layers.length + 1;
    this.#buffer = new Int32Array(count);
    this.#readers = new Int32Array(count);
    this.#pending = new Int32Array(count);
    this.#elements = new Float64Array(count);
    for (const layer of layers) for (const input of layer.inputs) this.#count(this.#readers, input.index, 1);
    this.#count(this.#readers, output.index, 1);
    this.alive = 0;
    this.#allocate(image);
  }

  /** Finds memory for the layer's output. */
  place(layer: Layer): void {
    const shared = this.#shareable(layer);
    if (shared === undefined) {
      this.#allocate(layer);
    } else {
      const buffer = this.#bufferOf(shared);
      this.#buffer[layer.index] = buffer;
      this.#count(this.#pending, buffer, this.#readers[layer.index] ?? 0);
    }
  }

  /** One reader of the feature is done. */
  release(feature: Feature): void {
    const buffer = this.#bufferOf(feature);
    if (this.#count(this.#pending, buffer, -1) === 0) this.alive -= this.#elements[buffer] ?? 0;
  }

  #shareable(layer: Layer): Feature | undefined {
    const { memory = 'new' } = layer.kind;
    if (memory === 'new') return undefined;
    if (memory === 'view') return layer.inputs[0];
    return layer.inputs.find((input) => {
      const buffer = this.#bufferOf(input);
      return this.#pending[buffer] === 1 && this.#elements[buffer] === layer.elements;
    });
  }

  #allocate(feature: Feature): void {
    this.#buffer[feature.index] = feature.index;
    this.#pending[feature.index] = this.#readers[feature.index] ?? 0;
    this.#elements[feature.index] = feature.elements;
    this.alive += feature.elements;
  }

  #bufferOf(feature: Feature): number {
    return this.#buffer[feature.index] ?? feature.index;
  }

  #count(counts: Int32Array, index: number, by: number): number {
    const count = (counts[index] ?? 0) + by;
    counts[index] = count;
    return count;
  }
}
