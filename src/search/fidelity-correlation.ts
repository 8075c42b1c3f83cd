/** @file How far smaller budgets rank architectures as larger ones do: a study that trains a sample with each, and what it says. */
import { type Agreement, agreementsAmong, FEWEST_ITEMS } from '../correlation/agreement.js';
import type { Dataset } from '../data/dataset.js';
import { UsageError, WorkError } from '../error.js';
import { trainingWithFidelity } from '../evaluation/fidelity.js';
import { train } from '../evaluation/train.js';
import { Random } from '../random.js';
import type { StudyConfiguration } from '../record/configuration.js';
import type { TrialRecord } from '../record/trial.js';
import type { WrittenSettings } from '../reference/reference-text.js';
import { readStoreOf } from '../store/store-file.js';
import { eachFidelity, eachFidelitySettings } from '../strategy/each-fidelity.js';
import {
  budgetName,
  budgetsOf,
  type FidelityBudgets,
  fullSettings,
  settingsOfBudget,
  sharesOf,
} from './fidelity-budgets.js';
import { trainingText, writeRecommendation } from './recommended-budget.js';
import { type ResumeOptions, resume, runSearch, type SearchNews, type SearchOptions } from './search.js';
import { type CheckedSearch, checkSearchConfig } from './search-config.js';
import type { SearchResult } from './search-result.js';

/** What a study of budgets says. */
export interface FidelityCorrelation {
  readonly study: string;
  /** The architectures that were trained with every budget. */
  readonly n: number;
  /** Those of which a training failed: they are left out. */
  readonly failed: number;
  /** Smaller budgets stand before larger ones. */
  readonly pairs: readonly Agreement[];
  /** The median time of one training with each budget. */
  readonly seconds: { readonly [budget: string]: number };
  /** The correlation with the largest budget that is wanted. */
  readonly wanted: number;
  /** The smallest budget whose ranks agree so far with those of the largest, which may be that itself. */
  readonly recommended: string;
  /** The evaluation that has the recommended budget, as `--evaluation` takes it. */
  readonly evaluation: string;
  /** The file of a config by which `nas search` searches with the recommended budget. */
  readonly config: string;
}

/**
 * The config of a study of budgets.
 *
 * @param written as a search has it; its evaluation is `train`, whose settings hold for all that the budgets leave alone
 * @param count how many architectures are trained
 * @throws {UsageError} where something is wrong, or there are too few architectures for a correlation
 */
export async function checkCorrelation(
  written: WrittenSettings,
  budgets: FidelityBudgets,
  count: number,
): Promise<CheckedSearch> {
  if (count < FEWEST_ITEMS) {
    throw new UsageError(
      `${count} architectures are too few for a correlation: even two equal orders of four come about by chance once in twelve. Give -n at least ${FEWEST_ITEMS}.`,
    );
  }
  const { configuration } = await checkSearchConfig({ ...written, final: false });
  const { name, settings } = configuration.evaluation;
  if (name !== train.name) {
    throw new UsageError(
      `Budgets are those of the evaluation ${train.name}, not of ${name}: leave --evaluation out, or set ${train.name}:key=value.`,
    );
  }
  return checkSearchConfig({
    ...written,
    evaluation: { ...settings, ...fullSettings(budgets), name },
    strategy: { name: eachFidelity.name, fidelities: sharesOf(budgets) },
    trials: count * budgets.values.length,
    final: false,
  });
}

/** A study of budgets that was run: its search, and what it says where it came to its end. */
export interface CorrelationRun {
  readonly result: SearchResult;
  /** `null` where it was interrupted. */
  readonly correlation: FidelityCorrelation | null;
}

/**
 * Trains a sample with each budget, as a study, and compares the ranks.
 *
 * @param wanted the correlation with the largest budget that the recommended one has
 * @throws {UsageError} where `search` does
 * @throws {WorkError} where `search` does, and where too few architectures were trained with every budget
 */
export const correlateFidelities = (
  checked: CheckedSearch,
  wanted: number,
  options: SearchOptions,
): Promise<CorrelationRun> => run((hearing) => runSearch(checked, hearing), checked.store, wanted, options);

/**
 * Goes on with a study of budgets where it stopped, and compares the ranks; of one that is done it only compares.
 *
 * @throws {UsageError} where there is no such study, or it is one of another kind
 * @throws {WorkError} where `correlateFidelities` does
 */
export function correlateStudy(name: string, wanted: number, options: ResumeOptions): Promise<CorrelationRun> {
  const store = readStoreOf(options.store, name);
  try {
    budgetsIn(name, store.study(name).configuration);
  } finally {
    store.close();
  }
  return run((hearing) => resume(name, { ...options, ...hearing }), options.store, wanted, options);
}

async function run(
  search: (options: SearchOptions) => Promise<SearchResult>,
  storeFile: string | undefined,
  wanted: number,
  options: SearchOptions,
): Promise<CorrelationRun> {
  let dataset: Dataset | undefined;
  const onNews = (news: SearchNews): void => {
    if (news.kind === 'prepared') dataset = news.dataset;
    options.onNews?.(news);
  };
  const result = await search({ ...options, onNews });
  if (result.interrupted || dataset === undefined) return { result, correlation: null };
  const store = readStoreOf(storeFile, result.study);
  try {
    const study = { name: result.study, configuration: store.study(result.study).configuration };
    const correlation = await correlationOf(study, store.trials(result.study), dataset, wanted);
    return { result, correlation };
  } finally {
    store.close();
  }
}

/** The budgets of a study, and the training of which they are shares. */
function budgetsIn(name: string, { strategy, evaluation }: StudyConfiguration) {
  if (strategy.name === eachFidelity.name && evaluation.name === train.name) {
    const { fidelities } = eachFidelitySettings.parse(strategy.settings);
    const full = trainingWithFidelity.parse(evaluation.settings);
    const budgets = budgetsOf(full, fidelities);
    if (budgets !== undefined) return { ...budgets, full };
  }
  throw new UsageError(
    `The study "${name}" compares no budgets: begin one that does with 'nas correlate --fidelity epochs=1,2,4,8 --data …'.`,
  );
}

async function correlationOf(
  { name, configuration }: { readonly name: string; readonly configuration: StudyConfiguration },
  trials: readonly TrialRecord[],
  dataset: Dataset,
  wanted: number,
): Promise<FidelityCorrelation> {
  const { dimension, values, full } = budgetsIn(name, configuration);
  // The strategy asks about one architecture after the other, with each fidelity in turn.
  const begun = Array.from({ length: Math.ceil(trials.length / values.length) }, (_, place) =>
    trials.slice(place * values.length, (place + 1) * values.length),
  );
  const whole = begun.filter(
    (tried) => tried.length === values.length && tried.every(({ state }) => state === 'completed'),
  );
  if (whole.length < FEWEST_ITEMS) {
    throw new WorkError(
      `Only ${whole.length} of ${begun.length} architectures were trained with every budget, too few for a correlation, which needs ${FEWEST_ITEMS}: 'nas show ${name}' tells why the others were not; begin again with more architectures (-n).`,
    );
  }
  const columns = values.map((value, place) => ({
    name: budgetName(dimension, value),
    values: whole.map((scored) => scored[place]?.score ?? Number.NaN),
  }));
  const pairs = agreementsAmong(columns, new Random(configuration.seed).stream('correlation'));
  const seconds = Object.fromEntries(
    columns.map(({ name: budget }, place) => [
      budget,
      median(whole.map((scored) => scored[place]?.seconds ?? Number.NaN)),
    ]),
  );
  const value = smallest({ dimension, values }, pairs, wanted);
  const settings = settingsOfBudget(full, { dimension, value }, dataset.train.count);
  const evaluation = trainingText(settings);
  const recommended = budgetName(dimension, value);
  const config = await writeRecommendation(name, configuration, { recommended, settings });
  return {
    study: name,
    n: whole.length,
    failed: begun.length - whole.length,
    pairs,
    seconds,
    wanted,
    recommended,
    evaluation,
    config,
  };
}

/** The smallest budget whose ranks agree as wanted with those of the largest, which may be that itself. */
function smallest({ dimension, values }: FidelityBudgets, pairs: readonly Agreement[], wanted: number): number {
  const largest = Math.max(...values);
  const agrees = (value: number) =>
    pairs.some(
      ({ a, b, spearman }) =>
        a === budgetName(dimension, value) && b === budgetName(dimension, largest) && spearman >= wanted,
    );
  return values.find(agrees) ?? largest;
}

/** The median of numbers. */
function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low = Number.NaN, high = low] = [
    sorted[Math.ceil(sorted.length / 2) - 1],
    sorted[Math.floor(sorted.length / 2)],
  ];
  return (low + high) / 2;
}
