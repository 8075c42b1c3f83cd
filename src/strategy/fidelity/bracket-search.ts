/** @file Successive halving in bracket after bracket: the strategy behind `successive-halving` and `hyperband`. */
import type { Objectives } from '../../pareto/dominance.js';
import type { FeasibleSpace } from '../feasible/feasible-space.js';
import type { ProposedCandidate, Proposer } from '../proposer.js';
import { Questions } from '../questions.js';
import type { Outcome, Proposal, Strategy } from '../strategy.js';
import { Bracket, type BracketJob } from './bracket.js';
import type { BracketPlan } from './brackets.js';

export interface BracketSearchOptions {
  readonly space: FeasibleSpace;
  /** Brackets in the order in which they begin, again and again, each with the proposer of its candidates. */
  readonly round: readonly { readonly plan: BracketPlan; readonly proposer: Proposer }[];
  readonly objectives: (
    outcome: Outcome & { state: 'completed' },
    architecture: Proposal['architecture'],
  ) => Objectives;
}

/** A bracket and where its candidates come from. */
interface Begun {
  readonly bracket: Bracket;
  readonly proposer: Proposer;
}

/**
 * A rung waits for all of its results. Meanwhile the next bracket begins, so that no worker is idle; the oldest bracket
 * that has something to evaluate goes first.
 */
export class BracketSearch implements Strategy {
  readonly #questions: Questions;
  readonly #options: BracketSearchOptions;
  readonly #jobs: (Begun & { readonly job: BracketJob })[] = [];
  /** The last trial of each candidate, and the last that has a score. */
  readonly #trials = new Map<ProposedCandidate, number>();
  readonly #scored = new Map<ProposedCandidate, number>();
  /** Oldest first. */
  #begun: Begun[] = [];
  /** Place in the round of the bracket that begins next. */
  #next = 0;

  constructor(options: BracketSearchOptions) {
    this.#options = options;
    this.#questions = new Questions(options.space);
  }

  async ask(): Promise<Proposal | 'wait' | 'exhausted'> {
    const waiting: Begun[] = [];
    for (const begun of this.#begun) {
      const job = await begun.bracket.next();
      if (typeof job === 'object') return this.#ask(begun, job);
      if (job === 'wait') waiting.push(begun);
    }
    this.#begun = waiting;
    return (await this.#begin()) ?? (waiting.length > 0 ? 'wait' : 'exhausted');
  }

  async tell(trial: number, outcome: Outcome): Promise<void> {
    const architecture = this.#questions.answer(trial);
    const asked = this.#jobs[trial];
    if (asked === undefined) throw new RangeError(`trial ${trial} has no bracket`);
    const { bracket, proposer, job } = asked;
    bracket.note(job, outcome.state === 'completed' ? this.#options.objectives(outcome, architecture) : null);
    if (outcome.state === 'completed') this.#scored.set(job.candidate, trial);
    if (job.level === 0) await proposer.tell(job.candidate, outcome);
  }

  async close(): Promise<void> {
    for (const { proposer } of this.#options.round) await proposer.close();
  }

  /** The first question of the next bracket of which the proposer has something new; `null` if there is none. */
  async #begin(): Promise<Proposal | null> {
    const { round } = this.#options;
    const turns = [...round.keys()].map((turn) => (this.#next + turn) % round.length);
    for (const turn of turns) {
      const entry = round[turn];
      if (entry === undefined) continue;
      const begun = { bracket: new Bracket(entry.plan, entry.proposer), proposer: entry.proposer };
      const job = await begun.bracket.next();
      if (typeof job === 'string') continue;
      this.#begun.push(begun);
      this.#next = (turn + 1) % round.length;
      return this.#ask(begun, job);
    }
    return null;
  }

  #ask({ bracket, proposer }: Begun, job: BracketJob): Proposal {
    const { candidate, fidelity } = job;
    const parent = this.#trials.get(candidate) ?? (candidate.parent && this.#scored.get(candidate.parent));
    this.#trials.set(candidate, this.#questions.next);
    this.#jobs.push({ bracket, proposer, job });
    return this.#questions.ask(candidate.architecture, { fidelity, ...(parent !== undefined && { parent }) });
  }
}
