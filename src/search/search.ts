/** @file A whole search: everything is checked, candidates are tried, the winner is trained, exported and described. */
import { basename, extname } from 'node:path';
import type { Dataset } from '../data/dataset.js';
import { loadDataset } from '../data/load.js';
import { datasets } from '../data/registry.js';
import type { LoadProgress } from '../data/source.js';
import type { Engine } from '../engine/engine.js';
import { nodeEngine } from '../engine/node-engine.js';
import { UsageError } from '../error.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { evaluationNamed } from '../evaluation/registry.js';
import { train } from '../evaluation/train.js';
import type { Executor } from '../execution/executor.js';
import { ProcessPool, type ProcessPoolOptions } from '../execution/process-pool.js';
import type { Json } from '../json.js';
import { claimFolder, makeWritable, resultFiles, writeFirstFile } from '../model/result-files.js';
import { countedQuantities, quantities } from '../quantity/quantity.js';
import type { StudyConfiguration } from '../record/configuration.js';
import type { StudyNews } from '../record/progress.js';
import type { TrialRecord } from '../record/trial.js';
import type { AllowedModules } from '../reference/module-trust.js';
import { spaceNamed } from '../space/registry.js';
import { type BuildTarget, buildNetwork } from '../space/space.js';
import type { StudyLog } from '../store/log.js';
import type { StudyStore } from '../store/store.js';
import { openStore, openStoreOf } from '../store/store-file.js';
import { strategyNamed } from '../strategy/registry.js';
import { runLog, type StudyResult } from '../study/runner.js';
import { setupOf } from '../study/setup.js';
import type { Point } from '../training/curve.js';
import { recallDefinitions } from './definitions.js';
import {
  type ChosenStrategy,
  checkEvaluation,
  checkFidelity,
  checkNetworks,
  checkQuantities,
  type KnownQuantities,
} from './evaluation-check.js';
import { trainWinner } from './final-training.js';
import { withLatency } from './measured-latency.js';
import { type CheckedSearch, checkSearchConfig, type FinalPlan, finalPlanSchema } from './search-config.js';
import { type SearchResult, searchResult } from './search-result.js';
import type { SearchConfig } from './settings.js';
import { configText, describeStudy } from './study-files.js';
import { searchTarget } from './target.js';

/** What a search tells its audience: news of its study, and what comes before and after. */
export type SearchNews =
  | StudyNews
  | { readonly kind: 'loading'; readonly progress: LoadProgress }
  /** Everything was checked; the study begins or goes on. */
  | {
      readonly kind: 'prepared';
      readonly study: string;
      readonly store: string;
      readonly dataset: Dataset;
      readonly configuration: StudyConfiguration;
      readonly plan: FinalPlan;
    }
  | { readonly kind: 'final-point'; readonly point: Point; readonly epochs: number };

/** Who hears of a search, and what ends it. */
export interface SearchOptions {
  /** Stops the search; it can be resumed. */
  readonly signal?: AbortSignal | undefined;
  /** Hears what happens. */
  readonly onNews?: ((news: SearchNews) => void) | undefined;
  /** Makes what runs the trials; it is closed at the end. Default: a pool of child processes. */
  readonly executor?: ((options: ProcessPoolOptions) => Executor) | undefined;
}

/**
 * Searches for an architecture, trains the winner and writes its files.
 *
 * @example
 * const { best, final, files } = await search({ data: './photos', trials: 30, maxParams: 60_000 });
 *
 * @throws {UsageError} where settings are wrong, data or modules cannot be used, nothing can keep the limits, or the
 *   output folder or the store cannot be written: all before anything is trained
 * @throws {WorkError} where the work fails; what was recorded is kept
 */
export async function search(config: SearchConfig, options: SearchOptions = {}): Promise<SearchResult> {
  return runSearch(await checkSearchConfig(config), options);
}

/** As `search`, of a config that `checkSearchConfig` has checked. */
export async function runSearch(checked: CheckedSearch, options: SearchOptions = {}): Promise<SearchResult> {
  const engine = nodeEngine();
  const store = openStore(checked.store);
  try {
    if (checked.name !== undefined) refuseTaken(store, checked.name);
    const dataset = await load(checked.configuration, options);
    const strategy = strategyOf(checked.configuration);
    const evaluation = evaluationOf(checked.configuration);
    checkEvaluation('evaluation', evaluation, dataset);
    const final = checked.training && train.create(checked.training);
    if (final) checkEvaluation('final', final, dataset);
    // Made twice, as the folder for the results is claimed only when all else is known to be right.
    const target = searchTarget(dataset, evaluation);
    const setup = setupOf({ ...checked.configuration, final: null }, { target, evaluation, engine });
    await setup.createStrategy().close?.();
    checkQuantities(strategy, knownQuantities(checked.configuration));
    checkFidelity(strategy, { name: checked.configuration.evaluation.name, created: evaluation }, dataset);
    const least = strategy.definition.leastFidelity?.(strategy.settings) ?? 1;
    checkNetworks('evaluation', checked.configuration, evaluation.target?.(target, least) ?? target, least);
    if (final) checkNetworks('final', checked.configuration, final.target?.(target, 1) ?? target);
    const data = { ...checked.configuration.data, split: dataset.split };
    // The name is taken and the folder claimed at once, and both or none: other searches may begin at this moment.
    const log = store.create(checked.name ?? { free: nameOf(data.reference) }, (name) => {
      const plan: FinalPlan = { out: claimFolder(checked.out, name), training: checked.training };
      const configuration: StudyConfiguration = { ...checked.configuration, data, final: plan };
      writeFirstFile(plan.out, resultFiles.config, configText(name, configuration, plan));
      return configuration;
    });
    return await work({ store, log, dataset, engine }, options);
  } finally {
    store.close();
  }
}

/** How a study goes on. */
export interface ResumeOptions extends SearchOptions {
  /** The file that holds the study. */
  readonly store?: string | undefined;
  /**
   * Paths or SHA-256 digests of modules that may run though the study does not show that this user has run them before.
   * Default: none.
   */
  readonly allowModules?: AllowedModules | undefined;
}

/**
 * Goes on with a search where it stopped, however it stopped; a finished one gives its result again.
 *
 * @throws {UsageError} where there is no such study, or another process works on it
 * @throws {WorkError} where `search` does
 */
export async function resume(name: string, options: ResumeOptions = {}): Promise<SearchResult> {
  const engine = nodeEngine();
  const store = openStoreOf(options.store, name);
  try {
    const { configuration } = store.study(name);
    await recallDefinitions(configuration, options.allowModules);
    const plan = finalPlanSchema.parse(configuration.final);
    const dataset = await load(configuration, options);
    makeWritable(plan.out);
    return await work({ store, log: store.resume(name), dataset, engine }, options);
  } finally {
    store.close();
  }
}

interface Job {
  readonly store: StudyStore;
  /** Closed at the end. */
  readonly log: StudyLog;
  readonly dataset: Dataset;
  readonly engine: Engine;
}

async function work(
  { store, log, dataset, engine }: Job,
  { signal, onNews = () => {}, executor = (pool) => new ProcessPool(pool) }: SearchOptions,
): Promise<SearchResult> {
  const { name, configuration } = log.study;
  const plan = finalPlanSchema.parse(configuration.final);
  onNews({ kind: 'prepared', study: name, store: store.file, dataset, configuration, plan });
  const { threads, limits, space } = configuration;
  const pool = executor({
    threads,
    limits,
    modules: space.module === undefined ? [] : [space.module],
    artifacts: store.artifacts.folder,
  });
  const evaluation = evaluationOf(configuration);
  const target = searchTarget(dataset, evaluation);
  const { training } = plan;
  let result: StudyResult;
  try {
    const run = {
      setup: setupOf(configuration, { target, evaluation, engine }),
      executor: measuring(pool, configuration, target, engine),
      onNews,
      ...(signal !== undefined && { signal }),
      ...(training !== null && {
        finalize: async (best: TrialRecord, context: { readonly signal: AbortSignal }): Promise<Json> => {
          // The cores are free now: idle processes hold their images in memory.
          await pool.close();
          const onPoint = (point: Point, epochs: number) => onNews({ kind: 'final-point', point, epochs });
          return trainWinner({
            name,
            configuration,
            dataset,
            best,
            out: plan.out,
            training,
            engine,
            ...context,
            onPoint,
          });
        },
      }),
    };
    result = await runLog(log, run);
  } finally {
    log.close();
    await pool.close();
  }
  if (!result.interrupted) {
    await describeStudy({ summary: store.summary(name), trials: result.trials, dataset, plan, engine });
  }
  return searchResult({ result, configuration, dataset, plan, store: store.file });
}

const evaluationOf = ({ evaluation }: Pick<StudyConfiguration, 'evaluation'>): Evaluation =>
  evaluationNamed(evaluation.name).create(evaluation.settings);

const strategyOf = ({ strategy }: Pick<StudyConfiguration, 'strategy'>): ChosenStrategy => ({
  definition: strategyNamed(strategy.name),
  settings: strategy.settings,
});

/** What is counted of candidates before they are evaluated, and what is measured then. */
function knownQuantities({ evaluation }: Pick<StudyConfiguration, 'evaluation'>): KnownQuantities {
  const measured = evaluationNamed(evaluation.name).costs ?? [];
  return {
    before: countedQuantities.map(({ name }) => name),
    after: [...quantities.map(({ name }) => name), ...measured],
  };
}

/** The executor, which measures latency where a limit of the search is about it, or its strategy works with it. */
function measuring(
  executor: Executor,
  configuration: StudyConfiguration,
  target: BuildTarget,
  engine: Engine,
): Executor {
  const { latencyMs: limit } = configuration.constraints;
  const { definition, settings } = strategyOf(configuration);
  const isUsed = definition.quantities?.(settings).some(({ quantity }) => quantity === 'latencyMs') ?? false;
  if (limit === undefined && !isUsed) return executor;
  const space = spaceNamed(configuration.space.name);
  const networkOf = (architecture: Json) => buildNetwork(space, architecture, target);
  return withLatency(executor, { engine, networkOf, limit });
}

function load(configuration: Pick<StudyConfiguration, 'data'>, { onNews }: SearchOptions): Promise<Dataset> {
  const { reference, seed } = configuration.data;
  return loadDataset(reference, { seed, onProgress: (progress) => onNews?.({ kind: 'loading', progress }) });
}

/** A name for a study of these data: that of a built-in dataset, or of the file or folder. */
function nameOf(reference: string): string {
  const builtIn = datasets.find(({ name }) => reference === name || reference.startsWith(`${name}:`));
  if (builtIn !== undefined) return builtIn.name;
  const name = basename(reference, extname(reference))
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return name === '' ? 'study' : name.slice(0, 80);
}

/** The store refuses a taken name itself, but only after data were loaded and folders made. */
function refuseTaken(store: StudyStore, name: string): void {
  const free = store.freeName(name);
  if (free === name) return;
  throw new UsageError(
    `A study named "${name}" is already in ${store.file}: go on with it by 'nas resume ${name}', or choose another --name, such as ${free}.`,
  );
}
