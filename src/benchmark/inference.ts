/** @file Inference throughput of ONNX files side by side. */

import type { Engine } from '../engine/engine.js';
import { nodeEngine } from '../engine/node-engine.js';
import { UsageError } from '../error.js';
import { quantile } from '../model/latency.js';
import { readModelFile } from '../model/onnx-model.js';
import { Random } from '../random.js';

export interface InferenceBenchmarkOptions {
  readonly files: readonly string[];
  /** Images at once, for files that take any number. Default 1. */
  readonly batch?: number;
  /** Of the engine. Default 1. */
  readonly threads?: number;
  /** Default: `nodeEngine()`. */
  readonly engine?: Engine;
  /** Runs of each file that are timed. Default 50. */
  readonly runs?: number;
}

export interface InferenceBenchmark {
  readonly batch: number;
  readonly threads: number;
  readonly runs: number;
  readonly results: readonly {
    readonly file: string;
    /** Of the median run. */
    readonly milliseconds: number;
    /** The first file's milliseconds over this one's. */
    readonly ratio: number;
  }[];
}

const WARMUP_RUNS = 5;

/**
 * Runs the files in turn on random pixels, so that a machine that grows slower or faster does so for all.
 *
 * @throws {UsageError} where a file is no image classifier, or they take images of different shapes
 */
export async function benchmarkInference(options: InferenceBenchmarkOptions): Promise<InferenceBenchmark> {
  const { batch = 1, threads = 1, engine = nodeEngine(), runs = 50 } = options;
  const models = await Promise.all(options.files.map(readModelFile));
  const shapes = models.map(({ input }) => [input.batch ?? batch, input.channels, input.height, input.width]);
  const [shape = []] = shapes;
  const misfit = shapes.findIndex((other) => other.join() !== shape.join());
  if (misfit > 0) {
    throw new UsageError(
      `${models[misfit]?.file} takes images [${shapes[misfit]?.join(', ')}], but ${models[0]?.file} takes [${shape.join(', ')}]: only files that take the same images can be compared.`,
    );
  }
  const random = new Random(0);
  const size = shape.reduce((product, count) => product * count, 1);
  const data = Float32Array.from({ length: size }, () => random.integer(256));
  const timed = await Promise.all(
    models.map(async ({ file, bytes, input }) => ({
      file,
      feeds: { [input.name]: { shape, data } },
      model: await engine.load(bytes, { threads }),
      times: [] as number[],
    })),
  );
  try {
    for (let run = 0; run < WARMUP_RUNS + runs; run++) {
      for (const { model, feeds, times } of timed) {
        const began = performance.now();
        await model.run(feeds);
        if (run >= WARMUP_RUNS) times.push(performance.now() - began);
      }
    }
  } finally {
    for (const { model } of timed) await model.release();
  }
  const ascending = (times: readonly number[]): number[] => times.toSorted((a, b) => a - b);
  const medians = timed.map(({ times }) => quantile(ascending(times), 0.5));
  const [first = Number.NaN] = medians;
  return {
    batch: shape[0] ?? batch,
    threads,
    runs,
    results: timed.map(({ file }, index) => {
      const milliseconds = medians[index] ?? Number.NaN;
      return { file, milliseconds, ratio: first / milliseconds };
    }),
  };
}
