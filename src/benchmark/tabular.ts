/** @file Strategies replayed on a tabulated benchmark, many times each: how good is the best after so many evaluations? */
import { availableParallelism } from 'node:os';
import { nodeEngine } from '../engine/node-engine.js';
import { UsageError } from '../error.js';
import { deriveSeed } from '../random.js';
import { referred } from '../reference/reference.js';
import { checkQuantities } from '../search/evaluation-check.js';
import { strategyRegistry } from '../strategy/registry.js';
import { mannWhitney } from './mann-whitney.js';
import { type ReplayRequest, replayInProcesses } from './replay-pool.js';
import type { Replayed } from './replayed-search.js';
import { tableNamed } from './shipped-tables.js';
import type { TableColumns } from './table-columns.js';
import { type StrategyChoice, tabulatedStrategy } from './tabulated-strategy.js';
import { Tabulation, type TabulationColumns } from './tabulation.js';

/** The strategy that the others are tested against. */
const BASELINE = 'random';

export interface TabularStrategy extends StrategyChoice {
  /** How the results call it, such as `regularized-evolution:populationSize=10`. */
  readonly label: string;
}

export interface TabularBenchmarkOptions extends TabulationColumns {
  readonly strategies: readonly TabularStrategy[];
  /** Full evaluations of each run. Default 300. */
  readonly evaluations?: number;
  /** Runs of each strategy, with seeds of their own that all strategies share. Default 300. */
  readonly runs?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Evaluations that run at a time on the simulated clock. Default 1. */
  readonly workers?: number;
  /** Child processes. Default: one for each processor. */
  readonly processes?: number;
  readonly onProgress?: (progress: TabularProgress) => void;
}

export interface TabularProgress {
  /** The strategy of the runs that have just ended. */
  readonly strategy: string;
  /** Runs of all strategies that have ended, and that will be. */
  readonly done: number;
  readonly runs: number;
}

export interface TabularResult {
  readonly strategy: string;
  readonly evaluations: readonly number[];
  /**
   * Over runs, of the target of the best by signal after so many evaluations; NaN, which JSON writes as `null`, where some
   * run has had none by then.
   */
  readonly mean: readonly number[];
  /** Standard deviation over runs. */
  readonly std: readonly number[];
  readonly standardError: readonly number[];
  /** Runs in which no evaluation had succeeded by then: they have no best. */
  readonly runsWithoutBest: readonly number[];
  /** Seconds on the simulated clock, on average; `null` where the table has no times. */
  readonly seconds: readonly number[] | null;
  /**
   * Of the test of Mann and Whitney against random search, two-sided, in which a run without a best is worse than any with
   * one; `null` where random search was not replayed, or is this one.
   */
  readonly pValue: readonly number[] | null;
  /** Milliseconds that the strategy itself took for a question and its answer, on average. */
  readonly msPerTrial: number;
  /** After 1, 2, … evaluations. */
  readonly course: { readonly mean: readonly number[]; readonly standardError: readonly number[] };
}

export interface TabularBenchmark {
  readonly table: string;
  readonly architectures: number;
  readonly space: string;
  /** The columns of the signal, the smallest fidelity first. */
  readonly signal: readonly string[];
  readonly target: string;
  /** Which columns the architectures, the signal and the target are, and why. */
  readonly columns: TableColumns;
  /** The best target of the table. */
  readonly optimum: number;
  readonly evaluations: number;
  readonly runs: number;
  readonly seed: number;
  readonly workers: number;
  readonly results: readonly TabularResult[];
}

/** Parts into which the runs of a strategy are cut for each process, so that all processes end at about the same time. */
const PARTS = 4;

/**
 * Replays every strategy. The same seed gives the same results, whatever the number of processes.
 *
 * @param source a table that is shipped, by its name, or the path of a CSV file, as `Tabulation.read` takes it
 * @throws {UsageError} where the strategy or a setting is unknown, or the table cannot be used
 * @throws {WorkError} where a run fails
 */
export async function benchmarkTabular(source: string, options: TabularBenchmarkOptions): Promise<TabularBenchmark> {
  const path = tableNamed(source);
  const { strategies, evaluations = 300, runs = 300, seed = 0, workers = 1, onProgress, ...rest } = options;
  const { processes = availableParallelism(), ...columns } = rest;
  const table = await Tabulation.read(path, columns);
  // What is wrong with a strategy is told before anything is run.
  for (const strategy of strategies) await checkStrategy(table, strategy, seed);
  const seeds = Array.from({ length: runs }, (_, run) => deriveSeed(seed, 'run', run));
  const parts = chunks(seeds, Math.ceil(runs / (PARTS * processes)));
  const requests = strategies.flatMap((strategy) =>
    parts.map((some): ReplayRequest => ({ path, columns, strategy, seeds: some, evaluations, workers })),
  );
  let done = 0;
  const answers = await replayInProcesses(requests, {
    processes,
    onAnswer(request) {
      done += request.seeds.length;
      onProgress?.({ strategy: request.strategy.name, done, runs: runs * strategies.length });
    },
  });
  const courses = strategies.map((strategy, index) => ({
    strategy,
    runs: answers.slice(index * parts.length, (index + 1) * parts.length).flat(),
  }));
  const baseline = courses.find(({ strategy }) => strategy.name === BASELINE);
  return {
    table: source,
    architectures: table.size,
    space: table.space.name,
    signal: table.fidelities.map(({ column }) => column),
    target: table.target.column,
    columns: table.columns,
    optimum: table.optimum,
    evaluations,
    runs,
    seed,
    workers,
    results: courses.map((course) => {
      const against = baseline === undefined || baseline === course ? null : baseline.runs;
      return resultOf(course.strategy.label, course.runs, { evaluations, against, timed: table.seconds !== null });
    }),
  };
}

/** @throws {UsageError} where the strategy is unknown, set wrongly, or has smaller fidelities than the table tells scores of */
async function checkStrategy(table: Tabulation, { name, settings }: TabularStrategy, seed: number): Promise<void> {
  const { definition } = await referred(name, strategyRegistry);
  checkQuantities({ definition, settings }, { before: table.costs, after: table.costs });
  const created = await tabulatedStrategy(table, { name, settings }, seed, nodeEngine());
  await created.close?.();
  const fidelity = definition.leastFidelity?.(settings) ?? 1;
  const { share, column } = table.fidelityOf(fidelity);
  if (share <= fidelity * (1 + 1e-9)) return;
  throw new UsageError(
    `The strategy ${name} begins with ${fidelity.toPrecision(3)} of a full evaluation, but the least that the signal ${column} tells is ${share.toPrecision(3)} of one: ` +
      'name columns of several fidelities, with a * for the number (--signal valid_accuracy_*_epochs), or give the strategy a smaller resource.',
  );
}

interface Judged {
  readonly evaluations: number;
  readonly against: readonly Replayed[] | null;
  readonly timed: boolean;
}

function resultOf(strategy: string, runs: readonly Replayed[], { evaluations, against, timed }: Judged): TabularResult {
  const bests = (all: readonly Replayed[], at: number, none: number) => all.map(({ best }) => best[at - 1] ?? none);
  const momentsAt = (at: number) => momentsOf(bests(runs, at, Number.NaN));
  const rankedAt = (all: readonly Replayed[], at: number) => bests(all, at, Number.NEGATIVE_INFINITY);
  const points = milestones(evaluations);
  const moments = points.map(momentsAt);
  const course = Array.from({ length: evaluations }, (_, index) => momentsAt(index + 1));
  const sum = (of: (run: Replayed) => number) => runs.reduce((total, run) => total + of(run), 0);
  return {
    strategy,
    evaluations: points,
    mean: moments.map(({ mean }) => mean),
    std: moments.map(({ std }) => std),
    standardError: moments.map(({ standardError }) => standardError),
    runsWithoutBest: points.map((at) => runs.filter(({ best }) => best[at - 1] === null).length),
    seconds: timed ? points.map((at) => sum((run) => run.seconds[at - 1] ?? Number.NaN) / runs.length) : null,
    pValue: against === null ? null : points.map((at) => mannWhitney(rankedAt(runs, at), rankedAt(against, at))),
    msPerTrial:
      sum((run) => run.milliseconds) /
      Math.max(
        1,
        sum((run) => run.questions),
      ),
    course: {
      mean: course.map(({ mean }) => mean),
      standardError: course.map(({ standardError }) => standardError),
    },
  };
}

/** 50, 100, 200, 400, … below the number of evaluations, and that number. */
function milestones(evaluations: number): number[] {
  const points: number[] = [];
  for (let at = 50; at < evaluations; at *= 2) points.push(at);
  return [...points, evaluations];
}

function momentsOf(values: readonly number[]): { mean: number; std: number; standardError: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const std = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
  return { mean, std, standardError: std / Math.sqrt(values.length) };
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
