/** @file Evolution without ageing: two parents and a mutation make a child, and the worst of a sample dies. */
import { z } from 'zod';
import type { Json } from '../json.js';
import { Random } from '../random.js';
import type { FeasibleSpace } from './feasible/feasible-space.js';
import { Questions } from './questions.js';
import { scoreOf } from './score.js';
import { defineStrategy, type Outcome, type Proposal, type Strategy } from './strategy.js';
import { type Individual, tournament, worstOf } from './tournament.js';
import { askable } from './unasked-architecture.js';

const settings = z.strictObject({
  populationSize: z
    .int()
    .min(1)
    .default(100)
    .describe('How many live at a time; 100 in section 4 of Real et al. 2019.'),
  sampleSize: z
    .int()
    .min(1)
    .default(25)
    .describe(
      'How many take part in a tournament, for reproduction and for death; 25 in section 4 of Real et al. 2019.',
    ),
  crossover: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe('Share of children that have two parents; 0.9 in section IV of Deb et al. 2002. All are mutated.'),
});

type Settings = z.infer<typeof settings>;

/**
 * The steady-state genetic algorithm of Real et al. 2019 in its non-ageing variant (appendix A), with crossover. It asks
 * about no architecture twice: without death by age a lucky score stays for good anyway, and is not put to the test.
 */
class Evolution implements Strategy {
  readonly #space: FeasibleSpace;
  readonly #settings: Settings;
  readonly #random: Random;
  readonly #questions: Questions;
  #population: readonly Individual[] = [];
  #withoutScore = 0;

  constructor(space: FeasibleSpace, settings: Settings, seed: number) {
    this.#space = space;
    this.#settings = settings;
    this.#questions = new Questions(space);
    this.#random = new Random(seed).stream('evolution');
  }

  async ask(): Promise<Proposal | 'exhausted'> {
    const random = this.#random.stream('ask', this.#questions.next);
    const isInitial = this.#questions.next - this.#withoutScore < this.#settings.populationSize;
    const { child, ...descent } = (isInitial ? null : this.#child(random)) ?? { child: this.#space.sample(random) };
    const architecture = askable(child, { space: this.#space, questions: this.#questions, random });
    return architecture === null ? 'exhausted' : this.#questions.ask(architecture, descent);
  }

  async tell(trial: number, outcome: Outcome): Promise<void> {
    const architecture = this.#questions.answer(trial);
    const score = scoreOf(outcome);
    if (score === null || score === undefined) {
      this.#withoutScore++;
      return;
    }
    const population = [...this.#population, { trial, architecture, score }];
    const isFull = this.#population.length === this.#settings.populationSize;
    const worst = isFull ? worstOf(population, this.#settings.sampleSize, this.#random.stream('tell', trial)) : null;
    this.#population = population.filter((one) => one !== worst);
  }

  /** `null` while no score has arrived, and where no mutation keeps to the limits. */
  #child(random: Random): { readonly child: Json; readonly parent: number } | null {
    const { crossover, sampleSize } = this.#settings;
    const first = tournament(this.#population, sampleSize, random);
    const second = tournament(this.#population, sampleSize, random);
    if (first === null || second === null) return null;
    const isCrossed = random.uniform() < crossover;
    const crossed = isCrossed
      ? this.#space.crossover(first.architecture, second.architecture, random)
      : first.architecture;
    const child = this.#space.mutate(crossed, random);
    return child === null ? null : { child, parent: first.trial };
  }
}

export const evolution = defineStrategy({
  name: 'evolution',
  title: 'Evolution',
  paper:
    'Real et al., Regularized Evolution for Image Classifier Architecture Search, AAAI 2019, appendix A; Deb et al., A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II, IEEE TEC 2002, for crossover',
  description:
    'Crosses and mutates the best of random samples of the population; the worst of a sample dies, so that good ones may live for ever.',
  settings,
  dependsOnOrder: true,
  create: ({ space, settings: checked, seed }) => new Evolution(space, checked, seed),
});
