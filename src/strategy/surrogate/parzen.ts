/** @file Parzen estimators over decision trees: a density around observed architectures (Bergstra et al. 2011). */
import type { Json } from '../../json.js';
import type { Random } from '../../random.js';
import type { Decided, Decision } from '../../space/decisions/decision.js';
import { type AnswerNumbers, type Answers, answerTo } from './answers.js';

/** Weight of the prior, which is uniform at each decision, as a number of observations (Optuna's `prior_weight`). */
const PRIOR_WEIGHT = 1;

/** An architecture around which a kernel stands. */
export interface Observed {
  readonly answers: Answers;
  readonly weight: number;
}

/**
 * A mixture of one kernel for each observation, and the prior. A kernel decides everything jointly ("multivariate",
 * Falkner et al., BOHB, ICML 2018): at each decision it prefers the option that its observation has taken; where that was
 * not asked, or its answer is none of the present options, all options are alike. The more observations, the narrower the
 * kernels.
 */
export class ParzenEstimator {
  readonly #numbers: AnswerNumbers;
  readonly #observations: readonly Observed[];
  readonly #weights: Float64Array;
  /** By the number of a question: what each observation answers. */
  readonly #columns = new Map<number, Int32Array>();
  /** Of the observations and the prior. */
  readonly #total: number;
  /** What a kernel adds to each option. */
  readonly #smoothing: number;

  /** @param numbers those that the answers of the observations have. */
  constructor(numbers: AnswerNumbers, observations: readonly Observed[]) {
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
      const question = this.#numbers.questionAt(path);
      const answer = kernel === undefined || question === undefined ? 0 : answerTo(kernel.answers, question);
      const preferred = this.#numbers.placesAmong(path, options)[answer] ?? -1;
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
    const question = this.#numbers.questionAt(path);
    if (question === undefined) return;
    const count = options.length;
    const places = this.#numbers.placesAmong(path, options);
    const factors = new Float64Array(places.length).fill(1);
    for (const [answer, place] of places.entries()) {
      if (place < 0) continue;
      factors[answer] = (count * ((place === option ? 1 : 0) + this.#smoothing)) / (1 + count * this.#smoothing);
    }
    const column = this.#columnOf(question);
    for (let index = 0; index < ratios.length; index++) {
      ratios[index] = (ratios[index] as number) * (factors[column[index] as number] as number);
    }
  }

  #columnOf(question: number): Int32Array {
    const known = this.#columns.get(question);
    if (known !== undefined) return known;
    const column = new Int32Array(this.#observations.length);
    for (const [index, { answers }] of this.#observations.entries()) column[index] = answerTo(answers, question);
    this.#columns.set(question, column);
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
