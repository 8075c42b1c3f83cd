/** @file What a report ranks trials by: the score of the study's evaluation, in its own words and form. */
import { type Measure, scoreIn } from '../evaluation/metric.js';
import { percent, plain } from '../quantity/number-format.js';
import type { Numbers } from '../training/curve.js';
import type { ReportTrial } from './description.js';
import { percentTick } from './plot.js';

/** Values are scores, the higher the better; what is shown of them is the metric itself. */
export interface Yardstick {
  readonly label: string;
  /** The label as a heading. */
  readonly title: string;
  /** NaN where the trial has none. */
  value(trial: ReportTrial): number;
  /** The same of a point of a curve. */
  valueIn(values: Numbers): number;
  format(value: number): string;
  tick(value: number): string;
}

export function yardstickOf(measure: Measure): Yardstick {
  const metric = measure.metrics[measure.score];
  const label = metric?.title ?? measure.score;
  const own = (value: number) => (metric?.direction === 'min' ? -value : value);
  const isShare = metric?.format === 'percent';
  return {
    label,
    title: `${label.charAt(0).toUpperCase()}${label.slice(1)}`,
    value: ({ state, score }) => (state === 'completed' ? (score ?? Number.NaN) : Number.NaN),
    valueIn: (values) => scoreIn(values, measure),
    format: (value) => (isShare ? percent : plain)(own(value)),
    tick: (value) => (isShare ? percentTick : plain)(own(value)),
  };
}
