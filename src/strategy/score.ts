/** @file What the outcome of a trial teaches a strategy. */
import type { Outcome } from './strategy.js';

/** `null` counts as the worst. */
export type Score = number | null;

/**
 * The score, the one that was predicted of a trial that was stopped (Baker et al. 2018, section 3.3), or the worst for whatever
 * ended without either; `undefined` where there is nothing to learn: the trial was lost.
 *
 * A trial that failed teaches that too (Hutter et al., SMAC, LION 2011, section 4.3): training diverged, memory or time did
 * not suffice, the network could not be built, and who learns nothing from it asks the same region again. What was
 * interrupted is asked again and is no outcome at all.
 */
export function scoreOf(outcome: Outcome): Score | undefined {
  if (outcome.state === 'lost') return undefined;
  if (outcome.state === 'pruned') return outcome.predicted ?? null;
  return outcome.state === 'completed' ? outcome.score : null;
}
