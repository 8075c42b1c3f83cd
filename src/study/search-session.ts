/** @file The search itself: questions from the strategy become trials, some at a time, and their outcomes its answers. */
import { messageOf, UsageError } from '../error.js';
import type { CurvePoint, EvaluationRequest } from '../evaluation/evaluation.js';
import type { ExecutionOutcome, Executor } from '../execution/executor.js';
import type { NetworkJson } from '../nn/network-json.js';
import { deriveSeed } from '../random.js';
import { type CandidateCost, knownCosts, type SearchEnd } from '../record/event.js';
import type { StudyNews } from '../record/progress.js';
import type { Clock } from '../store/log.js';
import type { Strategy } from '../strategy/strategy.js';
import type { Ledger } from './ledger.js';
import type { Candidate, StudyParts } from './parts.js';
import { type Question, replay } from './replay.js';

export interface SearchOptions {
  readonly parts: StudyParts;
  /** Fresh. */
  readonly strategy: Strategy;
  readonly executor: Executor;
  /** Stops the running trials; the study can be resumed. */
  readonly signal: AbortSignal;
  /** Only goes forward. */
  readonly clock: Clock;
  readonly tell: (news: StudyNews) => void;
}

interface Prepared {
  readonly question: Question;
  readonly candidate: Candidate | { readonly failure: string; readonly cost: CandidateCost };
}

interface Answer {
  readonly trial: number;
  readonly outcome: ExecutionOutcome | { readonly state: 'pruned'; readonly reason: string };
  readonly seconds: number;
}

/**
 * One session of a search. All calls of the strategy and all outcomes pass through one loop and are written down in the
 * order in which they happen there: the log replayed gives the strategy the same history.
 */
export class Search {
  readonly #study: string;
  readonly #ledger: Ledger;
  readonly #options: SearchOptions;
  readonly #stop = new AbortController();
  readonly #running = new Map<number, Promise<Answer>>();
  /** Asked in an earlier session, and still without an outcome. */
  #unanswered: Question[] = [];
  #asked = 0;
  #hasEnded: boolean;

  constructor(study: string, ledger: Ledger, options: SearchOptions) {
    this.#study = study;
    this.#ledger = ledger;
    this.#options = options;
    this.#hasEnded = ledger.state.searchEnd !== null;
  }

  /**
   * Runs until the trials, the time budget or the space are used up, or the signal comes.
   *
   * @throws WorkError if the study cannot be replayed, the store cannot be written, or no trial can be run at all
   */
  async run(): Promise<void> {
    const { signal, tell } = this.#options;
    const stop = () => this.#stop.abort();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      const { asked, unanswered } = await replay(
        this.#study,
        this.#ledger.past,
        this.#options.strategy,
        (question) => this.#prepare(question).cost,
      );
      this.#asked = asked;
      this.#unanswered = unanswered;
      tell({ kind: 'opened', progress: this.#ledger.progress() });
      await this.#loop();
    } finally {
      signal.removeEventListener('abort', stop);
      this.#stop.abort();
      await Promise.allSettled(this.#running.values());
    }
  }

  async #loop(): Promise<void> {
    for (;;) {
      while (this.#running.size < this.#ledger.configuration.workers && !this.#stop.signal.aborted) {
        const next = await this.#next();
        if (!next) break;
        await this.#launch(next);
      }
      if (this.#running.size === 0) break;
      await this.#settle(await Promise.race(this.#running.values()));
    }
    // What stopped the search from inside, such as a full disk while a point was written.
    if (this.#stop.signal.reason instanceof SearchFailure) throw this.#stop.signal.reason.cause;
  }

  /** What to run next: first what an earlier session left, then new questions; `undefined` where there is nothing now. */
  async #next(): Promise<Prepared | undefined> {
    const left = this.#unanswered.shift();
    return left ? { question: left, candidate: this.#prepare(left) } : this.#ask();
  }

  /** The next question, written down; `undefined` where the search is at its end, or waits for what is running. */
  async #ask(): Promise<Prepared | undefined> {
    const { trials, budgetSeconds, seed } = this.#ledger.configuration;
    if (this.#hasEnded) return undefined;
    if (trials !== null && this.#asked >= trials) return this.#end('trials');
    if (budgetSeconds !== null && this.#ledger.elapsedSeconds() >= budgetSeconds) return this.#end('budget');
    const proposal = await this.#options.strategy.ask();
    if (proposal === 'exhausted') return this.#end('exhausted');
    if (proposal === 'wait') {
      if (this.#running.size > 0) return undefined;
      throw new RangeError('the strategy waits for answers, but no trial is running');
    }
    const trial = this.#asked++;
    const question = { trial, seed: deriveSeed(seed, 'trial', trial), ...proposal };
    const candidate = this.#prepare(question);
    this.#ledger.append({ kind: 'asked', ...question, cost: candidate.cost });
    return { question, candidate };
  }

  #end(because: SearchEnd): undefined {
    this.#hasEnded = true;
    this.#ledger.append({ kind: 'search-ended', because });
    this.#options.tell({ kind: 'search-ended', because, progress: this.#ledger.progress() });
  }

  /** Begins a trial; one without a network gets its outcome at once. */
  async #launch({ question, candidate }: Prepared): Promise<void> {
    const { trial } = question;
    if ('failure' in candidate) {
      this.#ledger.append({ kind: 'failed', trial, reason: candidate.failure, seconds: 0 });
      await this.#options.strategy.tell(trial, { state: 'failed' });
      this.#announce(trial);
    } else {
      this.#ledger.append({ kind: 'started', trial });
      this.#options.tell({ kind: 'started', trial: this.#ledger.trial(trial), progress: this.#ledger.progress() });
      const answer = this.#evaluate(question, candidate.network);
      // An error is raised where the answer is awaited, which may be after a long question to the strategy.
      answer.catch(() => {});
      this.#running.set(trial, answer);
    }
  }

  #prepare({ architecture }: Question): Prepared['candidate'] {
    try {
      return this.#options.parts.prepare(architecture);
    } catch (error) {
      // Wrong usage is wrong for every candidate; anything else concerns this one.
      if (error instanceof UsageError) throw error;
      return { failure: `its network cannot be built: ${messageOf(error)}`, cost: {} };
    }
  }

  async #evaluate({ trial, seed, budget = 1 }: Question, network: NetworkJson): Promise<Answer> {
    const { evaluation, data, threads } = this.#ledger.configuration;
    const { clock, executor } = this.#options;
    const request: EvaluationRequest = {
      evaluation: evaluation.module ?? evaluation.name,
      settings: evaluation.settings,
      network,
      data: { reference: data.reference, seed: data.seed },
      seed,
      budget,
      threads,
      weightsFile: null,
    };
    const began = clock();
    // Stops this trial alone, with the reason in words.
    const prune = new AbortController();
    const onPoint = (point: CurvePoint) => this.#notePoint(trial, point, prune);
    const signal = AbortSignal.any([this.#stop.signal, prune.signal]);
    const ended = await executor.run(request, { onPoint, signal });
    const isPruned = ended.state === 'stopped' && prune.signal.aborted && !this.#stop.signal.aborted;
    const outcome = isPruned ? ({ state: 'pruned', reason: String(prune.signal.reason) } as const) : ended;
    return { trial, outcome, seconds: (clock() - began) / 1000 };
  }

  /** Called from the executor, where nobody would catch an error: it stops the search instead. */
  #notePoint(trial: number, point: CurvePoint, prune: AbortController): void {
    if (this.#stop.signal.aborted || prune.signal.aborted) return;
    try {
      this.#ledger.append({ kind: 'point', trial, point });
      this.#options.tell({ kind: 'point', trial, point });
      const reason = this.#options.parts.stopping?.reasonToStop(this.#ledger.curve(trial), this.#ledger.curves());
      if (reason) prune.abort(reason);
    } catch (error) {
      this.#stop.abort(new SearchFailure(error));
    }
  }

  async #settle({ trial, outcome, seconds }: Answer): Promise<void> {
    this.#running.delete(trial);
    if (outcome.state === 'completed') {
      const { score, metrics, epochs } = outcome.result;
      this.#ledger.append({ kind: 'completed', trial, score, metrics: { ...metrics }, epochs, seconds });
      const costs = knownCosts(this.#ledger.trial(trial).cost);
      await this.#options.strategy.tell(trial, { state: 'completed', score, costs });
    } else if (outcome.state === 'failed' || outcome.state === 'pruned') {
      this.#ledger.append({ kind: outcome.state, trial, reason: outcome.reason, seconds });
      await this.#options.strategy.tell(trial, { state: outcome.state });
    } else if (outcome.state === 'infeasible') {
      this.#ledger.append({ kind: 'infeasible', trial, reason: outcome.reason });
      await this.#options.strategy.tell(trial, { state: 'infeasible' });
    } else if (!(this.#stop.signal.reason instanceof SearchFailure)) {
      this.#ledger.append({ kind: 'interrupted', trial });
    }
    this.#announce(trial);
  }

  #announce(trial: number): void {
    this.#options.tell({ kind: 'finished', trial: this.#ledger.trial(trial), progress: this.#ledger.progress() });
  }
}

/** Marks an abort that came from inside, with its cause. */
class SearchFailure {
  constructor(readonly cause: unknown) {}
}
