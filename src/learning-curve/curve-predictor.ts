/** @file Predicts how a trial will end from the first part of its learning curve (Baker et al., Accelerating Neural Architecture Search using Performance Prediction, 2018). */
import { UsageError } from '../error.js';
import { Random } from '../random.js';
import { type CurveFeatures, type FinishedCurve, featuresOf, layoutOf, type SeenCurve } from './features.js';
import { affinitiesOf, type Kernel, type KernelName, kernelValues } from './kernel.js';
import { fitNuSvr, type KernelMatrix, type NuSvrSettings, type SupportFunction, valueAt } from './nu-svr.js';
import type { CurvePrediction } from './prediction.js';
import { scaled, scaleOf, standardisationOf } from './standardisation.js';

/** The least number of finished curves that a prediction is learnt from: threefold cross-validation leaves four of them. */
export const FEWEST_CURVES = 6;

/** Folds of the cross-validation that judges settings (Baker et al. 2018, section 3.2). */
const FOLDS = 3;

/**
 * So many of the settings that did best predict together, as a mean: on some dozens of curves cross-validation cannot tell the
 * very best from the next ones.
 */
const MEMBERS = 5;

/** Where settings are drawn from, log-uniform; ν is uniform in (0, 1]. Targets are standardised, γ is that of a mean over features. */
const ranges = { cost: [0.1, 1000], gamma: [1e-3, 1], differences: [0.01, 1], facts: [0.3, 10] } as const;

/** How a predictor is fitted. */
export interface CurvePredictorOptions {
  /** How many values of each curve are seen. */
  readonly observed: number;
  /** Default `rbf` (Baker et al. 2018). */
  readonly kernel?: KernelName;
  /** Settings that the random search tries. Default 100. */
  readonly draws?: number;
  readonly seed: number;
}

/** A fitted model for one number of seen values. */
export interface CurvePredictor {
  /**
   * How the trial will end.
   *
   * @param curve what comes after the seen values does not count
   * @throws {UsageError} where it is too short, or not all of it is finite
   */
  predict(curve: SeenCurve): CurvePrediction;
}

interface Settings extends NuSvrSettings {
  readonly kernel: Kernel;
}

/**
 * Fits ν-SVRs to standardised features, with the best of some random settings by threefold cross-validation.
 *
 * @throws {UsageError} where there are fewer than `FEWEST_CURVES` curves, one is shorter than what is to be seen of it, or
 *   something of it is missing or no finite number
 */
export function fitCurvePredictor(
  curves: readonly FinishedCurve[],
  { observed, kernel = 'rbf', draws = 100, seed }: CurvePredictorOptions,
): CurvePredictor {
  if (curves.length < FEWEST_CURVES) {
    throw new UsageError(
      `${curves.length} finished curves are too few to learn a prediction from: at least ${FEWEST_CURVES} are needed.`,
    );
  }
  const layout = layoutOf(curves, observed);
  const raw = curves.map((curve) => featuresOf(curve, layout));
  const finals = curves.map(({ final }) => final);
  const unknown = finals.find((final) => !Number.isFinite(final));
  if (unknown !== undefined) {
    throw new UsageError(
      `A finished curve ended with ${unknown}, but it must be a finite number: leave the curve out.`,
    );
  }
  const standardise = standardisationOf(raw, observed);
  const target = scaleOf(finals);
  const samples = new Samples(
    raw.map(standardise),
    finals.map((final) => scaled(final, target)),
    kernel,
  );
  const best = bestSettings(samples, draws, new Random(seed));
  const fitted = best.map((settings) => ({
    settings,
    fitted: fitNuSvr(samples.matrix(settings), samples.targets, settings),
  }));
  const deviation = target.deviation * Math.sqrt(meanSquare(leaveOneOut(samples, best)));
  return {
    predict(curve) {
      const near = samples.affinitiesTo(standardise(featuresOf(curve, layout)));
      const values = fitted.map((member) => valueAt(member.fitted, samples.kernelValues(near, member.settings)));
      return { value: target.mean + target.deviation * meanOf(values), deviation };
    },
  };
}

/** What a model is fitted on: standardised features, and standardised targets. */
class Samples {
  readonly targets: readonly number[];
  readonly #features: readonly CurveFeatures[];
  readonly #kernel: KernelName;
  /** Every curve against every other, row by row. */
  readonly #affinities: ReturnType<typeof affinitiesOf>;

  constructor(features: readonly CurveFeatures[], targets: readonly number[], kernel: KernelName) {
    this.targets = targets;
    this.#features = features;
    this.#kernel = kernel;
    const rows = features.map((each) => this.affinitiesTo(each));
    const joined = (block: keyof CurveFeatures) => Float64Array.from(rows.flatMap((row) => [...row[block]]));
    this.#affinities = { values: joined('values'), differences: joined('differences'), facts: joined('facts') };
  }

  affinitiesTo(features: CurveFeatures) {
    return affinitiesOf(features, this.#features, this.#kernel);
  }

  kernelValues(affinities: ReturnType<typeof affinitiesOf>, { kernel }: Settings): Float64Array {
    const [sizes = { values: [], differences: [], facts: [] }] = this.#features;
    return kernelValues(affinities, kernel, sizes);
  }

  matrix(settings: Settings): KernelMatrix {
    return { size: this.targets.length, values: this.kernelValues(this.#affinities, settings) };
  }

  drawSettings(random: Random): Settings {
    const draw = ([least, most]: readonly [number, number]) => least * (most / least) ** random.uniform();
    return {
      cost: draw(ranges.cost),
      nu: 1 - random.uniform(),
      kernel: {
        name: this.#kernel,
        gamma: draw(ranges.gamma),
        weights: { differences: draw(ranges.differences), facts: draw(ranges.facts) },
      },
    };
  }
}

/** The draws with the least squared error in cross-validation, each judged on the same folds; the earliest of equals. */
function bestSettings(samples: Samples, draws: number, random: Random): Settings[] {
  const order = random.shuffle(samples.targets.keys());
  const folds = Array.from({ length: FOLDS }, (_, fold) => order.filter((_row, place) => place % FOLDS === fold));
  const judged = Array.from({ length: draws }, () => {
    const settings = samples.drawSettings(random);
    return { settings, error: meanSquare(heldOut(samples, settings, folds)) };
  });
  return judged
    .toSorted((one, other) => one.error - other.error)
    .slice(0, MEMBERS)
    .map(({ settings }) => settings);
}

/** Residuals of the mean of all members, each curve predicted from all others. */
function leaveOneOut(samples: Samples, members: readonly Settings[]): number[] {
  const alone = [...samples.targets.keys()].map((row) => [row]);
  const residuals = members.map((settings) => heldOut(samples, settings, alone));
  return alone.map((_, row) => meanOf(residuals.map((each) => each[row] ?? 0)));
}

/** Residuals of the curves of each fold, predicted from all others. */
function heldOut(samples: Samples, settings: Settings, folds: readonly (readonly number[])[]): number[] {
  const matrix = samples.matrix(settings);
  return folds.flatMap((fold) => {
    const others = [...samples.targets.keys()].filter((row) => !fold.includes(row));
    const fitted = fitNuSvr(matrix, samples.targets, settings, others);
    return fold.map((row) => (samples.targets[row] ?? 0) - valueAtRow(fitted, matrix, row));
  });
}

const valueAtRow = (fitted: SupportFunction, { size, values }: KernelMatrix, row: number): number =>
  valueAt(fitted, values.subarray(row * size, (row + 1) * size));

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const meanSquare = (values: readonly number[]): number => meanOf(values.map((value) => value * value));
