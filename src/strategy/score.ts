/** @file What the outcome of a trial teaches a strategy. */
import type { Outcome } from './strategy.js';

/** `null` counts as the worst. */
export type Score = number | null;

/**
 * The score, or the worst for whatever ended without one. A trial that failed teaches that too (Hutter et al., SMAC, LION
 * 2011, section 4.3): training diverged, memory or time did not suffice, the network could not be built, and who learns
 * nothing from it asks the same region again. A crash by chance is one noisy observation among many; what was
 * interrupted is asked again and is no outcome at all.
 */
export const scoreOf = (outcome: Outcome): Score => (outcome.state === 'completed' ? outcome.score : null);
