/** @file A model of scores that learns from a search: what any architecture may score, and how sure that is. */
import type { Json } from '../../json.js';
import type { FeasibleSpace } from '../feasible-space.js';
import { Features } from './features.js';
import { GaussianProcess, type Hyperparameters, type Outline, type Point } from './gaussian-process.js';
import { fitHyperparameters } from './hyperparameters.js';
import { normalScores } from './normal-scores.js';

/** Hyper-parameters are fitted again when there are so many times as many observations: they settle early. */
const REFIT_GROWTH = 1.2;

/** Predictions are of normal scores: 0 is the median of what has been observed, 1 about the best sixth. */
export class Surrogate {
  readonly #features: Features;
  readonly #points: Point[] = [];
  /** `null` where a trial ended without one. */
  readonly #scores: (number | null)[] = [];
  #scored = 0;
  #hyperparameters: Hyperparameters | undefined;
  #nextFit = 0;
  #process: GaussianProcess | undefined;

  constructor(space: Pick<FeasibleSpace, 'decisions' | 'graph'>) {
    this.#features = new Features(space);
  }

  /** How many observations have scores. */
  get scored(): number {
    return this.#scored;
  }

  /**
   * Adds what became of an architecture.
   * @param score `null` if it failed: then it counts as the worst, so that its surroundings are left alone (Hutter et
   *   al., Sequential Model-Based Optimization for General Algorithm Configuration, LION 2011).
   */
  observe(architecture: Json, score: number | null): void {
    this.#points.push(this.#features.of(architecture));
    this.#scores.push(score);
    if (score !== null) this.#scored++;
  }

  /**
   * What is known now. Valid until the next observation or posterior.
   * @param open architectures whose scores are awaited: predictions near them are surer, so that parallel questions
   *   differ (the "Kriging believer" of Ginsbourger et al. 2010: the awaited score is taken to be the mean).
   */
  posterior(open: Iterable<Json> = []): Posterior {
    const worst = Math.min(...this.#scores.filter((score) => score !== null));
    const values = normalScores(this.#scores.map((score) => score ?? worst));
    const process = this.#processFor(values);
    process.condition(values);
    const features = this.#features;
    const best = process.highestMean;
    for (const architecture of open) process.append(features.of(architecture));
    return new Posterior(process, features, best);
  }

  #processFor(values: Float64Array): GaussianProcess {
    if (this.#hyperparameters === undefined || this.#points.length >= this.#nextFit) {
      this.#hyperparameters = fitHyperparameters(this.#points, values, this.#hyperparameters);
      this.#nextFit = Math.ceil(this.#points.length * REFIT_GROWTH);
      this.#process = undefined;
    }
    this.#process ??= new GaussianProcess(this.#hyperparameters);
    // Open architectures of the last question go; what was observed meanwhile is added.
    this.#process.truncate(this.#conditioned);
    for (const point of this.#points.slice(this.#process.size)) this.#process.append(point);
    this.#conditioned = this.#points.length;
    return this.#process;
  }

  #conditioned = 0;
}

/** Predictions from the observations that there were. */
export class Posterior {
  readonly #process: GaussianProcess;
  readonly #features: Features;
  /** The highest mean at an observed architecture: the best score, freed of its luck. */
  readonly best: number;

  constructor(process: GaussianProcess, features: Features, best: number) {
    this.#process = process;
    this.#features = features;
    this.best = best;
  }

  at(architecture: Json): Outline {
    return this.#process.outline(this.#features.of(architecture));
  }
}
