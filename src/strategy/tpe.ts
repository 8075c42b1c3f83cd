/** @file The tree-structured Parzen estimator: asks what is likely among good architectures and unlikely among others. */
import { z } from 'zod';
import type { Json } from '../json.js';
import { Random } from '../random.js';
import type { FeasibleSpace } from './feasible-space.js';
import { Questions } from './questions.js';
import { defineStrategy, type Outcome, type Proposal, type Strategy } from './strategy.js';
import { ParzenEstimator, type Taken, takenBy } from './surrogate/parzen.js';

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

interface Observation {
  readonly trial: number;
  readonly taken: Taken;
  /** −∞ while there is none, or where the trial ended without one. */
  readonly score: number;
}

class TreeStructuredParzenEstimator implements Strategy {
  readonly #space: FeasibleSpace;
  readonly #settings: Settings;
  readonly #random: Random;
  readonly #questions: Questions;
  /** By trial. Open questions are among them: they count as bad, so that parallel ones differ ("constant liar"). */
  readonly #observations = new Map<number, Observation>();
  #scored = 0;

  constructor(space: FeasibleSpace, settings: Settings, seed: number) {
    this.#space = space;
    this.#settings = settings;
    this.#questions = new Questions(space);
    this.#random = new Random(seed).stream('tpe');
  }

  async ask(): Promise<Proposal | 'exhausted'> {
    const trial = this.#questions.next;
    const random = this.#random.stream(trial);
    const likeliest = this.#scored < this.#settings.initial ? null : this.#likeliest(random);
    const architecture = likeliest ?? this.#space.unseen(this.#questions.seen, random);
    if (architecture === null) return 'exhausted';
    const taken = takenBy(this.#space.decisions.sequence(architecture));
    this.#observations.set(trial, { trial, taken, score: Number.NEGATIVE_INFINITY });
    return this.#questions.ask(architecture);
  }

  async tell(trial: number, outcome: Outcome): Promise<void> {
    this.#questions.answer(trial);
    const observation = this.#observations.get(trial);
    if (outcome.state !== 'completed' || observation === undefined) return;
    this.#observations.set(trial, { ...observation, score: outcome.score });
    this.#scored++;
  }

  /** Of the draws from l, the new one with the largest l / g, to which expected improvement is proportional (section 4.1). */
  #likeliest(random: Random): Json | null {
    const ranked = [...this.#observations.values()].sort(byFallingScore);
    const good = Math.min(Math.ceil(this.#settings.goodShare * this.#scored), MOST_GOOD);
    const l = estimatorOf(ranked.slice(0, good));
    const g = estimatorOf(ranked.slice(good));
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
}

/** A difference would be no number where both are −∞. */
const byFallingScore = (first: Observation, second: Observation): number =>
  Number(second.score > first.score) - Number(second.score < first.score);

function estimatorOf(observations: readonly Observation[]): ParzenEstimator {
  const oldestFirst = [...observations].sort((first, second) => first.trial - second.trial);
  return new ParzenEstimator(
    oldestFirst.map(({ taken }) => taken),
    oldestFirst.map((_, index) => ageWeight(index, oldestFirst.length)),
  );
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
