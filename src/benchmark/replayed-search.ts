/** @file A search whose evaluations are looked up in a table, on a simulated clock. */
import { WorkError } from '../error.js';
import type { Outcome, Proposal, Strategy } from '../strategy/strategy.js';
import type { Tabulation } from './tabulation.js';

export interface ReplayOptions {
  /** Full evaluations to spend. */
  readonly evaluations: number;
  /** Evaluations that run at a time on the simulated clock. */
  readonly workers: number;
  /** Milliseconds; default: `performance.now`. */
  readonly clock?: () => number;
}

export interface Replayed {
  /** The target of the best by signal after 1, 2, … full evaluations; `null` as long as none has succeeded. */
  readonly best: readonly (number | null)[];
  /** When each was reached: seconds of the simulated clock. */
  readonly seconds: readonly number[];
  /** Questions that were asked, and the milliseconds that the strategy took for all. */
  readonly questions: number;
  readonly milliseconds: number;
}

/** Questions outside the table for each evaluation, before the table is of no use for the space. */
const MISSES = 100;

interface Running {
  readonly trial: number;
  readonly row: number;
  /** The share of a full evaluation. */
  readonly share: number;
  readonly score: number;
  /** On the simulated clock. */
  readonly ends: number;
}

/**
 * Searches until the evaluations are spent or the space is exhausted; what was reached last then stays. Evaluations end
 * in the order of the simulated clock, and the strategy hears of each when it ends. An architecture that the table
 * lacks is told to be infeasible and costs nothing; one without a signal or a target in the table has failed.
 *
 * @throws {WorkError} where next to nothing of what is asked is in the table
 * @throws {RangeError} where the strategy waits for answers although no question is open
 */
export async function replaySearch(table: Tabulation, strategy: Strategy, options: ReplayOptions): Promise<Replayed> {
  return new ReplayedSearch(table, strategy, options).run();
}

class ReplayedSearch {
  readonly #table: Tabulation;
  readonly #strategy: Strategy;
  readonly #options: ReplayOptions;
  readonly #clock: () => number;
  /** In the order of their ends. */
  readonly #running: Running[] = [];
  readonly #best: (number | null)[] = [];
  readonly #seconds: number[] = [];
  #incumbent: Running | undefined;
  #now = 0;
  /** Full evaluations that were begun, and that have ended. */
  #begun = 0;
  #spent = 0;
  #questions = 0;
  #misses = 0;
  #milliseconds = 0;

  constructor(table: Tabulation, strategy: Strategy, options: ReplayOptions) {
    this.#table = table;
    this.#strategy = strategy;
    this.#options = options;
    this.#clock = options.clock ?? (() => performance.now());
  }

  async run(): Promise<Replayed> {
    const { evaluations, workers } = this.#options;
    let isExhausted = false;
    for (;;) {
      while (!isExhausted && this.#running.length < workers && this.#begun < evaluations - TOLERANCE) {
        const proposal = await this.#timed(() => this.#strategy.ask());
        if (proposal === 'wait') {
          if (this.#running.length > 0) break;
          throw new RangeError('the strategy waits for answers, but no trial is running');
        }
        if (proposal === 'exhausted') isExhausted = true;
        else await this.#begin(proposal);
      }
      const next = this.#running.shift();
      if (next === undefined) break;
      await this.#end(next);
    }
    this.#record(evaluations);
    return {
      best: this.#best,
      seconds: this.#seconds,
      questions: this.#questions,
      milliseconds: this.#milliseconds,
    };
  }

  async #begin({ architecture, fidelity = 1 }: Proposal): Promise<void> {
    const trial = this.#questions++;
    const row = this.#table.rowOf(architecture);
    if (row === undefined) {
      if (++this.#misses > MISSES * this.#options.evaluations) throw tooSparse(this.#table);
      await this.#tell(trial, { state: 'infeasible' });
      return;
    }
    const { share, scores } = this.#table.fidelityOf(fidelity);
    // Nothing could be reported of one without a target.
    const score = Number.isNaN(this.#table.target.values[row]) ? Number.NaN : (scores[row] ?? Number.NaN);
    const ends = this.#now + share * (this.#table.seconds?.[row] ?? 1);
    this.#begun += share;
    const later = this.#running.findIndex((other) => other.ends > ends);
    this.#running.splice(later < 0 ? this.#running.length : later, 0, { trial, row, share, score, ends });
  }

  async #end(ended: Running): Promise<void> {
    // What the evaluations before this one came to is known until its own end.
    this.#record(Math.ceil(this.#spent + ended.share - TOLERANCE) - 1);
    this.#now = ended.ends;
    this.#spent += ended.share;
    if (Number.isNaN(ended.score)) {
      await this.#tell(ended.trial, { state: 'failed' });
      return;
    }
    if (this.#incumbent === undefined || isBetter(ended, this.#incumbent)) this.#incumbent = ended;
    await this.#tell(ended.trial, { state: 'completed', score: ended.score });
  }

  /** Notes the incumbent for each number of full evaluations up to this one. */
  #record(evaluations: number): void {
    const incumbent = this.#incumbent;
    const target = incumbent === undefined ? null : (this.#table.target.values[incumbent.row] ?? null);
    while (this.#best.length < Math.min(evaluations, this.#options.evaluations)) {
      this.#best.push(target);
      this.#seconds.push(this.#now);
    }
  }

  async #tell(trial: number, outcome: Outcome): Promise<void> {
    await this.#timed(() => this.#strategy.tell(trial, outcome));
  }

  async #timed<T>(call: () => Promise<T>): Promise<T> {
    const began = this.#clock();
    const result = await call();
    this.#milliseconds += this.#clock() - began;
    return result;
  }
}

/** Shares are sums of fractions. */
const TOLERANCE = 1e-9;

/** Scores of different fidelities do not compare: the larger fidelity counts, then the score; the earlier of equals stays. */
const isBetter = (one: Running, other: Running): boolean =>
  one.share > other.share || (one.share === other.share && one.score > other.score);

const tooSparse = ({ size, space }: Tabulation): WorkError =>
  new WorkError(
    `The table holds ${size.toLocaleString('en-US')} of the ${space.decisions.size().toLocaleString('en-US')} architectures of ${space.name}, and the strategy asks nearly always for others: a table must hold a large part of the space.`,
  );
