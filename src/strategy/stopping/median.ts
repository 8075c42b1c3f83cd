/** @file Median stopping: a trial ends that at its best is worse than half of the others were on average (Golovin et al. 2017). */
import { z } from 'zod';
import { type LearningCurve, letRunSetting, quantile, rivalsOf, type StoppingDefinition } from './stopping.js';

const settings = z.strictObject({
  startupTrials: z
    .int()
    .min(1)
    .default(5)
    .describe('Completed trials before any is stopped; 5 in Optuna (Akiba et al. 2019).'),
  warmupEpochs: z
    .number()
    .min(0)
    .default(1)
    .describe('Epochs after which a trial may be stopped: the first tells little.'),
  letRun: letRunSetting(0),
});

const valuesUntil = ({ points }: LearningCurve, epoch: number): number[] =>
  points.filter((point) => point.epoch <= epoch && !Number.isNaN(point.value)).map(({ value }) => value);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const median: StoppingDefinition = {
  name: 'median',
  title: 'Median stopping rule',
  paper: 'Golovin et al., Google Vizier: A Service for Black-Box Optimization, KDD 2017, section 3.2.2',
  settings,
  create(given) {
    const { startupTrials, warmupEpochs, letRun } = settings.parse(given);
    return {
      letRun,
      reasonToStop(running, all) {
        const epoch = running.points.at(-1)?.epoch ?? 0;
        if (epoch <= warmupEpochs) return null;
        const averages = rivalsOf(running, all)
          .filter(({ isComplete }) => isComplete)
          .map((rival) => valuesUntil(rival, epoch))
          .filter((values) => values.length > 0)
          .map(mean);
        if (averages.length < startupTrials) return null;
        const best = Math.max(...valuesUntil(running, epoch));
        const middle = quantile(averages, 0.5);
        if (!(best < middle)) return null;
        return `at epoch ${epoch} its best, ${best.toPrecision(3)}, is below the median of the means of others, ${middle.toPrecision(3)}`;
      },
    };
  },
};
