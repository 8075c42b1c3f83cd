/** @file Training throughput of the reference networks, beside another engine in the same call. */
import { UsageError } from '../error.js';
import { Trainer } from '../evaluation/trainer.js';
import { type BenchmarkNetwork, benchmarkNetworks } from '../nn/presets/benchmark.js';
import { initialWeights } from '../nn/weights.js';
import { Random } from '../random.js';
import { blockSize } from '../runtime/blocked-kernels.js';
import { sgd } from '../tensor/index.js';
import { type EngineReport, runEngine } from './engine.js';

export interface TrainingBenchmarkOptions {
  /** Names of `benchmarkNetworks`; default: all. */
  readonly networks?: readonly string[];
  /** Intra-op threads. Default 2. */
  readonly threads?: number;
  /** Steps that are timed, half of them before the other engine runs and half after. Default 20. */
  readonly steps?: number;
  /**
   * A command that prints `{engine, threads, results: [{network, imagesPerSecond}]}`. Where it holds `{network}`, it is
   * run once for each network with the name in that place.
   */
  readonly against?: string | undefined;
  readonly onNetwork?: (network: string) => void;
}

export interface TrainingBenchmark {
  readonly threads: number;
  readonly steps: number;
  /** Channels in a block of the processor's layout; `null` for standard operators. */
  readonly blocks: number | null;
  readonly results: readonly {
    readonly network: string;
    readonly parameters: number;
    readonly batch: number;
    /** Of the median step. */
    readonly imagesPerSecond: number;
    /** The other engine's number, or `null`. */
    readonly against: number | null;
    /** Ours over the other's, or `null`. */
    readonly ratio: number | null;
  }[];
  /** Of the ratios; `null` without another engine. */
  readonly geometricMeanRatio: number | null;
  readonly against: { readonly engine: string; readonly threads: number | null } | null;
}

const warmupSteps = 3;
const learningRate = 0.05;

/**
 * Times one training step (forward, cross-entropy, backward, SGD with momentum) on one fixed batch of random pixels.
 *
 * @throws UsageError for an unknown network; WorkError where the other command fails
 */
export async function benchmarkTraining(options: TrainingBenchmarkOptions = {}): Promise<TrainingBenchmark> {
  const { threads = 2, steps = 20, against, onNetwork } = options;
  const names = options.networks?.length ? options.networks : Object.keys(benchmarkNetworks);
  const networks = names.map((name) => ({ name, preset: networkNamed(name) }));
  const half = Math.ceil(steps / 2);
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  const engines: EngineReport[] = [];
  const perNetwork = against?.includes('{network}') === true;
  const timeOurs = async (name: string, preset: BenchmarkNetwork) => {
    onNetwork?.(name);
    times.get(name)?.push(...(await stepTimes(preset, threads, half)));
  };
  // The other engine runs in the middle, so that a machine that grows slower or faster does so for both.
  if (perNetwork) {
    for (const { name, preset } of networks) {
      await timeOurs(name, preset);
      engines.push(await runEngine(against.replaceAll('{network}', name), onNetwork));
      await timeOurs(name, preset);
    }
  } else {
    for (const { name, preset } of networks) await timeOurs(name, preset);
    if (against !== undefined) engines.push(await runEngine(against, onNetwork));
    for (const { name, preset } of networks) await timeOurs(name, preset);
  }
  const others = new Map(engines.flatMap(({ results }) => results.map((row) => [row.network, row.imagesPerSecond])));
  const results = networks.map(({ name, preset }) => {
    const imagesPerSecond = (1000 * preset.batch) / median(times.get(name) ?? []);
    const other = others.get(name) ?? null;
    return {
      network: name,
      parameters: preset.build(preset).cost().params,
      batch: preset.batch,
      imagesPerSecond,
      against: other,
      ratio: other === null ? null : imagesPerSecond / other,
    };
  });
  const ratios = results.flatMap(({ ratio }) => (ratio === null ? [] : [ratio]));
  const [engine] = engines;
  return {
    threads,
    steps: 2 * half,
    blocks: await blockSize(),
    results,
    geometricMeanRatio: ratios.length === 0 ? null : geometricMean(ratios),
    against: engine === undefined ? null : { engine: engine.engine, threads: engine.threads ?? null },
  };
}

function networkNamed(name: string): BenchmarkNetwork {
  const preset = Object.hasOwn(benchmarkNetworks, name) ? benchmarkNetworks[name] : undefined;
  if (preset !== undefined) return preset;
  throw new UsageError(
    `There is no reference network "${name}": they are ${Object.keys(benchmarkNetworks).join(', ')}.`,
  );
}

/** Milliseconds of each step after the first few. */
async function stepTimes(preset: BenchmarkNetwork, threads: number, steps: number): Promise<number[]> {
  const network = preset.build(preset);
  const { batch: batchSize, input } = preset;
  const random = new Random(0);
  const trainer = await Trainer.create(network, initialWeights(network, 0), {
    batchSize,
    optimizer: sgd({ momentum: 0.9 }),
    normalization: { mean: new Array(input.channels).fill(128), std: new Array(input.channels).fill(64) },
    blocks: await blockSize(),
    threads,
    noise: random.stream('noise'),
  });
  try {
    const size = batchSize * input.channels * input.height * input.width;
    const batch = {
      pixels: Float32Array.from({ length: size }, () => random.integer(256)),
      labels: Int32Array.from({ length: batchSize }, (_, index) => index % preset.classes),
    };
    const times: number[] = [];
    for (let step = 0; step < warmupSteps + steps; step++) {
      const began = performance.now();
      await trainer.step(batch, learningRate);
      times.push(performance.now() - began);
    }
    return times.slice(warmupSteps);
  } finally {
    await trainer.release();
  }
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
