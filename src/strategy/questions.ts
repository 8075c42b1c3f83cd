/** @file The record of questions that a strategy keeps: which architecture each trial has, and which are still open. */
import type { Json } from '../json.js';
import type { FeasibleSpace } from './feasible/feasible-space.js';
import type { Proposal } from './strategy.js';

/** The record of the questions that a strategy has asked. */
export class Questions {
  readonly #space: Pick<FeasibleSpace, 'canonical'>;
  readonly #asked: Json[] = [];
  readonly #open = new Set<number>();
  readonly #seen = new Map<string, Json>();

  /** @param space Architectures that build isomorphic networks are one question, as far as it can tell. */
  constructor(space: Pick<FeasibleSpace, 'canonical'>) {
    this.#space = space;
  }

  /** The number of the next question. */
  get next(): number {
    return this.#asked.length;
  }

  /** How many questions have no answer yet. */
  get open(): number {
    return this.#open.size;
  }

  /** Each architecture that was asked about, once, by its canonical form. */
  get seen(): ReadonlyMap<string, Json> {
    return this.#seen;
  }

  /** Whether an architecture of the same class was asked about. */
  hasSeen(architecture: Json): boolean {
    return this.#seen.has(this.#space.canonical(architecture));
  }

  /** Notes that the next question is about this architecture, in full and from scratch unless `how` says otherwise. */
  ask(architecture: Json, how: Omit<Proposal, 'architecture'> = {}): Proposal {
    this.#open.add(this.next);
    this.#asked.push(architecture);
    this.#seen.set(this.#space.canonical(architecture), architecture);
    return { architecture, ...how };
  }

  /**
   * Notes that a question was answered, and gives the architecture that it was about.
   * @throws {RangeError} where it is not open
   */
  answer(trial: number): Json {
    const architecture = this.#asked[trial];
    if (architecture !== undefined && this.#open.delete(trial)) return architecture;
    throw new RangeError(`trial ${trial} ${architecture === undefined ? 'was never asked' : 'is told a second time'}`);
  }
}
