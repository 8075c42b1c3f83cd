/** @file Runs a study from its first question, or from where it stopped, to the final training of its winner. */
import { messageOf } from '../error.js';
import type { Executor } from '../execution/executor.js';
import type { Json } from '../json.js';
import type { StudyConfiguration } from '../record/configuration.js';
import type { SearchEnd } from '../record/event.js';
import type { StudyNews } from '../record/progress.js';
import { countTrials, interrupted, type TrialCounts, type TrialRecord, type Trials } from '../record/trial.js';
import { winnerOf } from '../record/winner.js';
import { type Clock, monotonic, type StudyLog } from '../store/log.js';
import type { StudyStore } from '../store/store.js';
import { Ledger } from './ledger.js';
import { SearchSession } from './search-session.js';
import type { StudySetup } from './setup.js';

export interface RunOptions {
  readonly store: StudyStore;
  /** Made from the study's configuration, for example by `setupOf`. */
  readonly setup: StudySetup;
  /** Not closed here. */
  readonly executor: Executor;
  /**
   * Stops the study: running trials are ended and recorded as interrupted, and asked again, with the same number and
   * seed, when it is resumed. (A second Ctrl-C needs no help: a process may end at any instant and loses nothing.)
   */
  readonly signal?: AbortSignal;
  /** Milliseconds, for durations: only goes forward. Default: `performance.now`. */
  readonly clock?: Clock;
  readonly onNews?: (news: StudyNews) => void;
  /**
   * The last step, such as training the winner at length; recorded, so that a study that is killed during it repeats
   * only this step. It should reject soon after the signal. None if absent.
   */
  readonly finalize?: (best: TrialRecord, context: { readonly signal: AbortSignal }) => Promise<Json>;
}

export interface StudyResult {
  readonly study: string;
  /** Why the search asked no further trials; `null` where it was stopped before. */
  readonly searchEnd: SearchEnd | null;
  /** Stopped by the signal: `resumeStudy` goes on. */
  readonly interrupted: boolean;
  /** By number. */
  readonly trials: Trials;
  readonly counts: TrialCounts;
  /** `null` where no trial was completed. */
  readonly best: TrialRecord | null;
  /** What `finalize` gave, now or in an earlier session. */
  readonly final: Json | null;
  /** Over all sessions. */
  readonly wallSeconds: number;
}

/**
 * Begins a new study and runs it to its end.
 *
 * The same configuration gives the same trials with the same scores: with any number of workers where the strategy
 * does not depend on the order of the answers, else with one.
 *
 * @throws {UsageError} where the name is taken, or a proposal cannot be built for these data
 * @throws {WorkError} where the store cannot be written (what it holds is kept), no process can be started, or the final
 *   training fails
 */
export function runStudy(name: string, configuration: StudyConfiguration, options: RunOptions): Promise<StudyResult> {
  return run(() => options.store.create(name, configuration), options);
}

/**
 * Goes on with a study where it stopped, however it stopped, and ends with the same trials as if it had not. A finished
 * study is left as it is.
 *
 * @throws {UsageError} where there is no such study, or another process works on it
 * @throws {WorkError} where `runStudy` does, and where the space or the strategy has changed since
 */
export function resumeStudy(name: string, options: RunOptions): Promise<StudyResult> {
  return run(() => options.store.resume(name), options);
}

/**
 * Runs a study that was taken up, new or left, to its end, and lets go of it.
 *
 * @throws {WorkError} where `resumeStudy` does
 */
export function runLog(log: StudyLog, options: Omit<RunOptions, 'store'>): Promise<StudyResult> {
  return run(() => log, options);
}

async function run(open: () => StudyLog, options: Omit<RunOptions, 'store'>): Promise<StudyResult> {
  const {
    setup,
    executor,
    signal = new AbortController().signal,
    clock = monotonic,
    onNews: tell = () => {},
  } = options;
  // Before anything is recorded: this is where wrong settings and impossible limits show.
  const strategy = setup.createStrategy();
  const log = open();
  try {
    const ledger = new Ledger(log, clock);
    await new SearchSession(log.study.name, ledger, { setup, strategy, executor, signal, clock, tell }).run();
    if (!signal.aborted) await finish(ledger, signal, tell, options.finalize);
    log.append({ kind: 'closed', ending: signal.aborted ? 'interrupted' : 'finished' });
    return resultOf(log.study.name, ledger, signal.aborted);
  } catch (error) {
    noteFailure(log);
    throw error;
  } finally {
    log.close();
    await strategy.close?.();
  }
}

/** Trains the winner, unless that is done already. */
async function finish(
  ledger: Ledger,
  signal: AbortSignal,
  tell: (news: StudyNews) => void,
  finalize: RunOptions['finalize'],
): Promise<void> {
  const best = winnerOf(ledger.trials(), ledger.configuration);
  if (!finalize || !best || ledger.state.final !== null) return;
  const trial = best.number;
  const began = ledger.elapsedSeconds();
  const seconds = () => ledger.elapsedSeconds() - began;
  ledger.append({ kind: 'final-started', trial });
  tell({ kind: 'final-started', best });
  try {
    const result = await finalize(best, { signal });
    ledger.append({ kind: 'final-completed', trial, result, seconds: seconds() });
    tell({ kind: 'final-completed', result });
  } catch (error) {
    if (signal.aborted) return;
    ledger.append({ kind: 'final-failed', trial, reason: messageOf(error), seconds: seconds() });
    throw error;
  }
}

/** The error that ends the study is the news; where not even the ending can be written, the log just stops. */
function noteFailure(log: StudyLog): void {
  try {
    log.append({ kind: 'closed', ending: 'failed' });
  } catch {
    // The reader takes a log without an ending as a study that stopped.
  }
}

function resultOf(study: string, ledger: Ledger, stopped: boolean): StudyResult {
  const { searchEnd, final } = ledger.state;
  const trials = interrupted(ledger.trials());
  return {
    study,
    searchEnd,
    interrupted: stopped,
    trials,
    counts: countTrials(trials),
    best: winnerOf(trials, ledger.configuration),
    final,
    wallSeconds: ledger.elapsedSeconds(),
  };
}
