/** @file Studies and trials as JSON documents and as text. */
import { z } from 'zod';
import type { DatasetDefinition } from '../data/registry.js';
import { everyAmount } from '../quantity/quantity.js';
import type { StudySummary } from '../record/summary.js';
import type { TrialRecord } from '../record/trial.js';
import { costFields } from './quantity-text.js';
import { fields, percent, table, time, whole } from './table.js';
import type { Colors } from './terminal.js';

/** A study in a few lines, with what its accuracies were measured on. */
export function studyText(
  { name, state, configuration, final, best, seconds }: StudySummary,
  datasets: readonly DatasetDefinition[],
  colors: Colors,
  width: number,
): string {
  const { data, space, strategy, evaluation, seed } = configuration;
  const options = datasets.flatMap((dataset) => dataset.options);
  const meaning = options.find(({ reference }) => reference === data.reference)?.meaning;
  const tested = z.object({ testAccuracy: z.number() }).safeParse(final);
  const rows: [string, string][] = [
    ['state', `${state}, ${time(seconds)}`],
    ['data', meaning === undefined ? data.reference : `${data.reference}: ${meaning}`],
    ['split', data.split ?? `not recorded; seed ${data.seed}`],
    ['search', `${space.name} by ${strategy.name}, scored by ${evaluation.name}, seed ${seed}`],
  ];
  if (best?.metrics.validAccuracy !== undefined) {
    rows.push(['best', `trial ${best.number}, validation accuracy ${percent(best.metrics.validAccuracy)}`]);
  }
  if (tested.success) rows.push(['final training', `test accuracy ${percent(tested.data.testAccuracy)}`]);
  return `${colors.bold(`Study ${name}`)}\n${fields(rows, width)}`;
}

/** A study as `nas studies --json` has it. */
export function studyDocument({
  name,
  created,
  configuration,
  state,
  trials,
  best,
  searchEnd,
  final,
  seconds,
}: StudySummary) {
  return {
    name,
    created: new Date(created).toISOString(),
    state,
    trials: { ...trials },
    best: best === null ? null : bestDocument(best),
    final,
    searchEnd,
    wallSeconds: seconds,
    configuration,
  };
}

/** The best trial of a study, without its curve. */
const bestDocument = ({ number, architecture, metrics, cost }: TrialRecord) => ({
  trial: number,
  architecture,
  metrics: { ...metrics },
  cost: everyAmount(cost),
});

/** A trial as `nas show --json` has it. */
export const trialDocument = (trial: TrialRecord) => ({
  number: trial.number,
  state: trial.state,
  architecture: trial.architecture,
  budget: trial.budget,
  metrics: { ...trial.metrics },
  score: trial.score,
  cost: everyAmount(trial.cost),
  curve: trial.curve.map((point) => ({ ...point })),
  seconds: trial.seconds,
  reason: trial.reason,
  seed: trial.seed,
});

/** Counts stay whole. */
const numberText = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(4));

/** One trial with its learning curve. `architecture` is in the notation of its space. */
export function trialText(trial: TrialRecord, architecture: string, colors: Colors): string {
  const { number, state, metrics, cost, curve, seconds, reason } = trial;
  const rows: [string, string][] = [
    ['state', reason === null ? state : `${state}: ${reason}`],
    ['architecture', architecture],
    ...(trial.budget < 1 ? [['budget', `${percent(trial.budget)} of a full evaluation`] as [string, string]] : []),
  ];
  for (const [name, value] of Object.entries(metrics)) {
    rows.push([name, /accuracy/i.test(name) ? percent(value) : numberText(value)]);
  }
  rows.push(...costFields(cost));
  if (seconds !== null) rows.push(['time', time(seconds)]);
  const head = `${colors.bold(`Trial ${number}`)}\n\n${fields(rows)}`;
  if (curve.length === 0) return head;
  const points = curve.map((point) => [
    String(point.epoch),
    whole(point.images),
    point.learningRate.toPrecision(3),
    point.trainLoss.toFixed(4),
    point.validLoss.toFixed(4),
    percent(point.validAccuracy),
    time(point.seconds),
  ]);
  const headers = [' epoch', ' images', ' learning rate', ' train loss', ' valid. loss', ' valid. accuracy', ' time'];
  return `${head}\n\n${table(headers, points)}`;
}
