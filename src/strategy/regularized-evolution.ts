/** @file Regularized evolution: tournament selection in a population where the oldest dies (Real et al. 2019). */
import { z } from 'zod';
import { Random } from '../random.js';
import type { FeasibleSpace } from './feasible/feasible-space.js';
import { Questions } from './questions.js';
import { scoreOf } from './score.js';
import { defineStrategy, type Outcome, type Proposal, type Strategy } from './strategy.js';
import { type Individual, tournament } from './tournament.js';
import { askable } from './unasked-architecture.js';

const settings = z.strictObject({
  populationSize: z.int().min(1).default(100).describe('P, how many live at a time; 100 in section 4 of the paper.'),
  sampleSize: z.int().min(1).default(25).describe('S, how many take part in a tournament; 25 in section 4.'),
  repeats: z
    .boolean()
    .default(false)
    .describe(
      'Whether an architecture may be asked about again. In the paper yes, which puts lucky scores to the test; here a search is short and each training dear.',
    ),
});

type Settings = z.infer<typeof settings>;

/**
 * Algorithm 1 of the paper, for any number of open questions: individuals enter the population as their scores arrive,
 * so that age is the order of the answers. Trials without a score never enter; the initial population is complete only
 * when P trials have scores or still may get them.
 */
class RegularizedEvolution implements Strategy {
  readonly #space: FeasibleSpace;
  readonly #settings: Settings;
  readonly #random: Random;
  readonly #questions: Questions;
  /** Oldest first. */
  readonly #population: Individual[] = [];
  #withoutScore = 0;

  constructor(space: FeasibleSpace, settings: Settings, seed: number) {
    this.#space = space;
    this.#settings = settings;
    this.#questions = new Questions(space);
    this.#random = new Random(seed).stream('regularized-evolution');
  }

  async ask(): Promise<Proposal | 'exhausted'> {
    // A stream for each question: replay needs no more than their number.
    const random = this.#random.stream(this.#questions.next);
    const isInitial = this.#questions.next - this.#withoutScore < this.#settings.populationSize;
    const parent = isInitial ? null : tournament(this.#population, this.#settings.sampleSize, random);
    // A parent without neighbours within the limits has a sample for its child.
    const child = parent && this.#space.mutate(parent.architecture, random);
    const architecture = askable(child ?? this.#space.sample(random), {
      space: this.#space,
      questions: this.#questions,
      random,
      repeats: this.#settings.repeats,
    });
    if (architecture === null) return 'exhausted';
    return this.#questions.ask(architecture, { ...(child !== null && parent && { parent: parent.trial }) });
  }

  async tell(trial: number, outcome: Outcome): Promise<void> {
    const architecture = this.#questions.answer(trial);
    const score = scoreOf(outcome);
    if (score === null || score === undefined) {
      this.#withoutScore++;
      return;
    }
    this.#population.push({ trial, architecture, score });
    if (this.#population.length > this.#settings.populationSize) this.#population.shift();
  }
}

export const regularizedEvolution = defineStrategy({
  name: 'regularized-evolution',
  title: 'Regularized evolution',
  paper: 'Real et al., Regularized Evolution for Image Classifier Architecture Search, AAAI 2019',
  description:
    'Mutates the best of a random sample of the population; the oldest individual dies, however good it was.',
  settings,
  dependsOnOrder: true,
  create: ({ space, settings: checked, seed }) => new RegularizedEvolution(space, checked, seed),
});
