/** @file The tree-structured Parzen estimator: asks what is likely among good architectures and unlikely among others. */
import { z } from 'zod';
import type { Json } from '../json.js';
import { Random } from '../random.js';
import type { FeasibleSpace } from './feasible/feasible-space.js';
import { Questions } from './questions.js';
import { scoreOf } from './score.js';
import { defineStrategy, type Outcome, type Proposal, type Strategy } from './strategy.js';
import { type ChosenOptions, OptionNumbers } from './surrogate/chosen-options.js';
import { ParzenEstimator } from './surrogate/parzen.js';

const settings = z.strictObject({
  initial: z.int().min(1).default(10).describe("Random architectures at first; 10 is Optuna's `n_startup_trials`."),
  candidates: z
    .int()
    .min(1)
    .default(24)
    .describe("Draws from the density of good architectures for each question; 24 is Optuna's `n_ei_candidates`."),
  goodShare: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe("γ, the share of the observations that are good, but at most 25; 0.1 is Optuna's default."),
});

type Settings = z.infer<typeof settings>;

/** Optuna's `default_gamma`: at most so many are good. */
const MOST_GOOD = 25;

/** Optuna's `default_weights`: the latest so many have full weight, earlier ones less and less. */
const FULL_WEIGHTS = 25;

/**
 * The latest so many others are modelled, so that a question about the ten thousandth trial costs no more than one about the
 * thousandth. Weights fall to nothing with age in any case: so few questions after, the density of what is asked has
 * followed the good ones elsewhere.
 */
const OTHERS = 1000;

class TreeStructuredParzenEstimator implements Strategy {
  readonly #space: FeasibleSpace;
  readonly #settings: Settings;
  readonly #random: Random;
  readonly #questions: Questions;
  readonly #numbers = new OptionNumbers();
  /** By trial. Open questions are among them: they count as bad, so that parallel ones differ ("constant liar"). */
  readonly #chosen: ChosenOptions[] = [];
  /** The trials that may be good, best first; of equal ones the first. */
  readonly #best: { readonly trial: number; readonly score: number }[] = [];
  /** Trials without an answer: they say nothing. */
  readonly #lost = new Set<number>();
  #scored = 0;

  constructor(space: FeasibleSpace, settings: Settings, seed: number) {
    this.#space = space;
    this.#settings = settings;
    this.#questions = new Questions(space);
    this.#random = new Random(seed).stream('tpe');
  }

  async ask(): Promise<Proposal | 'exhausted'> {
    const random = this.#random.stream(this.#questions.next);
    const likeliest = this.#scored < this.#settings.initial ? null : this.#likeliest(random);
    const architecture = likeliest ?? this.#space.unseen(this.#questions.seen, random);
    if (architecture === null) return 'exhausted';
    this.#chosen.push(this.#numbers.of(this.#space.decisions.sequence(architecture)));
    return this.#questions.ask(architecture);
  }

  async tell(trial: number, outcome: Outcome): Promise<void> {
    this.#questions.answer(trial);
    const score = scoreOf(outcome);
    if (score === undefined) this.#lost.add(trial);
    if (score === null || score === undefined) return;
    this.#scored++;
    this.#best.push({ trial, score });
    this.#best.sort((first, second) => second.score - first.score || first.trial - second.trial);
    this.#best.length = Math.min(this.#best.length, MOST_GOOD);
  }

  /** Of the draws from l, the new one with the largest l / g, to which expected improvement is proportional (section 4.1). */
  #likeliest(random: Random): Json | null {
    const good = new Set(
      this.#best.slice(0, Math.ceil(this.#settings.goodShare * this.#scored)).map(({ trial }) => trial),
    );
    const l = this.#estimatorOf([...good].sort((first, second) => first - second));
    const g = this.#estimatorOf(this.#latestBut(good));
    let best: { architecture: Json; ratio: number } | null = null;
    for (let draw = 0; draw < this.#settings.candidates; draw++) {
      const architecture = l.sample(this.#space.decisions, random);
      if (this.#questions.hasSeen(architecture) || !this.#space.isFeasible(architecture)) continue;
      const sequence = this.#space.decisions.sequence(architecture);
      const ratio = l.logDensity(sequence) - g.logDensity(sequence);
      if (best === null || ratio > best.ratio) best = { architecture, ratio };
    }
    return best?.architecture ?? null;
  }

  /** The latest of the other trials, oldest first. */
  #latestBut(good: ReadonlySet<number>): number[] {
    const others: number[] = [];
    for (let trial = this.#chosen.length - 1; trial >= 0 && others.length < OTHERS; trial--) {
      if (!good.has(trial) && !this.#lost.has(trial)) others.push(trial);
    }
    return others.reverse();
  }

  /** @param trials oldest first. */
  #estimatorOf(trials: readonly number[]): ParzenEstimator {
    const observed = trials.flatMap((trial, index) => {
      const chosen = this.#chosen[trial];
      return chosen === undefined ? [] : { chosen, weight: ageWeight(index, trials.length) };
    });
    return new ParzenEstimator(this.#numbers, observed);
  }
}

/** From 1 / n for the oldest of n, linearly to 1 for the latest 25. */
function ageWeight(index: number, count: number): number {
  const aged = count - FULL_WEIGHTS;
  if (index >= aged) return 1;
  return aged === 1 ? 1 / count : 1 / count + ((1 - 1 / count) * index) / (aged - 1);
}

export const tpe = defineStrategy({
  name: 'tpe',
  title: 'Tree-structured Parzen estimator',
  paper: 'Bergstra et al., Algorithms for Hyper-Parameter Optimization, NeurIPS 2011',
  description:
    'Models the densities of good and of other architectures over the whole decision sequence, and asks where they differ most.',
  settings,
  dependsOnOrder: true,
  create: ({ space, settings: checked, seed }) => new TreeStructuredParzenEstimator(space, checked, seed),
});
