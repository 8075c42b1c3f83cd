/** @file What a stopping rule is: it ends trials whose learning curves promise nothing. */
import type { z } from 'zod';

/** The learning curve of a trial. */
export interface LearningCurve {
  readonly trial: number;
  /** Its share of a full evaluation: curves of different fidelities have different schedules, and do not compare. */
  readonly fidelity: number;
  readonly isComplete: boolean;
  /** In order; higher values are better. */
  readonly points: readonly { readonly epoch: number; readonly value: number }[];
}

/** A rule that ends trials early, as it was set. */
export interface StoppingRule {
  /**
   * Asked after every point of a running trial.
   *
   * @param all the curves so far of all trials, the running one included
   * @returns why it should be stopped, in words; `null` if it should not
   */
  reasonToStop(running: LearningCurve, all: readonly LearningCurve[]): string | null;
}

/** A rule that ends trials early: what it is called, and how it is made of its settings. */
export interface StoppingDefinition {
  readonly name: string;
  readonly title: string;
  readonly paper: string;
  readonly settings: z.ZodObject;
  /** @throws {UsageError} where a setting is wrong */
  create(settings: unknown): StoppingRule;
}

/** The curves that the one of a running trial is compared with. */
export const rivalsOf = ({ trial, fidelity }: LearningCurve, all: readonly LearningCurve[]): LearningCurve[] =>
  all.filter((other) => other.trial !== trial && other.fidelity === fidelity);

/**
 * The value below which a share of the values lies, interpolated linearly between them.
 *
 * @param values at least one
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [low = Number.NaN, high = low] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (place - Math.floor(place)) * (high - low);
}
