/** @file Whether an engine has ONNX Runtime's blocked kernels on this processor, found out by a probe. */
import { conv2d, emitModel, input } from '../tensor/index.js';
import type { Engine } from './engine.js';

/** Registers of AVX-512 and of AVX2 hold so many floats. */
const CANDIDATES = [16, 8];

const found = new WeakMap<Engine, Promise<number | null>>();

/**
 * Channels in a block of the processor's own layout, or `null` where the engine has no such kernels. The blocked operators
 * are internal to ONNX Runtime; what counts is that they give the standard convolution's result.
 */
export function blockSize(engine: Engine): Promise<number | null> {
  const blocks = found.get(engine) ?? probe(engine);
  found.set(engine, blocks);
  return blocks;
}

async function probe(engine: Engine): Promise<number | null> {
  const expected = await convolve(engine, null);
  for (const blocks of CANDIDATES) {
    try {
      const computed = await convolve(engine, blocks);
      if (computed.every((value, index) => Math.abs(value - (expected[index] ?? Number.NaN)) < 1e-3)) return blocks;
    } catch {
      // No such operators in this build or on this processor.
      return null;
    }
  }
  return null;
}

/** 32 to 32 channels on 5×5 pixels, with numbers that tell places apart. */
async function convolve(engine: Engine, blocks: number | null): Promise<number[]> {
  const shapes = { x: [1, 32, 5, 5], weight: [32, 32, 3, 3] };
  const y = conv2d(input('x', shapes.x), input('weight', shapes.weight), { padding: 1 });
  const model = await engine.load(emitModel({ y }, { blocks }));
  const feed = (shape: readonly number[], step: number) => {
    const size = shape.reduce((product, count) => product * count, 1);
    return { shape, data: Float32Array.from({ length: size }, (_, index) => ((index * step) % 17) / 17 - 0.5) };
  };
  const { y: output } = await model.run({ x: feed(shapes.x, 7), weight: feed(shapes.weight, 5) });
  await model.release();
  return [...(output?.data ?? [])];
}
