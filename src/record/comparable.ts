/** @file Scores compare only where equally much was spent on them. */

interface Budgeted {
  readonly state: string;
  /** The share of a full evaluation; a full one if absent. */
  readonly budget?: number;
}

/** The completed trials of the largest budget that a completed one had: full evaluations, where there are any. */
export function comparableTrials<T extends Budgeted>(trials: readonly T[]): T[] {
  const completed = trials.filter(({ state }) => state === 'completed');
  const largest = completed.reduce((most, { budget = 1 }) => Math.max(most, budget), 0);
  return completed.filter(({ budget = 1 }) => budget === largest);
}
