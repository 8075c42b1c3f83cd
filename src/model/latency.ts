/** @file How long one run of a model takes on this machine. */
import { type Engine, engineText } from '../engine/engine.js';
import type { OnnxModelFile } from './onnx-model.js';

/** How long one run of a model takes. */
export interface Latency {
  /** Milliseconds a run. */
  readonly median: number;
  readonly percentile95: number;
  readonly runs: number;
  readonly batch: number;
  /** Of the engine. */
  readonly threads: number;
  /** Such as `onnxruntime-node 1.30.0, CPU`. */
  readonly runtime: string;
}

/** How often, and for how long, a model is timed. */
export interface LatencyOptions {
  /** Runs before the clock counts. Default 10. */
  readonly warmup?: number;
  /** Most runs that are timed. Default 200. */
  readonly runs?: number;
  /** Stops timing after so long, but not before ten runs. Default 2. */
  readonly seconds?: number;
}

/** Times single images on one thread: what a small device does, and what machines can be compared by. */
export async function measureLatency(
  engine: Engine,
  { bytes, input }: Pick<OnnxModelFile, 'bytes' | 'input'>,
  { warmup = 10, runs = 200, seconds = 2 }: LatencyOptions = {},
): Promise<Latency> {
  const threads = 1;
  const batch = input.batch ?? 1;
  const model = await engine.load(bytes, { threads });
  try {
    const shape = [batch, input.channels, input.height, input.width];
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(128);
    const feeds = { [input.name]: { shape, data } };
    for (let run = 0; run < warmup; run++) await model.run(feeds);
    const times: number[] = [];
    const end = performance.now() + 1000 * seconds;
    while (times.length < runs && (times.length < 10 || performance.now() < end)) {
      const began = performance.now();
      await model.run(feeds);
      times.push(performance.now() - began);
    }
    times.sort((a, b) => a - b);
    return {
      median: quantile(times, 0.5),
      percentile95: quantile(times, 0.95),
      runs: times.length,
      batch,
      threads,
      runtime: engineText(engine),
    };
  } finally {
    await model.release();
  }
}

/** Of sorted values, interpolated between neighbours. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}
