/** @file What a report ranks trials by: validation accuracy where every completed trial has it, else the bare score. */

import { percent, plain } from '../quantity/number-format.js';
import type { ReportTrial } from './description.js';
import { percentTick } from './plot.js';

export interface Measure {
  readonly label: string;
  /** The label as a heading. */
  readonly title: string;
  /** NaN where the trial has none. */
  value(trial: ReportTrial): number;
  format(value: number): string;
  tick(value: number): string;
}

const validAccuracy: Measure = {
  label: 'validation accuracy',
  title: 'Validation accuracy',
  value: (trial) => (trial.state === 'completed' ? (trial.metrics.validAccuracy ?? Number.NaN) : Number.NaN),
  format: percent,
  tick: percentTick,
};

const score: Measure = {
  label: 'score',
  title: 'Score',
  value: (trial) => (trial.state === 'completed' ? (trial.score ?? Number.NaN) : Number.NaN),
  format: plain,
  tick: plain,
};

/** Zero-cost and other evaluations score without an accuracy. */
export function measureOf(trials: readonly ReportTrial[]): Measure {
  const completed = trials.filter((trial) => trial.state === 'completed');
  return completed.every((trial) => Number.isFinite(trial.metrics.validAccuracy)) ? validAccuracy : score;
}
