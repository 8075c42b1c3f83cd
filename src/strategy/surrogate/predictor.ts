/** @file A number of architectures, whatever it is, predicted from examples: with its uncertainty, and how far to trust both. */
import { kendall, spearman } from '../../correlation/index.js';
import type { Json } from '../../json.js';
import type { Random } from '../../random.js';
import type { Prediction } from './gaussian-process.js';
import type { Posterior, Surrogate } from './surrogate.js';
import { ValueScale } from './value-scale.js';

/** An architecture and its number, such as an accuracy or a latency. */
export interface Example {
  readonly architecture: Json;
  readonly value: number;
}

/** What is predicted of an architecture, in the unit of the examples. */
export interface PredictedValue {
  readonly value: number;
  /** Between these lies the number with a probability of one half. */
  readonly half: ValueInterval;
  /** With a probability of 90 %. */
  readonly most: ValueInterval;
}

/** Between which numbers a value lies with some certainty. */
export interface ValueInterval {
  readonly low: number;
  readonly high: number;
}

/** How good predictions were of architectures that were not learnt from. */
export interface PredictionQuality {
  /** Spearman's ρ of predictions and truths. */
  readonly spearman: number;
  /** Kendall's τ-b of the same. */
  readonly kendall: number;
  /** The share of truths inside the intervals of 50 %. */
  readonly within50: number;
  /** Inside those of 90 %. */
  readonly within90: number;
}

/** What cross-validation says of a predictor. */
export interface CrossValidation extends PredictionQuality {
  /** By what deviations must be multiplied. The shares inside intervals are with it. */
  readonly factor: number;
}

/** What a predictor is made of. */
export interface PredictorOptions {
  /** A surrogate that knows nothing; called once a fold, and once for the whole. */
  create(random: Random): Surrogate;
  readonly random: Random;
  /** Default 5. */
  readonly folds?: number;
}

/** A prediction as a normal score, and what turned out to be true. */
interface HeldOut extends Prediction {
  readonly truth: number;
}

/** Deviations to either side between which lies half of a normal distribution, and 90 % of it. */
const DEVIATIONS = { half: 0.674489750196082, most: 1.644853626951473 };

/** Learns a number of architectures from examples. It must be closed, since a surrogate may hold an engine's memory. */
export class Predictor {
  /** From the examples alone, each predicted by what was learnt from others. */
  readonly crossValidation: CrossValidation;
  readonly #surrogate: Surrogate;
  readonly #posterior: Posterior;
  readonly #scale: ValueScale;

  private constructor(crossValidation: CrossValidation, fitted: Fitted) {
    this.crossValidation = crossValidation;
    this.#surrogate = fitted.surrogate;
    this.#posterior = fitted.posterior;
    this.#scale = fitted.scale;
  }

  /**
   * Learns from all examples, after cross-validation has told how far it may be trusted.
   * @throws {RangeError} where there are fewer examples than twice the folds
   */
  static async fit(examples: readonly Example[], { create, random, folds = 5 }: PredictorOptions): Promise<Predictor> {
    if (examples.length < 2 * folds) throw new RangeError(`${folds} folds need ${2 * folds} examples`);
    const shuffled = random.stream('folds').shuffle(examples);
    const heldOut: HeldOut[] = [];
    for (let fold = 0; fold < folds; fold++) {
      const others = shuffled.filter((_, place) => place % folds !== fold);
      const own = shuffled.filter((_, place) => place % folds === fold);
      const fitted = await learn(create(random.stream('fold', fold)), others);
      heldOut.push(...(await predicted(fitted, own)));
      await fitted.surrogate.close();
    }
    const factor = factorOf(heldOut);
    const fitted = await learn(create(random.stream('all')), shuffled);
    return new Predictor({ ...qualityOf(heldOut, factor), factor }, fitted);
  }

  /** For each of the architectures. */
  async predict(architectures: readonly Json[]): Promise<PredictedValue[]> {
    const predictions = await normalPredictions(this.#posterior, architectures);
    return predictions.map(({ mean, deviation }) => {
      const within = (deviations: number): ValueInterval => {
        const reach = deviations * this.crossValidation.factor * deviation;
        return { low: this.#scale.valueAt(mean - reach), high: this.#scale.valueAt(mean + reach) };
      };
      return {
        value: this.#scale.valueAt(mean),
        half: within(DEVIATIONS.half),
        most: within(DEVIATIONS.most),
      };
    });
  }

  /** How good it is on further examples. */
  async qualityOn(examples: readonly Example[]): Promise<PredictionQuality> {
    const fitted = { surrogate: this.#surrogate, posterior: this.#posterior, scale: this.#scale };
    return qualityOf(await predicted(fitted, examples), this.crossValidation.factor);
  }

  /** Frees what it holds outside of JavaScript's memory. */
  async close(): Promise<void> {
    await this.#surrogate.close();
  }
}

/** A model and the scale of what it has learnt. */
interface Fitted {
  readonly surrogate: Surrogate;
  readonly posterior: Posterior;
  readonly scale: ValueScale;
}

async function learn(surrogate: Surrogate, examples: readonly Example[]): Promise<Fitted> {
  const scale = new ValueScale(examples.map(({ value }) => value));
  for (const { architecture, value } of examples) surrogate.observe(architecture, value);
  return { surrogate, posterior: await surrogate.posterior(), scale };
}

async function predicted({ posterior, scale }: Fitted, examples: readonly Example[]): Promise<HeldOut[]> {
  const predictions = await normalPredictions(
    posterior,
    examples.map(({ architecture }) => architecture),
  );
  return predictions.map((prediction, place) => ({
    ...prediction,
    truth: scale.normalOf(examples[place]?.value ?? Number.NaN),
  }));
}

/** With the noise of an observation in the deviations. */
async function normalPredictions(
  { at, noise }: Posterior,
  architectures: readonly Json[],
): Promise<readonly Prediction[]> {
  const outlines = await at(architectures);
  return outlines.map((outline) => ({ mean: outline.mean, deviation: Math.hypot(outline.deviation(), noise) }));
}

/**
 * Between what would put half of the truths inside the intervals of 50 %, and what would put nine of ten inside those of 90 %:
 * unlike the root mean square of the errors, a few large ones do not decide it.
 */
function factorOf(heldOut: readonly HeldOut[]): number {
  const errors = heldOut.map(({ mean, deviation, truth }) => Math.abs(truth - mean) / deviation);
  errors.sort((first, second) => first - second);
  const at = (share: number) => errors[Math.ceil(share * errors.length) - 1] ?? 1;
  return Math.sqrt((at(0.5) / DEVIATIONS.half) * (at(0.9) / DEVIATIONS.most));
}

function qualityOf(heldOut: readonly HeldOut[], factor: number): PredictionQuality {
  const means = heldOut.map(({ mean }) => mean);
  const truths = heldOut.map(({ truth }) => truth);
  const within = (deviations: number) =>
    heldOut.filter(({ mean, deviation, truth }) => Math.abs(truth - mean) <= deviations * factor * deviation).length /
    heldOut.length;
  return {
    spearman: spearman(means, truths),
    kendall: kendall(means, truths),
    within50: within(DEVIATIONS.half),
    within90: within(DEVIATIONS.most),
  };
}
