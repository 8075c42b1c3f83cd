/** @file A rung of ASHA: what was evaluated with one budget, and who of it deserves more. */
import type { Objectives } from '../../pareto/dominance.js';
import { rankedIndices } from '../../pareto/ranking.js';
import type { Candidate } from './proposer.js';

export class PromotionRung {
  readonly #eta: number;
  readonly #budget: number;
  readonly #rated: { readonly candidate: Candidate; readonly objectives: Objectives }[] = [];
  readonly #promoted = new Set<Candidate>();
  #answered = 0;
  #open = 0;
  /** The rated ones from best to worst; `null` when a result came since. */
  #ranking: Candidate[] | null = null;

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
    if (objectives === null) return;
    this.#rated.push({ candidate, objectives });
    this.#ranking = null;
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
    this.#ranking ??= rankedIndices(this.#rated.map(({ objectives }) => objectives)).flatMap(
      (index) => this.#rated[index]?.candidate ?? [],
    );
    return this.#ranking.slice(0, places).find((candidate) => !this.#promoted.has(candidate));
  }
}
