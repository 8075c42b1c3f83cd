/** @file One bracket of successive halving at work: rung by rung, each complete before the best of it go on. */
import type { Objectives } from '../../pareto/dominance.js';
import { rankedIndices } from '../../pareto/ranking.js';
import type { ProposedCandidate, Proposer } from '../proposer.js';
import type { BracketPlan } from './brackets.js';

/** A candidate to be evaluated with a fidelity. */
export interface BracketJob {
  readonly candidate: ProposedCandidate;
  /** The rung, from 0. */
  readonly level: number;
  readonly fidelity: number;
}

export class Bracket {
  readonly #plan: BracketPlan;
  readonly #proposer: Proposer;
  #level = 0;
  /** Those that the current rung evaluates next, where it is not the first. */
  #promoted: ProposedCandidate[] = [];
  /** Evaluations of the current rung: begun, without an answer, and those with a score. */
  #begun = 0;
  #open = 0;
  #rated: { readonly candidate: ProposedCandidate; readonly objectives: Objectives }[] = [];

  constructor(plan: BracketPlan, proposer: Proposer) {
    this.#plan = plan;
    this.#proposer = proposer;
  }

  /** The next evaluation; 'wait' while the rung, or the proposer, waits for results; 'done' when nothing is left. */
  async next(): Promise<BracketJob | 'wait' | 'done'> {
    do {
      const candidate = this.#level === 0 ? await this.#draw() : (this.#promoted.shift() ?? null);
      if (candidate === 'wait') return candidate;
      if (candidate !== null) return this.#begin(candidate);
      if (this.#open > 0) return 'wait';
    } while (this.#climb());
    return 'done';
  }

  /** The result of an evaluation; `null` where it has no score. */
  note({ candidate }: BracketJob, objectives: Objectives | null): void {
    this.#open--;
    if (objectives !== null) this.#rated.push({ candidate, objectives });
  }

  /** A new candidate for the first rung; `null` where it has as many as it takes, or none is left in the space. */
  async #draw(): Promise<ProposedCandidate | 'wait' | null> {
    if (this.#begun >= (this.#plan.rungs[0]?.size ?? 0)) return null;
    const candidate = await this.#proposer.draw();
    return candidate === 'exhausted' ? null : candidate;
  }

  #begin(candidate: ProposedCandidate): BracketJob {
    this.#begun++;
    this.#open++;
    return { candidate, level: this.#level, fidelity: this.#plan.rungs[this.#level]?.fidelity ?? 1 };
  }

  /**
   * The best of a complete rung enter the next; `false` where there is none to enter, or none to go. At least one goes on,
   * so that a bracket of few candidates, too, has a full evaluation.
   */
  #climb(): boolean {
    if (this.#level === this.#plan.s || this.#rated.length === 0) return false;
    const places = Math.max(1, Math.floor(this.#begun / this.#plan.eta));
    this.#promoted = rankedIndices(this.#rated.map(({ objectives }) => objectives))
      .slice(0, places)
      .flatMap((index) => this.#rated[index]?.candidate ?? []);
    this.#level++;
    this.#begun = 0;
    this.#rated = [];
    return true;
  }
}
