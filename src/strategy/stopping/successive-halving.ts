/** @file The stopping form of ASHA: at each rung a trial ends that is not in the top 1/η of those that came so far (Li et al. 2020). */
import { z } from 'zod';
import { type LearningCurve, letRunSetting, quantile, rivalsOf, type StoppingDefinition } from './stopping.js';

const settings = z.strictObject({
  eta: z
    .int()
    .min(2)
    .max(16)
    .default(3)
    .describe('η: about one trial in η passes a rung, and rungs are η times apart.'),
  graceEpochs: z.int().min(1).default(1).describe('Epochs at the first rung.'),
  letRun: letRunSetting(0),
});

/** The value with which a trial came to a rung: the first one after so many epochs. */
const valueAt = ({ points }: LearningCurve, milestone: number): number | undefined =>
  points.find(({ epoch }) => epoch >= milestone)?.value;

export const successiveHalvingStopping: StoppingDefinition = {
  name: 'asha',
  title: 'Asynchronous successive halving, stopping form',
  paper: 'Li et al., A System for Massively Parallel Hyperparameter Tuning, MLSys 2020',
  settings,
  create(given) {
    const { eta, graceEpochs, letRun } = settings.parse(given);
    return {
      letRun,
      reasonToStop(running, all) {
        const epoch = running.points.at(-1)?.epoch ?? 0;
        const before = running.points.at(-2)?.epoch ?? 0;
        let milestone = graceEpochs;
        while (milestone * eta <= epoch) milestone *= eta;
        if (milestone > epoch || milestone <= before) return null;
        const own = valueAt(running, milestone) ?? Number.NaN;
        const others = rivalsOf(running, all).flatMap((rival) => valueAt(rival, milestone) ?? []);
        const recorded = [own, ...others].filter((value) => !Number.isNaN(value));
        // Fewer have no top 1/η.
        if (recorded.length < eta) return null;
        const cutoff = quantile(recorded, 1 - 1 / eta);
        if (!(own < cutoff)) return null;
        return `at epoch ${epoch} its ${own.toPrecision(3)} is below ${cutoff.toPrecision(3)}, which one in ${eta} of ${recorded.length} trials reached`;
      },
    };
  },
};
