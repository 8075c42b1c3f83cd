/** @file A Gaussian process as the model of scores. */
import type { Json } from '../../json.js';
import type { Score } from '../score.js';
import { ArchitectureFeatures, type DescribedSpace } from './features.js';
import { GaussianProcess, type Hyperparameters, type InputPoint } from './gaussian-process.js';
import { fitHyperparameters } from './hyperparameters.js';
import { Observations } from './observations.js';
import type { Posterior, Surrogate } from './surrogate.js';

/** Hyper-parameters are fitted again when there are so many times as many observations: they settle early. */
const REFIT_GROWTH = 1.2;

export class GaussianProcessSurrogate implements Surrogate {
  readonly #features: ArchitectureFeatures;
  readonly #observations = new Observations<InputPoint>();
  #hyperparameters: Hyperparameters | undefined;
  #nextFit = 0;
  #process: GaussianProcess | undefined;
  /** Points of the process that are observed: further ones are open. */
  #conditioned = 0;

  constructor(space: DescribedSpace) {
    this.#features = new ArchitectureFeatures(space);
  }

  get scored(): number {
    return this.#observations.scored;
  }

  observe(architecture: Json, score: Score): void {
    this.#observations.add(this.#features.of(architecture), score);
  }

  /**
   * Predictions near open architectures are surer, so that parallel questions differ (the "Kriging believer" of Ginsbourger
   * et al. 2010: the awaited score is taken to be the mean).
   */
  async posterior(open: Iterable<Json> = []): Promise<Posterior> {
    const values = this.#observations.values();
    const process = this.#processFor(values);
    process.condition(values);
    const { highestMean: best, noise } = process;
    for (const architecture of open) process.append(this.#features.of(architecture));
    const outline = (architecture: Json) => process.outline(this.#features.of(architecture));
    return { best, noise, at: async (architectures) => architectures.map(outline) };
  }

  async close(): Promise<void> {}

  #processFor(values: Float64Array): GaussianProcess {
    const { points } = this.#observations;
    if (this.#hyperparameters === undefined || points.length >= this.#nextFit) {
      this.#hyperparameters = fitHyperparameters(points, values, this.#hyperparameters);
      this.#nextFit = Math.ceil(points.length * REFIT_GROWTH);
      this.#process = undefined;
    }
    this.#process ??= new GaussianProcess(this.#hyperparameters);
    // Open architectures of the last question go; what was observed meanwhile is added.
    this.#process.truncate(this.#conditioned);
    for (const point of points.slice(this.#process.size)) this.#process.append(point);
    this.#conditioned = points.length;
    return this.#process;
  }
}
