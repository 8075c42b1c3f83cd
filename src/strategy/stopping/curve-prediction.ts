/** @file Stopping by predicted learning curves: a trial ends that will not beat the best, as far as can be told (Baker et al. 2018). */
import { z } from 'zod';
import { type CurvePredictor, FEWEST_CURVES, fitCurvePredictor } from '../../learning-curve/curve-predictor.js';
import type { SeenCurve } from '../../learning-curve/features.js';
import { kernelNames } from '../../learning-curve/kernel.js';
import { type CurvePrediction, probabilityOfMissing } from '../../learning-curve/prediction.js';
import { deriveSeed } from '../../random.js';
import { type LearningCurve, letRunSetting, rivalsOf, type StoppingDefinition } from './stopping.js';

const settings = z.strictObject({
  startupTrials: z
    .int()
    .min(FEWEST_CURVES)
    .default(20)
    .describe('Burn-in: completed trials from which predictions are learnt first; 100 in Baker et al. 2018.'),
  warmupEpochs: z.number().min(0).default(1).describe('Epochs after which a trial may be stopped.'),
  every: z.int().min(1).default(1).describe('Points of a curve from one judgement to the next: each needs a model.'),
  delta: z
    .number()
    .min(0.5)
    .max(1)
    .default(0.99)
    .describe('Δ: a trial ends whose probability of missing is at least this; the safe choice of Baker et al. 2018.'),
  margin: z
    .number()
    .min(0)
    .default(0)
    .describe('δ: a trial ends only if it would stay so much below what it is compared with.'),
  nthBest: z.int().min(1).default(1).describe('A trial is compared with the n-th best score so far.'),
  kernel: z.enum(kernelNames).default('rbf').describe('Of the support-vector regression.'),
  draws: z.int().min(5).default(100).describe('Settings that the random search of each model tries.'),
  letRun: letRunSetting(0.1),
});

/** Models are learnt anew when there are so many times the completed trials: each costs hundreds of small regressions. */
const GROWTH = 1.5;

export const curvePrediction: StoppingDefinition = {
  name: 'curve-prediction',
  title: 'Learning-curve prediction',
  paper: 'Baker et al., Accelerating Neural Architecture Search using Performance Prediction, 2018',
  settings,
  create(given, seed) {
    const { startupTrials, warmupEpochs, every, delta, margin, nthBest, kernel, draws, letRun } = settings.parse(given);
    const models = new RecentModels((curves, observed) => {
      const finished = curves.map(({ curve, final }) => ({ ...curve, final }));
      return fitCurvePredictor(finished, { observed, kernel, draws, seed: deriveSeed(seed, observed) });
    });
    return {
      letRun,
      reasonToStop(running, all) {
        const observed = running.points.length;
        const epoch = running.points.at(-1)?.epoch ?? 0;
        if (epoch <= warmupEpochs || observed % every !== 0) return null;
        const completed = rivalsOf(running, all).flatMap((rival) => (rival.score === null ? [] : [rival.score]));
        const best = completed.toSorted((a, b) => b - a)[nthBest - 1];
        const known = rivalsOf(running, all).filter((rival) => goesOnFrom(rival, running));
        if (best === undefined || known.length < startupTrials || !running.points.every(isFinitePoint)) return null;
        const learnt = known.slice(0, learntOf(known.length, startupTrials));
        const prediction = models.predict(running, learnt);
        const bar = best - margin;
        const probability = probabilityOfMissing(prediction, bar);
        if (probability < delta) return null;
        return { reason: reasonFor(epoch, prediction, bar, probability), bar, prediction };
      },
    };
  },
};

/** How many of the completed trials are learnt from: the burn-in, and then at times half as many more. */
function learntOf(completed: number, startupTrials: number): number {
  let size = startupTrials;
  while (Math.floor(size * GROWTH) <= completed) size = Math.floor(size * GROWTH);
  return size;
}

/** Whether a curve was seen at the same epochs as the running one, without a hole, and what comes after is known, too. */
function goesOnFrom({ points, score }: LearningCurve, running: LearningCurve): boolean {
  if (score === null || points.length <= running.points.length) return false;
  return running.points.every(({ epoch }, place) => {
    const point = points[place];
    return point !== undefined && point.epoch === epoch && isFinitePoint(point);
  });
}

const isFinitePoint = ({ value }: { readonly value: number }): boolean => Number.isFinite(value);

function reasonFor(epoch: number, { value, deviation }: CurvePrediction, bar: number, probability: number): string {
  const text = `${value.toPrecision(3)} ± ${deviation.toPrecision(2)}`;
  const chance = Math.floor(probability * 1000) / 1000;
  return `after epoch ${epoch} it is predicted to come to ${text}, and so to miss ${bar.toPrecision(3)} with a probability of ${chance}`;
}

interface LearntCurve {
  readonly curve: SeenCurve;
  readonly final: number;
}

type Fit = (curves: readonly LearntCurve[], observed: number) => CurvePredictor;

/** The models of the trials that were learnt from last, for each fidelity and number of points. */
class RecentModels {
  readonly #fit: Fit;
  readonly #models = new Map<string, { readonly key: string; readonly model: CurvePredictor }>();

  constructor(fit: Fit) {
    this.#fit = fit;
  }

  predict(running: LearningCurve, learnt: readonly LearningCurve[]): CurvePrediction {
    const observed = running.points.length;
    const all = [running, ...learnt];
    const beside = besideIn(all, observed);
    const facts = Object.keys(running.facts).filter((name) => all.every(({ facts }) => Number.isFinite(facts[name])));
    const seen = (curve: LearningCurve) => seenOf(curve, beside, facts);
    const key = JSON.stringify([learnt.map(({ trial }) => trial), beside, facts]);
    const place = `${running.fidelity} ${observed}`;
    let found = this.#models.get(place);
    if (found?.key !== key) {
      const curves = learnt.map((curve) => ({ curve: seen(curve), final: curve.score ?? Number.NaN }));
      found = { key, model: this.#fit(curves, observed) };
      this.#models.set(place, found);
    }
    return found.model.predict(seen(running));
  }
}

/** The metrics beside the one of the score that every curve has at each of its first points. */
function besideIn(curves: readonly LearningCurve[], observed: number): string[] {
  const points = curves.flatMap(({ points }) => points.slice(0, observed));
  return Object.keys(points[0]?.values ?? {}).filter(
    (name) =>
      points.every(({ values }) => Number.isFinite(values[name])) &&
      !points.every(({ value, values }) => Math.abs(values[name] ?? Number.NaN) === Math.abs(value)),
  );
}

const seenOf = ({ points, facts }: LearningCurve, beside: readonly string[], names: readonly string[]): SeenCurve => ({
  values: points.map(({ value }) => value),
  beside: Object.fromEntries(beside.map((name) => [name, points.map(({ values }) => values[name] ?? Number.NaN)])),
  facts: Object.fromEntries(names.map((name) => [name, facts[name] ?? Number.NaN])),
});
