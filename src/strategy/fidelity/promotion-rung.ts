/** @file A rung of ASHA: what was evaluated with one budget, and who of it deserves more. */
import type { Objectives } from '../../pareto/dominance.js';
import { Ranking } from '../../pareto/ranking.js';
import type { Candidate } from '../proposer.js';

export class PromotionRung {
  readonly #eta: number;
  readonly #budget: number;
  readonly #ranking = new Ranking<Candidate>();
  readonly #promoted = new Set<Candidate>();
  #answered = 0;
  #open = 0;

  constructor(eta: number, budget: number) {
    this.#eta = eta;
    this.#budget = budget;
  }

  /** How many evaluations are without a result. */
  get open(): number {
    return this.#open;
  }

  /** Notes that an evaluation begins, and gives its budget. */
  begin(): number {
    this.#open++;
    return this.#budget;
  }

  /** The result of an evaluation; `null` where it has no score. */
  note(candidate: Candidate, objectives: Objectives | null): void {
    this.#open--;
    this.#answered++;
    if (objectives !== null) this.#ranking.add(candidate, objectives);
  }

  /** The best that was not promoted yet, if it is in the top 1/η of the results so far. */
  promotable(): Candidate | undefined {
    return this.#best(Math.floor(this.#answered / this.#eta));
  }

  /** As `promotable`, but there is always room for one. */
  lastPromotable(): Candidate | undefined {
    return this.#best(Math.max(1, Math.floor(this.#answered / this.#eta)));
  }

  promote(candidate: Candidate): void {
    this.#promoted.add(candidate);
  }

  #best(places: number): Candidate | undefined {
    if (places === 0) return undefined;
    return this.#ranking.best(places).find((candidate) => !this.#promoted.has(candidate));
  }
}
