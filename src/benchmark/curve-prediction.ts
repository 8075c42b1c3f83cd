/** @file How well the ends of learning curves are predicted from their first part: each way learns from some of the curves and is judged on others. */
import { spearman } from '../correlation/correlation.js';
import { UsageError } from '../error.js';
import { baselines } from '../learning-curve/baselines.js';
import { FEWEST_CURVES, fitCurvePredictor } from '../learning-curve/curve-predictor.js';
import { kernelNames } from '../learning-curve/kernel.js';
import { deriveSeed, Random } from '../random.js';
import { quantile } from '../strategy/stopping/stopping.js';
import { type ArchitectureCurve, readCurves } from './curve-file.js';
import { curvesNamed } from './shipped-tables.js';

export interface CurveBenchmarkOptions {
  /** Numbers of epochs that are seen. Default: 1/16, 1/8, 1/4 and 1/2 of all. */
  readonly seen?: readonly number[] | undefined;
  /** Curves that are learnt from; the others are predicted. Default: half of them. */
  readonly training?: number | undefined;
  /** Random splits into the two. Default 10. */
  readonly splits?: number;
  /** Settings that each random search tries. Default 100. */
  readonly draws?: number;
  /** What is predicted. Default `validAccuracy`. */
  readonly metric?: string;
  /** Default 0. */
  readonly seed?: number;
  readonly onProgress?: (way: string) => void;
}

export interface CurveBenchmark {
  readonly curves: string;
  readonly architectures: number;
  readonly epochs: number;
  readonly metric: string;
  readonly training: number;
  readonly splits: number;
  readonly seed: number;
  readonly seen: readonly number[];
  readonly results: readonly CurveBenchmarkResult[];
}

/** One way to predict, for each number of epochs seen. */
export interface CurveBenchmarkResult {
  readonly way: string;
  /**
   * Share of the variance of the ends that is explained, 1 − Σ(ŷ − y)² / Σ(y − mean)², both sums over all splits: a split whose
   * ends are all alike would rule a mean of shares.
   */
  readonly r2: readonly number[];
  /** The median over splits of each one's own share. */
  readonly medianR2: readonly number[];
  /** Mean over splits. */
  readonly spearman: readonly number[];
}

/** Predicts from so many epochs, for one split: the guesses for the others. */
type Way = (seen: number, learnt: readonly number[], others: readonly number[], seed: number) => readonly number[];

/**
 * Judges every way on the same splits. The same seed gives the same results.
 *
 * @param source curves that are shipped, by their name, or the path of a file as `readCurves` takes it
 * @throws {UsageError} where the file cannot be used, or there are too few curves or epochs
 */
export async function benchmarkCurves(source: string, options: CurveBenchmarkOptions = {}): Promise<CurveBenchmark> {
  const { splits = 10, draws = 100, metric = 'validAccuracy', seed = 0, onProgress } = options;
  const curves = await readCurves(curvesNamed(source), metric);
  const epochs = curves[0]?.values.length ?? 0;
  const training = options.training ?? curves.length >> 1;
  if (training < FEWEST_CURVES || curves.length - training < 2) {
    throw new UsageError(
      `${source} has ${curves.length} curves, of which ${training} are learnt from: at least ${FEWEST_CURVES} must be, and 2 be left to predict.`,
    );
  }
  const seen = options.seen ?? [16, 8, 4, 2].map((part) => Math.max(1, Math.round(epochs / part)));
  const beyond = seen.find((count) => count >= epochs);
  if (beyond !== undefined) {
    throw new UsageError(`The curves of ${source} have ${epochs} epochs: of those fewer must be seen than ${beyond}.`);
  }
  const finals = curves.map(({ final }) => final);
  const orders = Array.from({ length: splits }, (_, split) =>
    new Random(deriveSeed(seed, 'split', split)).shuffle(curves.keys()),
  );
  const results = [...waysOf(curves, draws)].map(([way, predict]) => {
    onProgress?.(way);
    const judged = seen.map((count) =>
      orders.map((order, split) => {
        const [learnt, others] = [order.slice(0, training), order.slice(training)];
        const predicted = predict(count, learnt, others, deriveSeed(seed, 'fit', split));
        const known = others.map((place) => finals[place] ?? Number.NaN);
        return { ...squaresOf(predicted, known), spearman: spearman(predicted, known) };
      }),
    );
    return {
      way,
      r2: judged.map((each) => 1 - mean(each.map(({ error }) => error)) / mean(each.map(({ variance }) => variance))),
      medianR2: judged.map((each) =>
        quantile(
          each.map(({ error, variance }) => 1 - error / variance),
          0.5,
        ),
      ),
      spearman: judged.map((each) => mean(each.map((one) => one.spearman))),
    };
  });
  return { curves: source, architectures: curves.length, epochs, metric, training, splits, seed, seen, results };
}

/** ν-SVRs with and without what was measured beside the metric, and the baselines, which need no split. */
function* waysOf(curves: readonly ArchitectureCurve[], draws: number): Generator<[string, Way]> {
  const alone = curves.map(({ beside, ...curve }) => curve);
  const isAlone = Object.keys(curves[0]?.beside ?? {}).length === 0;
  for (const kernel of kernelNames) {
    for (const [name, known] of [
      [`ν-SVR, ${kernel}`, curves] as const,
      [`ν-SVR, ${kernel}, metric alone`, alone] as const,
    ]) {
      if (isAlone && known === alone) continue;
      yield [
        name,
        (observed, learnt, others, seed) => {
          const training = learnt.flatMap((place) => known[place] ?? []);
          const predictor = fitCurvePredictor(training, { observed, kernel, draws, seed });
          return others.flatMap((place) => known[place] ?? []).map((curve) => predictor.predict(curve).value);
        },
      ];
    }
  }
  const epochs = curves[0]?.values.length ?? 0;
  for (const { name, guess } of baselines) {
    const guesses = new Map<number, readonly number[]>();
    yield [
      name,
      (seen, _learnt, others) => {
        const all = guesses.get(seen) ?? curves.map(({ values }) => guess(values.slice(0, seen), epochs));
        guesses.set(seen, all);
        return others.map((place) => all[place] ?? Number.NaN);
      },
    ];
  }
}

function squaresOf(predicted: readonly number[], known: readonly number[]) {
  const centre = mean(known);
  const meanSquare = (errors: readonly number[]) => mean(errors.map((error) => error * error));
  return {
    error: meanSquare(known.map((value, place) => value - (predicted[place] ?? 0))),
    variance: meanSquare(known.map((value) => value - centre)),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
