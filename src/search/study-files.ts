/** @file The files that describe a study: its report, the card of its model, and the config that gives it again. */
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Dataset } from '../data/dataset.js';
import type { Engine } from '../engine/engine.js';
import { evaluationNamed } from '../evaluation/registry.js';
import type { Json } from '../json.js';
import { describeData } from '../model/data-description.js';
import { describeMachine, describeVersions } from '../model/machine.js';
import { resultFiles, writeResultFile } from '../model/result-files.js';
import type { Network } from '../nn/network.js';
import { jsonSchema, measureOf, type StudyConfiguration } from '../record/configuration.js';
import { stoppingSummaryOf } from '../record/stopping.js';
import type { StudySummary } from '../record/summary.js';
import type { TrialRecord } from '../record/trial.js';
import { tradeOffsOf } from '../record/winner.js';
import type { ChoiceDescription } from '../report/description.js';
import { modelCard } from '../report/model-card.js';
import { spaceNamed } from '../space/registry.js';
import { buildNetwork } from '../space/space.js';
import { strategyNamed } from '../strategy/registry.js';
import { stoppingNamed } from '../strategy/stopping/registry.js';
import { formatArchitecture } from './architecture.js';
import { type FinalResult, finalResultSchema } from './final-training.js';
import { pickText } from './pick.js';
import { configOf, type FinalPlan } from './search-config.js';
import { searchTarget } from './target.js';

export interface FinishedStudy {
  readonly summary: StudySummary;
  readonly trials: readonly TrialRecord[];
  readonly dataset: Dataset;
  readonly plan: FinalPlan;
  /** What trained and timed the winner. */
  readonly engine: Engine;
}

/** Writes the report and the config, and the model card where the winner was trained. */
export async function describeStudy(study: FinishedStudy): Promise<void> {
  const { summary, plan } = study;
  const final = summary.final === null ? null : finalResultSchema.parse(summary.final);
  const configFile = join(plan.out, resultFiles.config);
  await writeResultFile(configFile, configText(summary.name, summary.configuration, plan));
  await writeResultFile(join(plan.out, resultFiles.report), await reportOf(study, final));
  if (final === null || summary.best === null) return;
  const { json, markdown } = cardOf(study, final, summary.best);
  await writeResultFile(join(plan.out, resultFiles.card), `${JSON.stringify(json, null, 2)}\n`);
  await writeResultFile(join(plan.out, resultFiles.cardText), markdown);
}

/** The config that gives the study again. */
export function configText(name: string, configuration: StudyConfiguration, plan: FinalPlan): string {
  return `# Every setting of the study "${name}". To run it again: nas search ${resultFiles.config}\n${stringify(configOf(configuration, plan))}`;
}

async function reportOf(
  { summary, trials, dataset, plan, engine }: FinishedStudy,
  final: FinalResult | null,
): Promise<string> {
  // Loaded only here: a search begins without what draws its plots.
  const { renderReport } = await import('../report/study-report.js');
  const { name, created, configuration, seconds, best } = summary;
  const { constraints, trials: wanted, budgetSeconds, seed, workers, threads, data } = configuration;
  const network = best && networkOf(configuration, dataset, best);
  return renderReport({
    study: { name, state: 'finished', created: timeText(created), seconds },
    command: `nas search ${join(plan.out, resultFiles.config)}`,
    data: describeData(data.reference, dataset),
    ...choicesOf(configuration),
    measure: measureOf(configuration),
    limits: constraints,
    budget: { trials: wanted, seconds: budgetSeconds },
    seed,
    workers,
    threads,
    trials,
    stopping: configuration.stopping
      ? {
          title: stoppingNamed(configuration.stopping.name).title,
          summary: stoppingSummaryOf(trials),
        }
      : null,
    best: best &&
      network && {
        trial: best.number,
        notation: formatArchitecture(configuration.space, best.architecture),
        network: { network: network.toJson(), layerCosts: network.layerCosts() },
      },
    tradeOffs: tradeOffsIn(configuration, trials),
    final: final && { ...final, settings: plan.training },
    latency: final?.latency ?? null,
    machine: describeMachine(),
    versions: describeVersions(engine),
    // Without the limits that are absent.
    configuration: jsonSchema.parse(JSON.parse(JSON.stringify(configuration))),
  });
}

function tradeOffsIn(configuration: StudyConfiguration, trials: readonly TrialRecord[]) {
  const tradeOffs = tradeOffsOf(trials, configuration);
  const rule = pickText(configuration.pick ?? { rule: 'best' });
  return tradeOffs && { ...tradeOffs, rule };
}

function cardOf({ summary, trials, dataset, plan, engine }: FinishedStudy, final: FinalResult, best: TrialRecord) {
  const { name, configuration, seconds } = summary;
  const network = networkOf(configuration, dataset, best);
  return modelCard({
    name,
    file: resultFiles.onnx,
    date: timeText(Date.now()),
    data: describeData(configuration.data.reference, dataset),
    input: network.input,
    search: {
      ...choicesOf(configuration),
      trials: trials.length,
      seconds,
      limits: configuration.constraints,
    },
    notation: formatArchitecture(configuration.space, best.architecture),
    architecture: best.architecture,
    cost: network.cost(),
    accuracy: { test: final.testAccuracy, valid: final.validAccuracy },
    latency: final.latency,
    training: { epochs: final.epochs, seconds: final.seconds, settings: plan.training },
    seed: configuration.seed,
    machine: describeMachine(),
    versions: describeVersions(engine),
  });
}

function choicesOf({ space, strategy, evaluation }: StudyConfiguration) {
  const searched = spaceNamed(space.name);
  return {
    space: { ...choice(searched, space.settings), size: String(searched.decisions.size()) },
    strategy: choice(strategyNamed(strategy.name), strategy.settings),
    evaluation: choice(evaluationNamed(evaluation.name), evaluation.settings),
  };
}

const choice = (
  { name, title, paper }: { readonly name: string; readonly title: string; readonly paper: string },
  settings: Json,
): ChoiceDescription => ({ name, title, paper, settings });

function networkOf(
  { space, evaluation }: StudyConfiguration,
  dataset: Dataset,
  { architecture }: TrialRecord,
): Network {
  const target = searchTarget(dataset, evaluationNamed(evaluation.name).create(evaluation.settings));
  return buildNetwork(spaceNamed(space.name), architecture, target);
}

/** `2026-11-24 09:40 UTC`. */
const timeText = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
