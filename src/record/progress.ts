/** @file How far a search is, what it found, and when it will be done. */

import type { Json } from '../json.js';
import type { Point } from '../training/curve.js';
import type { StudyConfiguration } from './configuration.js';
import type { SearchEnd } from './event.js';
import { countTrials, isOver, type TrialCounts, type TrialRecord } from './trial.js';
import { winnerOf } from './winner.js';

/** How far a study is. */
export interface StudyProgress {
  readonly trials: TrialCounts;
  /** Trials with an outcome. */
  readonly finished: number;
  /** Trials that the search will run; `null` where time or the space ends it. */
  readonly total: number | null;
  readonly best: TrialRecord | null;
  /** Seconds of searching so far, over all sessions. */
  readonly elapsedSeconds: number;
  /** An estimate from the trials so far, at most what is left of the time budget; `null` where nothing is known yet. */
  readonly remainingSeconds: number | null;
}

/** What a running study tells its audience. */
export type StudyNews =
  | { readonly kind: 'opened'; readonly progress: StudyProgress }
  | { readonly kind: 'started'; readonly trial: TrialRecord; readonly progress: StudyProgress }
  | { readonly kind: 'point'; readonly trial: number; readonly point: Point }
  /** The trial has an outcome, or was interrupted. */
  | { readonly kind: 'finished'; readonly trial: TrialRecord; readonly progress: StudyProgress }
  | { readonly kind: 'preparation-started'; readonly progress: StudyProgress }
  | { readonly kind: 'preparation-point'; readonly point: Point }
  | { readonly kind: 'search-ended'; readonly because: SearchEnd; readonly progress: StudyProgress }
  | { readonly kind: 'final-started'; readonly best: TrialRecord }
  | { readonly kind: 'final-completed'; readonly result: Json };

/** Sums up the trials of a search that has worked for `elapsedSeconds`. */
export function progressOf(
  configuration: StudyConfiguration,
  trials: readonly TrialRecord[],
  elapsedSeconds: number,
): StudyProgress {
  const { trials: total, budgetSeconds, workers } = configuration;
  const over = trials.filter(isOver);
  const timed = over.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  const estimates: number[] = [];
  if (total !== null && timed.length > 0) {
    const mean = timed.reduce((sum, seconds) => sum + seconds, 0) / timed.length;
    estimates.push((mean * (total - over.length)) / workers);
  }
  if (budgetSeconds !== null) estimates.push(Math.max(0, budgetSeconds - elapsedSeconds));
  return {
    trials: countTrials(trials),
    finished: over.length,
    total,
    best: winnerOf(trials, configuration),
    elapsedSeconds,
    remainingSeconds: estimates.length === 0 ? null : Math.min(...estimates),
  };
}
