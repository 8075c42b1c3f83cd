/** @file Numbers of an evaluation as people read them. */
import type { Measure, Metric } from '../evaluation/metric.js';
import { percent, whole } from './table.js';

/** A metric that its evaluation does not declare, as a newer one may record, is told by its name. */
const undeclared = (name: string): Metric => ({ title: name, format: 'number' });

export const metricOf = (name: string, { metrics }: Measure): Metric => metrics[name] ?? undeclared(name);

/** The value in the form of its metric. */
export function metricText(value: number, { format }: Metric): string {
  if (!Number.isFinite(value)) return String(value);
  if (format === 'percent') return percent(value);
  if (format === 'count') return whole(value);
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}

/** The score among these numbers, in its own form; '' where it is not there. */
export function scoreText(values: { readonly [name: string]: number }, measure: Measure): string {
  const value = values[measure.score];
  return value === undefined ? '' : metricText(value, metricOf(measure.score, measure));
}
