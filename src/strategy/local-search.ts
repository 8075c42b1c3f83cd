/** @file Local search: climbs to the first better neighbour, and starts anew from a local optimum (White et al. 2021). */
import { z } from 'zod';
import type { Json } from '../json.js';
import { Random } from '../random.js';
import type { FeasibleSpace } from './feasible/feasible-space.js';
import { Questions } from './questions.js';
import { scoreOf } from './score.js';
import { defineStrategy, type Outcome, type Proposal, type Strategy } from './strategy.js';

const settings = z.strictObject({
  repeats: z
    .boolean()
    .default(false)
    .describe('Whether neighbours and starts that are known are asked about again, as where nothing is remembered.'),
});

type Settings = z.infer<typeof settings>;

/** What an architecture has got. */
interface Place {
  readonly score: number;
  /** The number of its question; absent while it has no answer. */
  readonly trial?: number;
}

const NOWHERE: Place = { score: Number.NEGATIVE_INFINITY };

/**
 * One climb at a time: its neighbours are asked about in random order, while several are open, too; whichever is better
 * than where the climb stands moves it. Neighbours that were asked about in earlier climbs cost no question, unless repeats
 * are wanted.
 */
class LocalSearch implements Strategy {
  readonly #space: FeasibleSpace;
  readonly #repeats: boolean;
  readonly #random: Random;
  readonly #questions: Questions;
  /** By canonical form. */
  readonly #places = new Map<string, Place>();
  /** Where the climb stands; what has no score yet, or none at all, is below all others. */
  #place: Place = NOWHERE;
  /** Those of its neighbours that were not looked at, and the first of them that can be of use. */
  #neighbours: Iterator<Json> = [].values();
  #useful: Json | undefined;

  constructor(space: FeasibleSpace, { repeats }: Settings, seed: number) {
    this.#space = space;
    this.#repeats = repeats;
    this.#questions = new Questions(space);
    this.#random = new Random(seed).stream('local-search');
  }

  async ask(): Promise<Proposal | 'wait' | 'exhausted'> {
    const random = this.#random.stream('ask', this.#questions.next);
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (this.#isQuestion(next)) {
        this.#useful = undefined;
        const { trial } = this.#place;
        return this.#questions.ask(next, { ...(trial !== undefined && { parent: trial }) });
      }
      // It was better in an earlier climb. What is open may be better still.
      if (this.#questions.open > 0) return 'wait';
      this.#move(next, this.#placeOf(next), random);
    }
    if (this.#questions.open > 0) return 'wait';
    const start = this.#repeats ? this.#space.sample(random) : this.#space.unseen(this.#questions.seen, random);
    if (start === null) return 'exhausted';
    this.#move(start, NOWHERE, random);
    return this.#questions.ask(start);
  }

  async tell(trial: number, outcome: Outcome): Promise<void> {
    const architecture = this.#questions.answer(trial);
    const score = scoreOf(outcome);
    if (score === null || score === undefined) return;
    const place = { score, trial };
    this.#places.set(this.#space.canonical(architecture), place);
    if (score > this.#place.score) this.#move(architecture, place, this.#random.stream('tell', trial));
  }

  #move(architecture: Json, place: Place, random: Random): void {
    this.#place = place;
    this.#neighbours = this.#space.shuffledNeighbours(architecture, random);
    this.#useful = undefined;
  }

  /** The next neighbour that is new, or known to be better than where the climb stands; `undefined` at its end. */
  #peek(): Json | undefined {
    while (this.#useful === undefined) {
      const { done, value } = this.#neighbours.next();
      if (done) return undefined;
      if (this.#isQuestion(value) || this.#placeOf(value).score > this.#place.score) this.#useful = value;
    }
    return this.#useful;
  }

  #isQuestion(architecture: Json): boolean {
    return this.#repeats || !this.#questions.hasSeen(architecture);
  }

  #placeOf(architecture: Json): Place {
    return this.#places.get(this.#space.canonical(architecture)) ?? NOWHERE;
  }
}

export const localSearch = defineStrategy({
  name: 'local-search',
  title: 'Local search',
  paper: 'White, Nolen and Savani, Exploring the Loss Landscape in Neural Architecture Search, UAI 2021',
  description:
    'Climbs from a random architecture to the first neighbour that scores higher, until none does; then it starts anew. Strong where scores are little noisy and neighbours alike.',
  settings,
  dependsOnOrder: true,
  create: ({ space, settings: checked, seed }) => new LocalSearch(space, checked, seed),
});
