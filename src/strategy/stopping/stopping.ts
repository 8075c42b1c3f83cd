/** @file What a stopping rule is: it ends trials whose learning curves promise nothing. */
import { z } from 'zod';
import type { CurvePrediction } from '../../learning-curve/prediction.js';

/** The learning curve of a trial. */
export interface LearningCurve {
  readonly trial: number;
  /** Its share of a full evaluation: curves of different fidelities have different schedules, and do not compare. */
  readonly fidelity: number;
  readonly isComplete: boolean;
  /** What the trial came to, the higher the better; `null` until it is completed. */
  readonly score: number | null;
  /** What was known of the trial before it began, by name: the costs of its candidate, and the number of its layers. */
  readonly facts: { readonly [name: string]: number };
  /** In order. */
  readonly points: readonly CurvePoint[];
}

/** A point of a learning curve. */
export interface CurvePoint {
  readonly epoch: number;
  /** What the score is made of, the higher the better. */
  readonly value: number;
  /** Everything that was measured, by the names of metrics. */
  readonly values: { readonly [metric: string]: number };
}

/** Why a trial should be stopped. */
export interface StoppingVerdict {
  /** In words. */
  readonly reason: string;
  /** The score that the trial is held to be unlikely to beat. Default: the best of the completed trials of its fidelity. */
  readonly bar?: number | undefined;
  /** The score that the trial would come to: strategies are told it. */
  readonly prediction?: CurvePrediction | undefined;
}

/** A rule that ends trials early, as it was set. */
export interface StoppingRule {
  /**
   * Asked after every point of a running trial. The same curves give the same answer: a study that is resumed asks again.
   *
   * @param all the curves so far of all trials, the running one included
   * @returns why it should be stopped, in words or with what was predicted; `null` if it should not
   */
  reasonToStop(running: LearningCurve, all: readonly LearningCurve[]): string | StoppingVerdict | null;
  /**
   * The share of the trials that are let run although they should be stopped, to know how often that would have been wrong;
   * which ones depends on the seed of the study. Default 0.
   */
  readonly letRun?: number | undefined;
}

/** The setting `letRun` of stopping rules. */
export const letRunSetting = (fallback: number) =>
  z
    .number()
    .min(0)
    .max(1)
    .default(fallback)
    .describe(
      'Share of the trials that are let run though they should be stopped, to know how often that would be wrong.',
    );

/** A rule that ends trials early: what it is called, and how it is made of its settings. */
export interface StoppingDefinition {
  readonly name: string;
  readonly title: string;
  readonly paper: string;
  readonly settings: z.ZodObject;
  /**
   * @param seed for what the rule draws
   * @throws {UsageError} where a setting is wrong
   */
  create(settings: unknown, seed: number): StoppingRule;
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
