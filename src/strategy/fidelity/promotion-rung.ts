/** @file A rung of ASHA: what was evaluated with one fidelity, and who of it deserves more. */
import type { Objectives } from '../../pareto/dominance.js';
import { Ranking } from '../../pareto/ranking.js';
import type { ProposedCandidate } from '../proposer.js';

export class PromotionRung {
  readonly #eta: number;
  readonly #fidelity: number;
  readonly #ranking = new Ranking<ProposedCandidate>();
  readonly #promoted = new Set<ProposedCandidate>();
  #answered = 0;
  #open = 0;

  constructor(eta: number, fidelity: number) {
    this.#eta = eta;
    this.#fidelity = fidelity;
  }

  /** How many evaluations are without a result. */
  get open(): number {
    return this.#open;
  }

  /** Notes that an evaluation begins, and gives its fidelity. */
  begin(): number {
    this.#open++;
    return this.#fidelity;
  }

  /** The result of an evaluation; `null` where it has no score. */
  note(candidate: ProposedCandidate, objectives: Objectives | null): void {
    this.#open--;
    this.#answered++;
    if (objectives !== null) this.#ranking.add(candidate, objectives);
  }

  /** An evaluation ended without an answer: it counts for nothing. */
  lose(): void {
    this.#open--;
  }

  /** The best that was not promoted yet, if it is in the top 1/η of the results so far. */
  promotable(): ProposedCandidate | undefined {
    return this.#best(Math.floor(this.#answered / this.#eta));
  }

  /** As `promotable`, but there is always room for one. */
  lastPromotable(): ProposedCandidate | undefined {
    return this.#best(Math.max(1, Math.floor(this.#answered / this.#eta)));
  }

  promote(candidate: ProposedCandidate): void {
    this.#promoted.add(candidate);
  }

  #best(places: number): ProposedCandidate | undefined {
    if (places === 0) return undefined;
    return this.#ranking.best(places).find((candidate) => !this.#promoted.has(candidate));
  }
}
