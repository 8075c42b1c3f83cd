/** @file Whether this processor has ONNX Runtime's blocked kernels, found out by a probe. */
import { conv2d, emitModel, input } from '../tensor/index.js';
import { Session } from './session.js';

/** Registers of AVX-512 and of AVX2 hold so many floats. */
const CANDIDATES = [16, 8];

let found: Promise<number | null> | undefined;

/**
 * Channels in a block of the processor's own layout, or `null` where there are no such kernels. The blocked operators
 * are internal to ONNX Runtime; what counts is that they give the standard convolution's result.
 */
export function blockSize(): Promise<number | null> {
  found ??= probe();
  return found;
}

async function probe(): Promise<number | null> {
  const expected = await convolve(null);
  for (const blocks of CANDIDATES) {
    try {
      const computed = await convolve(blocks);
      if (computed.every((value, index) => Math.abs(value - (expected[index] ?? Number.NaN)) < 1e-3)) return blocks;
    } catch {
      // No such operators in this build or on this processor.
      return null;
    }
  }
  return null;
}

/** 32 to 32 channels on 5×5 pixels, with numbers that tell places apart. */
async function convolve(blocks: number | null): Promise<number[]> {
  const shapes = { x: [1, 32, 5, 5], weight: [32, 32, 3, 3] };
  const y = conv2d(input('x', shapes.x), input('weight', shapes.weight), { padding: 1 });
  const session = await Session.load(emitModel({ y }, { blocks }));
  const feed = (shape: readonly number[], step: number) => {
    const size = shape.reduce((product, count) => product * count, 1);
    return { shape, data: Float32Array.from({ length: size }, (_, index) => ((index * step) % 17) / 17 - 0.5) };
  };
  const { y: output } = await session.run({ x: feed(shapes.x, 7), weight: feed(shapes.weight, 5) });
  await session.release();
  return [...(output?.data ?? [])];
}
