/** @file What a stopping rule is worth: random search over architectures whose whole curves are known, with the rule and without, on a clock that counts epochs. */
import { deriveSeed, Random } from '../random.js';
import { referred } from '../reference/reference.js';
import type { WrittenSettings } from '../reference/reference-text.js';
import { stoppingRegistry } from '../strategy/stopping/registry.js';
import type { LearningCurve, StoppingRule } from '../strategy/stopping/stopping.js';
import { type ArchitectureCurve, readCurves } from './curve-file.js';
import { curvesNamed } from './shipped-tables.js';

export interface StoppingBenchmarkOptions {
  readonly rule: { readonly name: string; readonly settings: WrittenSettings };
  /** Searches, each in an order of its own. Default 20. */
  readonly runs?: number;
  /** The higher the better. Default `validAccuracy`. */
  readonly metric?: string;
  /** Default 0. */
  readonly seed?: number;
  readonly onProgress?: (run: number) => void;
}

export interface StoppingBenchmark {
  readonly curves: string;
  readonly rule: string;
  readonly architectures: number;
  readonly runs: number;
  readonly seed: number;
  /** Of all architectures, a search: trained to the end, and with the rule. */
  readonly epochs: { readonly whole: number; readonly stopped: number };
  /** Means over searches: trials that were stopped, that were let run, and how many of those beat what they were held to miss. */
  readonly trials: { readonly stopped: number; readonly letRun: number; readonly wrong: number };
  /** Searches in which the rule stopped the best architecture of all. */
  readonly bestStopped: number;
  /** After so many whole architectures: the mean regret, and after how many epochs it is reached without the rule and with it. */
  readonly sooner: readonly {
    readonly architectures: number;
    readonly regret: number;
    readonly epochs: number;
    /** `null` where it never is. */
    readonly epochsWithRule: number | null;
  }[];
}

/** Where searches with and without the rule are compared: shares of all architectures. */
const SHARES = [0.3, 0.5, 0.7, 0.9] as const;

/**
 * Searches at random, again and again. The same seed gives the same results.
 *
 * @param source curves that are shipped, by their name, or the path of a file as `readCurves` takes it
 * @throws {UsageError} where the file cannot be used, or the rule is unknown or set wrongly
 */
export async function benchmarkStopping(source: string, options: StoppingBenchmarkOptions): Promise<StoppingBenchmark> {
  const { rule, runs = 20, metric = 'validAccuracy', seed = 0, onProgress } = options;
  const curves = (await readCurves(curvesNamed(source), metric)).map((curve, trial) =>
    learningCurve(curve, trial, metric),
  );
  const { definition } = await referred(rule.name, stoppingRegistry);
  const searches = Array.from({ length: runs }, (_, run) => {
    onProgress?.(run);
    const order = new Random(deriveSeed(seed, 'order', run))
      .shuffle(curves)
      .map((curve, trial) => ({ ...curve, trial }));
    const create = () => definition.create(rule.settings, deriveSeed(seed, 'rule', run));
    return { whole: search(order, null, 0), stopped: search(order, create(), deriveSeed(seed, 'let-run', run)) };
  });
  const optimum = Math.max(...curves.map(({ score }) => score ?? Number.NEGATIVE_INFINITY));
  const regretAt = (all: readonly Course[], epochs: number) =>
    mean(all.map(({ steps }) => optimum - (steps.findLast((step) => step.epochs <= epochs)?.best ?? Number.NaN)));
  const wholes = searches.map(({ whole }) => whole);
  const stopped = searches.map((each) => each.stopped);
  const total = mean(wholes.map(epochsOf));
  return {
    curves: source,
    rule: rule.name,
    architectures: curves.length,
    runs,
    seed,
    epochs: { whole: total, stopped: mean(stopped.map(epochsOf)) },
    trials: {
      stopped: mean(stopped.map((course) => course.stopped)),
      letRun: mean(stopped.map((course) => course.letRun)),
      wrong: mean(stopped.map((course) => course.wrong)),
    },
    bestStopped: stopped.filter(({ steps }) => (steps.at(-1)?.best ?? 0) < optimum).length,
    sooner: SHARES.map((share) => {
      const architectures = Math.round(share * curves.length);
      const epochs = (architectures * total) / curves.length;
      const regret = regretAt(wholes, epochs);
      const ends = [...new Set(stopped.flatMap(({ steps }) => steps.map((step) => step.epochs)))].sort((a, b) => a - b);
      // Before the first architecture has ended everywhere there is no mean.
      const epochsWithRule = ends.find((end) => regretAt(stopped, end) <= regret) ?? null;
      return { architectures, regret, epochs, epochsWithRule };
    }),
  };
}

/** The course of one search. */
interface Course {
  /** After each trial: epochs that were spent by then, and the best end of a trial that was not stopped. */
  readonly steps: readonly { readonly epochs: number; readonly best: number }[];
  readonly stopped: number;
  readonly letRun: number;
  readonly wrong: number;
}

const epochsOf = ({ steps }: Course): number => steps.at(-1)?.epochs ?? 0;

/** Trains one architecture after the other, as a study with one worker does. */
function search(order: readonly LearningCurve[], rule: StoppingRule | null, seed: number): Course {
  const told: LearningCurve[] = [];
  const steps: { epochs: number; best: number }[] = [];
  let [epochs, best, stopped, letRun, wrong] = [0, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (const curve of order) {
    const verdict = rule === null ? null : stopOf(curve, told, rule);
    const isLetRun = new Random(deriveSeed(seed, curve.trial)).uniform() < (rule?.letRun ?? 0);
    if (verdict === null || isLetRun) {
      if (verdict !== null) {
        letRun++;
        if ((curve.score ?? Number.NaN) > (verdict.bar ?? best)) wrong++;
      }
      epochs += curve.points.length;
      best = Math.max(best, curve.score ?? Number.NEGATIVE_INFINITY);
      told.push(curve);
    } else {
      stopped++;
      epochs += verdict.after;
      told.push({ ...running(curve, verdict.after) });
    }
    steps.push({ epochs, best });
  }
  return { steps, stopped, letRun, wrong };
}

/** After how many points the rule stops a trial, and what it would not beat; `null` where it goes on to its end. */
function stopOf(curve: LearningCurve, told: readonly LearningCurve[], rule: StoppingRule) {
  for (let after = 1; after < curve.points.length; after++) {
    const seen = running(curve, after);
    const verdict = rule.reasonToStop(seen, [...told, seen]);
    if (verdict !== null) return { after, bar: typeof verdict === 'string' ? undefined : verdict.bar };
  }
  return null;
}

const running = (curve: LearningCurve, after: number): LearningCurve => ({
  ...curve,
  isComplete: false,
  score: null,
  points: curve.points.slice(0, after),
});

const learningCurve = (
  { values, beside = {}, facts = {}, final }: ArchitectureCurve,
  trial: number,
  metric: string,
): LearningCurve => ({
  trial,
  fidelity: 1,
  isComplete: true,
  score: final,
  facts,
  points: values.map((value, place) => ({
    epoch: place + 1,
    value,
    values: {
      [metric]: value,
      ...Object.fromEntries(Object.entries(beside).map(([name, list]) => [name, list[place] ?? Number.NaN])),
    },
  })),
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
