/** @file What the numbers of an evaluation mean: their names for readers, their form, and which way is better. */
import { z } from 'zod';
import type { Numbers } from '../training/curve.js';

/** The schema of `Metric`. */
export const metricSchema = z.strictObject({
  /** For people, in small letters: `validation accuracy`. */
  title: z.string().min(1),
  /** `percent`: a fraction in [0, 1]; `count`: a whole number; `number`: any other. */
  format: z.enum(['percent', 'count', 'number']),
  /** Which way is better; absent where neither is. */
  direction: z.enum(['max', 'min']).optional(),
});

/** What one number of an evaluation means. */
export type Metric = z.infer<typeof metricSchema>;

/** The schema of `Measure`. */
export const measureSchema = z.strictObject({
  /** Every number that its results and the points of its curves have. */
  metrics: z.record(z.string(), metricSchema),
  /** The metric that candidates are compared by: one with a direction. */
  score: z.string().min(1),
});

/** What an evaluation measures. */
export type Measure = z.infer<typeof measureSchema>;

/** What `train` measures: of the validation images unless said otherwise. */
export const trainingMeasure = {
  metrics: {
    validAccuracy: { title: 'validation accuracy', format: 'percent', direction: 'max' },
    validLoss: { title: 'validation loss', format: 'number', direction: 'min' },
    trainLoss: { title: 'training loss', format: 'number', direction: 'min' },
    learningRate: { title: 'learning rate', format: 'number' },
    images: { title: 'images', format: 'count' },
    epochs: { title: 'epochs', format: 'number' },
    trainedEpochs: { title: 'epochs trained in this trial', format: 'number' },
    inheritedShare: { title: 'weights taken over from an earlier trial', format: 'percent' },
    bestEpoch: { title: 'best epoch', format: 'number' },
  },
  score: 'validAccuracy',
} as const satisfies Measure;

/**
 * The number that strategies are told and winners are picked by, the higher the better: the metric of the score, negated
 * where less of it is better. NaN where it is missing.
 */
export function scoreIn(values: Numbers, { metrics, score }: Measure): number {
  const value = values[score] ?? Number.NaN;
  return metrics[score]?.direction === 'min' ? -value : value;
}
