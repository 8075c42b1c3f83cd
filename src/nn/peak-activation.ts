/** @file Peak activation memory: the most elements of feature maps that are alive at one step. */
import type { MemoryUse } from './layer-kind.js';

/** Something that takes memory: a feature map of one image. */
export interface MemoryValue {
  /** A number of its own, below the count of values. */
  readonly index: number;
  readonly elements: number;
}

/** One step of a computation, with the value that it makes. */
export interface MemoryStep extends MemoryValue {
  readonly inputs: readonly MemoryValue[];
  readonly memory: MemoryUse;
  /** Elements of one channel of the value; needed where memory use is `channelwise`. */
  readonly channelElements?: number;
}

/** A computation whose values have indices below `values`. */
export interface Computation {
  /** What is there at first. */
  readonly images: readonly MemoryValue[];
  /** In the order in which they run. */
  readonly steps: readonly MemoryStep[];
  /** What must be there at the end. */
  readonly outputs: readonly MemoryValue[];
  readonly values: number;
}

/**
 * Runs the steps in the given order for one image and returns the largest sum, over the steps, of the elements of all
 * feature maps alive: those that this or a later step reads, this step's output, and at first the image.
 *
 * - Memory use `in-place` (batch norm, activations, sums, products, mixtures) writes over an operand of the output's size
 *   if no later step reads it, as engines do that fuse such steps into the convolution before; else it takes new memory.
 * - Memory use `view` (identity, flatten, and dropout, which inference leaves out) takes none.
 * - Memory use `new` reads its inputs while it writes its output, so all are alive at once. There is no im2col buffer.
 * - Memory use `channelwise` (depthwise convolutions) is `new`, unless `inPlaceDepthwise` is set and no later step reads
 *   the input: then one channel after the other goes through a buffer of one channel and back over the input, which
 *   shrinks to the output (Lin et al. 2020, section 3.2: N + 1 channels in place of 2N).
 *
 * This is the element count of MCUNet's SRAM model, with its in-place depthwise convolution on or off.
 */
export function peakActivationElements(
  { images, steps, outputs, values }: Computation,
  { inPlaceDepthwise = false }: PeakOptions = {},
): number {
  const memory = new Buffers(values, images, steps, outputs);
  let peak = memory.alive;
  for (const step of steps) {
    const overwritten = inPlaceDepthwise && step.memory === 'channelwise' ? memory.lastRead(step) : undefined;
    if (overwritten === undefined) {
      memory.place(step);
      peak = Math.max(peak, memory.alive);
    } else {
      peak = Math.max(peak, memory.alive + (step.channelElements ?? step.elements));
      memory.overwrite(overwritten, step);
    }
    for (const input of step.inputs) memory.release(input);
  }
  return peak;
}

/** How peak activation memory is counted. */
export interface PeakOptions {
  /** Default false. */
  readonly inPlaceDepthwise?: boolean;
}

/** Who holds which memory. A buffer goes by the index of the value that was written to it first. */
class Buffers {
  /** Elements alive now. */
  alive = 0;
  /** By value: its buffer. */
  readonly #buffer: Int32Array;
  /** By value: how many steps read it; the end reads the outputs. */
  readonly #readers: Int32Array;
  /** By buffer: reads still to come. */
  readonly #pending: Int32Array;
  /** By buffer: its elements. */
  readonly #elements: Float64Array;

  constructor(
    values: number,
    images: readonly MemoryValue[],
    steps: readonly MemoryStep[],
    outputs: readonly MemoryValue[],
  ) {
    this.#buffer = new Int32Array(values);
    this.#readers = new Int32Array(values);
    this.#pending = new Int32Array(values);
    this.#elements = new Float64Array(values);
    for (const step of steps) for (const input of step.inputs) this.#count(this.#readers, input.index, 1);
    for (const output of outputs) this.#count(this.#readers, output.index, 1);
    for (const image of images) this.#allocate(image);
  }

  /** Finds memory for the step's output. */
  place(step: MemoryStep): void {
    const shared = this.#shareable(step);
    if (shared === undefined) this.#allocate(step);
    else this.#share(step, this.#bufferOf(shared));
  }

  /** The step's first input, if no later step reads it. */
  lastRead(step: MemoryStep): MemoryValue | undefined {
    const [input] = step.inputs;
    return input !== undefined && this.#isDoneAfter(step, this.#bufferOf(input)) ? input : undefined;
  }

  /** Puts the step's output where its input was, whose memory shrinks to the output's. */
  overwrite(input: MemoryValue, step: MemoryStep): void {
    const buffer = this.#bufferOf(input);
    this.alive += step.elements - (this.#elements[buffer] ?? 0);
    this.#elements[buffer] = step.elements;
    this.#share(step, buffer);
  }

  /** One reader of the value is done. */
  release(value: MemoryValue): void {
    const buffer = this.#bufferOf(value);
    if (this.#count(this.#pending, buffer, -1) === 0) this.alive -= this.#elements[buffer] ?? 0;
  }

  #shareable(step: MemoryStep): MemoryValue | undefined {
    if (step.memory === 'view') return step.inputs[0];
    if (step.memory !== 'in-place') return undefined;
    for (const input of step.inputs) {
      const buffer = this.#bufferOf(input);
      if (this.#elements[buffer] === step.elements && this.#isDoneAfter(step, buffer)) return input;
    }
    return undefined;
  }

  /** Whether the step holds all reads of a buffer that are still to come. */
  #isDoneAfter(step: MemoryStep, buffer: number): boolean {
    return this.#pending[buffer] === this.#readsOf(step, buffer);
  }

  /** Gives the step's output a buffer that is there already. */
  #share(step: MemoryStep, buffer: number): void {
    this.#buffer[step.index] = buffer;
    this.#count(this.#pending, buffer, this.#readers[step.index] ?? 0);
  }

  /** How often a step reads a buffer. */
  #readsOf(step: MemoryStep, buffer: number): number {
    let reads = 0;
    for (const input of step.inputs) if (this.#bufferOf(input) === buffer) reads++;
    return reads;
  }

  #allocate(value: MemoryValue): void {
    this.#buffer[value.index] = value.index;
    this.#pending[value.index] = this.#readers[value.index] ?? 0;
    this.#elements[value.index] = value.elements;
    this.alive += value.elements;
  }

  #bufferOf(value: MemoryValue): number {
    return this.#buffer[value.index] ?? value.index;
  }

  #count(counts: Int32Array, index: number, by: number): number {
    const count = (counts[index] ?? 0) + by;
    counts[index] = count;
    return count;
  }
}
