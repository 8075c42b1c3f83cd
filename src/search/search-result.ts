/** @file What a search returns, and `nas search --json` prints. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.js';
import type { Measure } from '../evaluation/metric.js';
import type { Json } from '../json.js';
import { type ResultPaths, resultFiles } from '../model/result-files.js';
import { everyAmount } from '../quantity/quantity.js';
import { measureOf, type StudyConfiguration } from '../record/configuration.js';
import type { CandidateCost, SearchEnd } from '../record/event.js';
import { type StoppingSummary, stoppingSummaryOf } from '../record/stopping.js';
import { type TradeOffs, tradeOffsOf } from '../record/winner.js';
import { spaceNamed } from '../space/registry.js';
import type { StudyResult } from '../study/runner.js';
import { formatArchitecture } from './architecture.js';
import { type FinalResult, finalResultSchema } from './final-training.js';
import { pickText } from './pick.js';
import type { FinalPlan } from './search-config.js';

/** What a search found, and the files that it wrote. */
export interface SearchResult {
  readonly study: string;
  /** The file that holds the study. */
  readonly store: string;
  /** `true` where it was stopped; `resume` goes on. */
  readonly interrupted: boolean;
  /** Why the search asked no further trials; `null` where it was stopped before. */
  readonly searchEnd: SearchEnd | null;
  readonly trials: {
    readonly completed: number;
    readonly failed: number;
    readonly pruned: number;
    readonly infeasible: number;
    /** Their processes were killed again and again, which says nothing of the candidates. */
    readonly lost: number;
    /** Completed trials of an architecture that another had completed before at the same fidelity. */
    readonly repeated: number;
  };
  /** What the stopping rule saved, and how often it would have been wrong; `null` where there is no rule. */
  readonly stopping: StoppingSummary | null;
  /** `null` where no trial was completed. */
  readonly best: {
    readonly trial: number;
    readonly architecture: Json;
    /** The architecture as its space writes it. */
    readonly notation: string;
    readonly metrics: { readonly [name: string]: number };
    /** `null` for what is not known; the latency is that of the exported winner, where there is one. */
    readonly cost: ReturnType<typeof everyAmount>;
  } | null;
  /** The best trade-offs between the score and what the strategy minimises; `null` where no trial was completed. */
  readonly pareto: {
    readonly minimise: readonly string[];
    /** From the highest score down. */
    readonly front: readonly {
      readonly trial: number;
      readonly notation: string;
      readonly score: number | null;
      readonly cost: CandidateCost;
    }[];
    readonly hypervolume: number;
    readonly reference: TradeOffs['reference'];
    /** The rule that picked the winner. */
    readonly pick: string;
  } | null;
  /** The final training of the winner. */
  readonly final: FinalResult | null;
  /** How the splits of the data came about: what the accuracies mean. */
  readonly split: string;
  /** What the evaluation of the candidates measures. */
  readonly measure: Measure;
  readonly out: string;
  readonly files: ResultPaths;
  /** Over all sessions. */
  readonly wallSeconds: number;
}

export interface ResultSources {
  readonly result: StudyResult;
  readonly configuration: StudyConfiguration;
  readonly dataset: Dataset;
  readonly plan: FinalPlan;
  readonly store: string;
}

/** Puts the result together from the record of the study and the files that are there. */
export function searchResult({ result, configuration, dataset, plan, store }: ResultSources): SearchResult {
  const { best, counts } = result;
  const final = result.final === null ? null : finalResultSchema.parse(result.final);
  const pathOf = (file: string) => (existsSync(join(plan.out, file)) ? join(plan.out, file) : null);
  return {
    study: result.study,
    store,
    interrupted: result.interrupted,
    searchEnd: result.searchEnd,
    trials: {
      completed: counts.completed,
      failed: counts.failed,
      pruned: counts.pruned,
      infeasible: counts.infeasible,
      lost: counts.lost,
      repeated: repeatedIn(result, configuration),
    },
    stopping: configuration.stopping === undefined ? null : stoppingSummaryOf(result.trials),
    best: best && {
      trial: best.number,
      architecture: best.architecture,
      notation: formatArchitecture(configuration.space, best.architecture),
      metrics: best.metrics,
      cost: everyAmount({ ...best.cost, latencyMs: final?.latency.median ?? best.cost.latencyMs }),
    },
    pareto: paretoOf(result, configuration),
    final,
    split: dataset.split,
    measure: measureOf(configuration),
    out: plan.out,
    files: {
      onnx: pathOf(resultFiles.onnx),
      card: pathOf(resultFiles.card),
      report: pathOf(resultFiles.report),
    },
    wallSeconds: result.wallSeconds,
  };
}

function repeatedIn({ trials }: StudyResult, { space }: StudyConfiguration): number {
  const { decisions, canonical } = spaceNamed(space.name);
  const completed = trials.filter(({ state }) => state === 'completed');
  const keys = completed.map(
    ({ architecture, fidelity }) => `${fidelity} ${canonical(decisions.validate(architecture))}`,
  );
  return keys.length - new Set(keys).size;
}

function paretoOf({ trials }: StudyResult, configuration: StudyConfiguration): SearchResult['pareto'] {
  const tradeOffs = tradeOffsOf(trials, configuration);
  if (tradeOffs === null) return null;
  return {
    ...tradeOffs,
    front: tradeOffs.front.map(({ number, architecture, score, cost }) => ({
      trial: number,
      notation: formatArchitecture(configuration.space, architecture),
      score,
      cost,
    })),
    pick: pickText(configuration.pick ?? { rule: 'best' }),
  };
}
