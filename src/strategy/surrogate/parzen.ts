/** @file Parzen estimators over decision trees: a density around observed architectures (Bergstra et al. 2011). */
import type { Json } from '../../json.js';
import type { Random } from '../../random.js';
import type { Decided, Decision } from '../../space/decision.js';

/** The options that an observed architecture takes, by the paths of its decisions. */
export type Taken = ReadonlyMap<string, number>;

/** The options of a decision sequence. */
export const takenBy = (sequence: readonly Decided[]): Taken =>
  new Map(sequence.map(({ path, option }) => [path, option]));

/** Weight of the prior, which is uniform at each decision, as a number of observations (Optuna's `prior_weight`). */
const PRIOR_WEIGHT = 1;

/**
 * A mixture of one kernel for each observation, and the prior. A kernel decides everything jointly ("multivariate",
 * Falkner et al., BOHB, ICML 2018): at each decision that its observation has taken it prefers that option, at others
 * all options are alike. The more observations, the narrower the kernels.
 */
export class ParzenEstimator {
  readonly #observations: readonly Taken[];
  /** Of the observations; the prior's is `PRIOR_WEIGHT`. */
  readonly #weights: readonly number[];
  readonly #total: number;
  /** What a kernel adds to each option. */
  readonly #smoothing: number;

  constructor(observations: readonly Taken[], weights: readonly number[]) {
    this.#observations = observations;
    this.#weights = weights;
    this.#total = weights.reduce((sum, weight) => sum + weight, PRIOR_WEIGHT);
    this.#smoothing = PRIOR_WEIGHT / (observations.length + 1);
  }

  /** An architecture drawn from the density. */
  sample(decisions: Decision<Json>, random: Random): Json {
    const kernel = this.#drawKernel(random);
    const walk = decisions.walk();
    let step = walk.next(Number.NaN);
    while (!step.done) {
      const { path, options } = step.value;
      const preferred = kernel?.get(path);
      // The share of draws that follow the observation; the rest is uniform.
      const share = 1 / (1 + options.length * this.#smoothing);
      const follows = preferred !== undefined && random.uniform() < share;
      step = walk.next(follows ? preferred : random.integer(options.length));
    }
    return step.value;
  }

  /** The natural logarithm of the density. */
  logDensity(sequence: readonly Decided[]): number {
    const logUniform = sequence.reduce((sum, { options }) => sum - Math.log(options.length), 0);
    let relative = PRIOR_WEIGHT;
    for (const [index, kernel] of this.#observations.entries()) {
      relative += (this.#weights[index] ?? 0) * this.#densityRatio(kernel, sequence);
    }
    return logUniform + Math.log(relative / this.#total);
  }

  /** The density of a kernel as a multiple of the prior's. */
  #densityRatio(kernel: Taken, sequence: readonly Decided[]): number {
    let ratio = 1;
    for (const { path, options, option } of sequence) {
      const preferred = kernel.get(path);
      if (preferred === undefined) continue;
      const count = options.length;
      ratio *= (count * ((preferred === option ? 1 : 0) + this.#smoothing)) / (1 + count * this.#smoothing);
    }
    return ratio;
  }

  #drawKernel(random: Random): Taken | undefined {
    let left = random.uniform() * this.#total;
    const index = this.#weights.findIndex((weight) => {
      left -= weight;
      return left < 0;
    });
    return this.#observations[index];
  }
}
