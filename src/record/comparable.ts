/** @file Scores compare only where equally much was spent on them. */

interface WithFidelity {
  readonly state: string;
  /** The share of a full evaluation; a full one if absent. */
  readonly fidelity?: number;
}

/** The completed trials of the largest fidelity that a completed one had: full evaluations, where there are any. */
export function comparableTrials<T extends WithFidelity>(trials: readonly T[]): T[] {
  const completed = trials.filter(({ state }) => state === 'completed');
  const largest = completed.reduce((most, { fidelity = 1 }) => Math.max(most, fidelity), 0);
  return completed.filter(({ fidelity = 1 }) => fidelity === largest);
}
