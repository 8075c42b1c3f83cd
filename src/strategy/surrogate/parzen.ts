/** @file Parzen estimators over decision trees: a density around observed architectures (Bergstra et al. 2011). */
import type { Json } from '../../json.js';
import type { Random } from '../../random.js';
import type { Decided, Decision } from '../../space/decisions/decision.js';
import { type ChosenOptions, type OptionNumbers, optionFor } from './chosen-options.js';

/** Weight of the prior, which is uniform at each decision, as a number of observations (Optuna's `prior_weight`). */
const PRIOR_WEIGHT = 1;

/** An architecture around which a kernel stands. */
export interface Observed {
  readonly chosen: ChosenOptions;
  readonly weight: number;
}

/**
 * A mixture of one kernel for each observation, and the prior. A kernel decides everything jointly ("multivariate",
 * Falkner et al., BOHB, ICML 2018): at each decision it prefers the option that its observation has taken; where that was
 * not taken, or its option is none of the present ones, all options are alike. The more observations, the narrower the
 * kernels.
 */
export class ParzenEstimator {
  readonly #numbers: OptionNumbers;
  readonly #observations: readonly Observed[];
  readonly #weights: Float64Array;
  /** By the number of a decision: the option that each observation has. */
  readonly #columns = new Map<number, Int32Array>();
  /** Of the observations and the prior. */
  readonly #total: number;
  /** What a kernel adds to each option. */
  readonly #smoothing: number;

  /** @param numbers those that the options of the observations have. */
  constructor(numbers: OptionNumbers, observations: readonly Observed[]) {
    this.#numbers = numbers;
    this.#observations = observations;
    this.#weights = Float64Array.from(observations.map(({ weight }) => weight));
    this.#total = observations.reduce((sum, { weight }) => sum + weight, PRIOR_WEIGHT);
    this.#smoothing = PRIOR_WEIGHT / (observations.length + 1);
  }

  /** An architecture drawn from the density. */
  sample(decisions: Decision<Json>, random: Random): Json {
    const kernel = this.#drawKernel(random);
    const walk = decisions.walk();
    let step = walk.next(Number.NaN);
    while (!step.done) {
      const { path, options } = step.value;
      const decision = this.#numbers.decisionAt(path);
      const preferredOption = kernel === undefined || decision === undefined ? 0 : optionFor(kernel.chosen, decision);
      const preferred = this.#numbers.placesAmong(path, options)[preferredOption] ?? -1;
      // The share of draws that follow the observation; the rest is uniform.
      const share = 1 / (1 + options.length * this.#smoothing);
      const follows = preferred >= 0 && random.uniform() < share;
      step = walk.next(follows ? preferred : random.integer(options.length));
    }
    return step.value;
  }

  /** The natural logarithm of the density. Costs a multiplication for each observation and decision. */
  logDensity(sequence: readonly Decided[]): number {
    const logUniform = sequence.reduce((sum, { options }) => sum - Math.log(options.length), 0);
    const ratios = new Float64Array(this.#weights.length).fill(1);
    for (const decided of sequence) this.#multiplyBy(decided, ratios);
    let relative = PRIOR_WEIGHT;
    for (let index = 0; index < ratios.length; index++) {
      relative += (this.#weights[index] as number) * (ratios[index] as number);
    }
    return logUniform + Math.log(relative / this.#total);
  }

  /** Multiplies the density of each kernel, as a multiple of the prior's, by the factor of one decision. */
  #multiplyBy({ path, options, option }: Decided, ratios: Float64Array): void {
    const decision = this.#numbers.decisionAt(path);
    if (decision === undefined) return;
    const count = options.length;
    const places = this.#numbers.placesAmong(path, options);
    const factors = new Float64Array(places.length).fill(1);
    for (const [number, place] of places.entries()) {
      if (place < 0) continue;
      factors[number] = (count * ((place === option ? 1 : 0) + this.#smoothing)) / (1 + count * this.#smoothing);
    }
    const column = this.#columnOf(decision);
    for (let index = 0; index < ratios.length; index++) {
      ratios[index] = (ratios[index] as number) * (factors[column[index] as number] as number);
    }
  }

  #columnOf(decision: number): Int32Array {
    const known = this.#columns.get(decision);
    if (known !== undefined) return known;
    const column = new Int32Array(this.#observations.length);
    for (const [index, { chosen }] of this.#observations.entries()) column[index] = optionFor(chosen, decision);
    this.#columns.set(decision, column);
    return column;
  }

  #drawKernel(random: Random): Observed | undefined {
    let left = random.uniform() * this.#total;
    return this.#observations.find(({ weight }) => {
      left -= weight;
      return left < 0;
    });
  }
}
