/** @file One session of a search: questions from the strategy become trials, some at a time, and their outcomes its answers. */
import { messageOf, UsageError } from '../error.js';
import type { EvaluationRequest } from '../evaluation/evaluation.js';
import { scoreIn } from '../evaluation/metric.js';
import type { ExecutionOutcome, Executor } from '../execution/executor.js';
import { canonicalJson } from '../json.js';
import type { NetworkJson } from '../nn/network-json.js';
import { deriveSeed, Random } from '../random.js';
import { measureOf } from '../record/configuration.js';
import { type CandidateCost, knownCosts, type SearchEnd, type StoppingJudgement } from '../record/event.js';
import type { StudyNews } from '../record/progress.js';
import type { TrialRecord } from '../record/trial.js';
import { UnbuildableArchitecture } from '../space/space.js';
import type { Clock } from '../store/log.js';
import type { Outcome, Strategy } from '../strategy/strategy.js';
import type { Point } from '../training/curve.js';
import { workOf } from './job-work.js';
import type { Ledger } from './ledger.js';
import { prepareStudy } from './preparation.js';
import { prunedOutcome, type Question, replay } from './replay.js';
import type { Candidate, StudySetup } from './setup.js';

/** A trial whose process was killed is asked again so often: more would be no accident. */
const MOST_LOSSES = 3;

export interface SessionOptions {
  readonly setup: StudySetup;
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
  readonly question: Question;
  readonly outcome: ExecutionOutcome | ({ readonly state: 'pruned' } & StopOrder);
  readonly seconds: number;
}

/** Why a trial is stopped by its curve. */
interface StopOrder {
  readonly reason: string;
  readonly judgement: StoppingJudgement;
}

/**
 * All calls of the strategy and all outcomes pass through one loop and are written down in the order in which they happen
 * there: the log replayed gives the strategy the same history.
 */
export class SearchSession {
  readonly #study: string;
  readonly #ledger: Ledger;
  readonly #options: SessionOptions;
  readonly #stop = new AbortController();
  readonly #running = new Map<number, Promise<Answer>>();
  /** Asked before, and still without an outcome: in an earlier session, or lost. */
  #unanswered: Question[] = [];
  #asked = 0;
  #hasEnded: boolean;

  constructor(study: string, ledger: Ledger, options: SessionOptions) {
    this.#study = study;
    this.#ledger = ledger;
    this.#options = options;
    this.#hasEnded = ledger.state.searchEnd !== null;
  }

  /**
   * Runs until the trials, the time budget or the space are used up, or the signal comes.
   *
   * @throws {WorkError} where the study cannot be replayed, the store cannot be written, the preparation fails, or no
   *   trial can be run at all
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
        (trial) => this.#curveOf(trial),
      );
      this.#asked = asked;
      this.#unanswered = unanswered;
      tell({ kind: 'opened', progress: this.#ledger.progress() });
      if (this.#options.setup.isPrepared && !this.#hasEnded) {
        const { executor, setup } = this.#options;
        const guarded = (write: () => void) => this.#guarded(write);
        const options = { target: setup.target, executor, signal: this.#stop.signal, tell, guarded };
        await prepareStudy(this.#ledger, options);
      }
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

  /** What to run next: first what was asked before, then new questions; `undefined` where there is nothing now. */
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
    const earlier = this.#earlier(proposal);
    // What goes on must draw as it began.
    const question = { trial, seed: earlier?.seed ?? deriveSeed(seed, 'trial', trial), ...proposal };
    const candidate = this.#prepare(question);
    const layers = 'layers' in candidate ? { layers: candidate.layers } : {};
    this.#ledger.append({ kind: 'asked', ...question, cost: candidate.cost, ...layers });
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

  #prepare({ architecture, fidelity = 1 }: Question): Prepared['candidate'] {
    try {
      return this.#options.setup.candidateOf(architecture, fidelity);
    } catch (error) {
      // Wrong usage is wrong for every candidate; anything else concerns this one.
      if (error instanceof UsageError && !(error instanceof UnbuildableArchitecture)) throw error;
      return { failure: messageOf(error), cost: {} };
    }
  }

  async #evaluate(question: Question, network: NetworkJson): Promise<Answer> {
    const { executor } = this.#options;
    const { trial, architecture, seed, fidelity = 1 } = question;
    const request: EvaluationRequest = {
      task: 'evaluate',
      ...workOf(this.#ledger.configuration),
      candidate: { space: this.#ledger.configuration.space, architecture, network },
      seed,
      fidelity,
      inputs: this.#inputs(question),
      // Only less than a full evaluation is ever gone on from, but a full one may be inherited.
      keep: fidelity < 1 || this.#options.setup.inherits,
    };
    const seconds = this.#stopwatch();
    // Stops this trial alone.
    const prune = new AbortController();
    const orders: StopOrder[] = [];
    const onPoint = (point: Point) => {
      if (this.#stop.signal.aborted || prune.signal.aborted) return;
      const order = this.#notePoint(trial, point);
      if (order === undefined) return;
      orders.push(order);
      prune.abort(order.reason);
    };
    const signal = AbortSignal.any([this.#stop.signal, prune.signal]);
    const ended = await executor.run(request, { onPoint, signal });
    const [order] = orders;
    const isPruned = ended.state === 'stopped' && order !== undefined && !this.#stop.signal.aborted;
    const outcome = isPruned ? ({ state: 'pruned', ...order } as const) : ended;
    return { question, outcome, seconds: seconds() };
  }

  /** What other work of the study has made for this question. */
  #inputs(question: Question): EvaluationRequest['inputs'] {
    const prepared = this.#ledger.state.preparation?.artifact ?? null;
    const { parent } = question;
    const made = parent === undefined ? {} : this.#ledger.trial(parent).artifacts;
    const earlier = this.#earlier(question);
    return {
      ...(prepared !== null && { prepared }),
      ...(Object.keys(made).length > 0 && (earlier ? { earlier: made, spent: earlier.fidelity } : { parent: made })),
    };
  }

  /** The trial whose training a question goes on with: its parent, where that has the same architecture. */
  #earlier({ architecture, parent }: Pick<Question, 'architecture' | 'parent'>): TrialRecord | undefined {
    const from = parent === undefined ? undefined : this.#ledger.trial(parent);
    const isSame = from !== undefined && canonicalJson(from.architecture) === canonicalJson(architecture);
    return isSame ? from : undefined;
  }

  /**
   * Writes a point down, and says whether the trial is to be stopped. Called from the executor, where nobody would catch an
   * error: it stops the search instead.
   */
  #notePoint(trial: number, point: Point): StopOrder | undefined {
    let order: StopOrder | undefined;
    this.#guarded(() => {
      this.#ledger.append({ kind: 'point', trial, point });
      this.#options.tell({ kind: 'point', trial, point });
      const verdict = this.#judge(trial, point);
      if (verdict === undefined) return;
      if (this.#isLetRun(trial)) this.#ledger.append({ kind: 'let-run', trial, ...verdict });
      else order = verdict;
    });
    return order;
  }

  /** What the stopping rule holds of a trial, if it is to be stopped. */
  #judge(trial: number, { epoch }: Point): StopOrder | undefined {
    const { stopping } = this.#options.setup;
    const { judgement, fidelity } = this.#ledger.trial(trial);
    // Whoever is let run was judged before.
    if (stopping === undefined || judgement !== null) return undefined;
    const verdict = stopping.reasonToStop(this.#ledger.curve(trial), this.#ledger.curves());
    if (verdict === null) return undefined;
    const {
      reason,
      prediction,
      bar = bestScore(this.#ledger.trials(), fidelity),
    } = typeof verdict === 'string' ? { reason: verdict } : verdict;
    return {
      reason,
      judgement: { epoch, ...(bar !== undefined && { bar }), ...(prediction && { prediction: { ...prediction } }) },
    };
  }

  /** Depends on the seed and the trial alone, so that a study that goes on lets the same trials run. */
  #isLetRun(trial: number): boolean {
    const { letRun = 0 } = this.#options.setup.stopping ?? {};
    return new Random(deriveSeed(this.#ledger.configuration.seed, 'let-run', trial)).uniform() < letRun;
  }

  #guarded(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#stop.abort(new SearchFailure(error));
    }
  }

  async #settle({ question, outcome, seconds }: Answer): Promise<void> {
    const { trial } = question;
    const { strategy } = this.#options;
    this.#running.delete(trial);
    switch (outcome.state) {
      case 'completed':
        await this.#complete(trial, outcome.result, seconds);
        break;
      case 'failed':
        this.#ledger.append({ kind: 'failed', trial, reason: outcome.reason, seconds });
        await strategy.tell(trial, { state: 'failed' });
        break;
      case 'pruned': {
        const { reason, judgement } = outcome;
        this.#ledger.append({ kind: 'pruned', trial, reason, seconds, judgement });
        await strategy.tell(trial, prunedOutcome(judgement, this.#ledger.trial(trial).cost));
        break;
      }
      case 'infeasible':
        this.#ledger.append({ kind: 'infeasible', trial, reason: outcome.reason, costs: { ...outcome.costs } });
        await strategy.tell(trial, { state: 'infeasible' });
        break;
      case 'lost': {
        const again = this.#ledger.trial(trial).losses + 1 < MOST_LOSSES;
        this.#ledger.append({ kind: 'lost', trial, reason: outcome.reason, seconds, again });
        if (again) this.#unanswered.push(question);
        else await strategy.tell(trial, { state: 'lost' });
        break;
      }
      case 'stopped':
        if (this.#stop.signal.reason instanceof SearchFailure) break;
        this.#ledger.append({ kind: 'interrupted', trial });
    }
    this.#announce(trial);
  }

  async #complete(
    trial: number,
    { metrics, costs, artifacts }: (ExecutionOutcome & { state: 'completed' })['result'],
    seconds: number,
  ): Promise<void> {
    const score = scoreIn(metrics, measureOf(this.#ledger.configuration));
    if (!Number.isFinite(score)) {
      this.#ledger.append({ kind: 'failed', trial, reason: 'its score is not a finite number', seconds });
      await this.#options.strategy.tell(trial, { state: 'failed' });
      return;
    }
    this.#ledger.append({
      kind: 'completed',
      trial,
      score,
      metrics: { ...metrics },
      seconds,
      ...(costs && { costs: { ...costs } }),
      ...(artifacts && { artifacts: { ...artifacts } }),
    });
    await this.#options.strategy.tell(trial, {
      state: 'completed',
      score,
      costs: knownCosts(this.#ledger.trial(trial).cost),
      ...this.#curveOf(trial),
    });
  }

  /** The scores along its curve, where it has one. */
  #curveOf(trial: number): Pick<Outcome & { state: 'completed' }, 'curve'> {
    const { points } = this.#ledger.curve(trial);
    return points.length > 0 ? { curve: points.map(({ value }) => value) } : {};
  }

  #announce(trial: number): void {
    this.#options.tell({ kind: 'finished', trial: this.#ledger.trial(trial), progress: this.#ledger.progress() });
  }

  /** Seconds from now. */
  #stopwatch(): () => number {
    const { clock } = this.#options;
    const began = clock();
    return () => (clock() - began) / 1000;
  }
}

/** Marks an abort that came from inside, with its cause. */
class SearchFailure {
  constructor(readonly cause: unknown) {}
}

/** The best score of the completed trials of a fidelity; `undefined` where there is none. */
function bestScore(trials: readonly TrialRecord[], fidelity: number): number | undefined {
  const scores = trials
    .filter((trial) => trial.fidelity === fidelity)
    .flatMap(({ score }) => (score === null ? [] : [score]));
  return scores.length === 0 ? undefined : Math.max(...scores);
}
