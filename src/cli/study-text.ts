/** @file Studies and trials as JSON documents and as text. */
import { z } from 'zod';
import type { DatasetDefinition } from '../data/registry.js';
import type { Measure } from '../evaluation/metric.js';
import { everyAmount } from '../quantity/quantity.js';
import { measureOf } from '../record/configuration.js';
import { stoppingSummaryOf } from '../record/stopping.js';
import type { StudySummary } from '../record/summary.js';
import type { TrialRecord } from '../record/trial.js';
import type { Point } from '../training/curve.js';
import { metricOf, metricText, scoreText } from './metric-text.js';
import { costFields } from './quantity-text.js';
import { stoppingText } from './stopping-text.js';
import { fields, percent, table, time } from './table.js';
import type { Colors } from './terminal.js';

/** A study in a few lines, with what its accuracies were measured on. */
export function studyText(
  { name, state, configuration, final, best, seconds }: StudySummary,
  trials: readonly TrialRecord[],
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
  if (configuration.stopping !== undefined) {
    rows.push(['stopping', `${configuration.stopping.name}: ${stoppingText(stoppingSummaryOf(trials))}`]);
  }
  const measure = measureOf(configuration);
  if (best !== null) {
    const { title } = metricOf(measure.score, measure);
    rows.push(['best', `trial ${best.number}, ${title} ${scoreText(best.metrics, measure)}`]);
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
  fidelity: trial.fidelity,
  metrics: { ...trial.metrics },
  score: trial.score,
  cost: everyAmount(trial.cost),
  layers: trial.layers,
  judgement: trial.judgement,
  curve: trial.curve.map(pointDocument),
  parent: trial.parent,
  artifacts: trial.artifacts,
  seconds: trial.seconds,
  reason: trial.reason,
  seed: trial.seed,
});

/** A point as `nas show --json` has it: its values by their names. */
export const pointDocument = ({ epoch, seconds, values }: Point) => ({ epoch, ...values, seconds });

/** One trial with its curve. `architecture` is in the notation of its space. */
export function trialText(trial: TrialRecord, architecture: string, measure: Measure, colors: Colors): string {
  const { number, state, metrics, cost, curve, seconds, reason } = trial;
  const rows: [string, string][] = [
    ['state', reason === null ? state : `${state}: ${reason}`],
    ...judgementFields(trial, measure),
    ['architecture', architecture],
    ...(trial.fidelity < 1
      ? [['fidelity', `${percent(trial.fidelity)} of a full evaluation`] as [string, string]]
      : []),
  ];
  for (const [name, value] of Object.entries(metrics)) {
    const metric = metricOf(name, measure);
    rows.push([metric.title, metricText(value, metric)]);
  }
  rows.push(...costFields(cost));
  if (seconds !== null) rows.push(['time', time(seconds)]);
  const head = `${colors.bold(`Trial ${number}`)}\n\n${fields(rows)}`;
  if (curve.length === 0) return head;
  return `${head}\n\n${curveTable(curve, measure)}`;
}

/** What a stopping rule predicted, and whether the trial was let run all the same. */
function judgementFields({ judgement }: TrialRecord, measure: Measure): [string, string][] {
  if (judgement === null) return [];
  const { prediction, bar, letRun, epoch } = judgement;
  const score = (value: number) => scoreText({ [measure.score]: valueOfScore(value, measure) }, measure);
  const rows: [string, string][] = letRun ? [['let run', `it should have been stopped after epoch ${epoch}`]] : [];
  if (prediction !== undefined) rows.push(['predicted', score(prediction.value)]);
  if (bar !== undefined) rows.push(['to be beaten', score(bar)]);
  return rows;
}

/** The metric of the score as it was measured: `scoreIn` turned round. */
const valueOfScore = (score: number, { metrics, score: name }: Measure): number =>
  metrics[name]?.direction === 'min' ? -score : score;

/** A column for each value that a point has. */
function curveTable(curve: readonly Point[], measure: Measure): string {
  const names = [...new Set(curve.flatMap(({ values }) => Object.keys(values)))];
  return table(
    [' epoch', ...names.map((name) => ` ${metricOf(name, measure).title}`), ' time'],
    curve.map(({ epoch, values, seconds }) => [
      String(epoch),
      ...names.map((name) => metricText(values[name] ?? Number.NaN, metricOf(name, measure))),
      time(seconds),
    ]),
  );
}
