/** @file Training throughput of networks, beside another engine in the same call. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blockSize } from '../engine/blocked-kernels.js';
import { nodeEngine } from '../engine/node-engine.js';
import { type EngineReport, runEngine } from './other-engine.js';
import { type StepReport, stepTimes } from './step-times.js';
import { randomWorkloads, referenceWorkloads, type Workload } from './workload.js';

export interface TrainingBenchmarkOptions {
  /** Names of reference networks; default: all of them, or none where there are random ones. */
  readonly networks?: readonly string[];
  /** How many random networks to time beside. Default 0. */
  readonly random?: number;
  /** Seed of the random networks. Default 0. */
  readonly seed?: number;
  /** Intra-op threads of each process. Default 2. */
  readonly threads?: number;
  /** Processes that train the same network at once; their images a second are added. Default 1. */
  readonly processes?: number;
  /** Steps that are timed, half of them before the other engine runs and half after. Default 20. */
  readonly steps?: number;
  /**
   * A command that prints `{engine, threads, results: [{network, imagesPerSecond, peakMemoryBytes?}]}`. Where it holds
   * `{network}`, `{file}` or `{batch}`, it is run once for each network, with the name, a file of its JSON and its batch
   * size in that place.
   */
  readonly against?: string | undefined;
  /** Called before each network. */
  readonly onNetwork?: (network: string) => void;
  /** The compiled module that times steps. */
  readonly entry?: URL;
}

/** How fast one network trains. */
export interface TrainingBenchmarkRow {
  readonly network: string;
  readonly parameters: number;
  readonly batch: number;
  /** Of the median step, summed over processes. */
  readonly imagesPerSecond: number;
  /** Milliseconds from the network's JSON to a trainer that can step, in a process that has trained nothing yet; median. */
  readonly preparationMs: number;
  /** The largest of a process, Node.js and ONNX Runtime included. */
  readonly peakMemoryBytes: number;
  /** The other engine's images a second, or `null`. */
  readonly against: number | null;
  /** Ours over the other's, or `null`. */
  readonly ratio: number | null;
  /** The other engine's peak memory, or `null`. */
  readonly againstPeakMemoryBytes: number | null;
}

export interface TrainingBenchmark {
  readonly threads: number;
  readonly processes: number;
  readonly steps: number;
  /** Channels in a block of the processor's layout; `null` for standard operators. */
  readonly blocks: number | null;
  readonly results: readonly TrainingBenchmarkRow[];
  /** Of the ratios; `null` without another engine. */
  readonly geometricMeanRatio: number | null;
  readonly against: { readonly engine: string; readonly threads: number | null } | null;
}

/**
 * Times one training step (forward, cross-entropy, backward, SGD with momentum) on one fixed batch of random pixels.
 *
 * @throws {UsageError} where the network is unknown
 * @throws {WorkError} where the other command fails
 */
export async function benchmarkTraining(options: TrainingBenchmarkOptions = {}): Promise<TrainingBenchmark> {
  const { networks = [], random = 0, seed = 0, threads = 2, processes = 1, steps = 20 } = options;
  const { against, onNetwork, entry } = options;
  const half = Math.ceil(steps / 2);
  const workloads = [
    ...(networks.length > 0 || random === 0 ? referenceWorkloads(networks) : []),
    ...randomWorkloads(random, seed),
  ];
  const reports = new Map<Workload, StepReport[]>(workloads.map((workload) => [workload, []]));
  const time = async (workload: Workload): Promise<void> => {
    onNetwork?.(workload.name);
    reports.get(workload)?.push(...(await stepTimes(workload, { threads, steps: half, processes, entry })));
  };
  // The other engine runs in the middle, so that a machine that grows slower or faster does so for both.
  const engines: EngineReport[] = [];
  if (against !== undefined && PLACES.test(against)) {
    for (const workload of workloads) {
      await time(workload);
      engines.push(await runFor(workload, against, onNetwork));
      await time(workload);
    }
  } else {
    for (const workload of workloads) await time(workload);
    if (against !== undefined) engines.push(await runEngine(against, onNetwork));
    for (const workload of workloads) await time(workload);
  }
  const others = new Map(engines.flatMap(({ results }) => results.map((row) => [row.network, row])));
  const results = workloads.map((workload) =>
    rowOf(workload, reports.get(workload) ?? [], processes, others.get(workload.name)),
  );
  const ratios = results.flatMap(({ ratio }) => (ratio === null ? [] : [ratio]));
  const [engine] = engines;
  return {
    threads,
    processes,
    steps: 2 * half,
    blocks: await blockSize(nodeEngine()),
    results,
    geometricMeanRatio: ratios.length === 0 ? null : geometricMean(ratios),
    against: engine === undefined ? null : { engine: engine.engine, threads: engine.threads ?? null },
  };
}

function rowOf(
  { name, network, batch }: Workload,
  reports: readonly StepReport[],
  processes: number,
  other: EngineReport['results'][number] | undefined,
): TrainingBenchmarkRow {
  const imagesPerSecond = (1000 * batch * processes) / median(reports.flatMap(({ times }) => times));
  return {
    network: name,
    parameters: network.cost().params,
    batch,
    imagesPerSecond,
    preparationMs: median(reports.map(({ preparation }) => preparation)),
    peakMemoryBytes: Math.max(...reports.map(({ peakMemoryBytes }) => peakMemoryBytes)),
    against: other?.imagesPerSecond ?? null,
    ratio: other === undefined ? null : imagesPerSecond / other.imagesPerSecond,
    againstPeakMemoryBytes: other?.peakMemoryBytes ?? null,
  };
}

/** What a command may leave open for each network. */
const PLACES = /\{(network|file|batch)\}/;

async function runFor(
  { name, network, batch }: Workload,
  command: string,
  onStart?: (what: string) => void,
): Promise<EngineReport> {
  const folder = await mkdtemp(join(tmpdir(), 'nasturtium-benchmark-'));
  try {
    const file = join(folder, 'network.json');
    await writeFile(file, JSON.stringify(network.toJson()));
    const filled = command.replaceAll('{network}', name).replaceAll('{file}', file).replaceAll('{batch}', `${batch}`);
    const report = await runEngine(filled, onStart);
    // The command times one network and may not know its name.
    const [only] = report.results;
    return { ...report, results: only === undefined ? [] : [{ ...only, network: name }] };
  } finally {
    await rm(folder, { recursive: true });
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
