/** @file What an evaluation strategy is: JSON in, a stream of learning-curve points and a score out. */
import type { z } from 'zod';
import type { Dataset } from '../data/dataset.js';
import type { Engine } from '../engine/engine.js';
import type { Json } from '../json.js';
import type { NetworkJson } from '../nn/network.js';
import type { BuildTarget } from '../space/space.js';

/** Which images to use, as a child process can load them again. */
export interface DataReference {
  /** A built-in name or a path. */
  readonly reference: string;
  /** Fixes the split where the source has none. */
  readonly seed: number;
}

/** Everything that an evaluation depends on. Equal requests give equal results, bit for bit, on one machine. */
export interface EvaluationRequest {
  /** Its name, or the path of the module of the user's own that exports it. */
  readonly evaluation: string;
  readonly settings: Json;
  readonly network: NetworkJson;
  readonly data: DataReference;
  readonly seed: number;
  /** The share of a full evaluation to spend, in (0, 1]; a full one if absent. */
  readonly budget?: number;
  /** Of the engine. */
  readonly threads: number;
  /** Where the best weights are written; `null` keeps none. */
  readonly weightsFile: string | null;
}

/** One point of a learning curve, measured at the end of an epoch, or of training. */
export interface CurvePoint {
  /** From 1; a fraction where training ended within an epoch. */
  readonly epoch: number;
  /** Training images seen so far, repeats included. */
  readonly images: number;
  readonly learningRate: number;
  /** Mean over the epoch, on augmented images. */
  readonly trainLoss: number;
  readonly validLoss: number;
  /** Fraction in [0, 1] of the validation split. */
  readonly validAccuracy: number;
  /** Wall-clock seconds since the evaluation began. */
  readonly seconds: number;
}

export interface EvaluationResult {
  /** Higher is better. */
  readonly score: number;
  readonly metrics: { readonly [name: string]: number };
  readonly epochs: number;
}

export interface EvaluationContext {
  readonly engine: Engine;
  report(point: CurvePoint): void;
  readonly signal: AbortSignal;
}

export interface EvaluationDefinition {
  readonly name: string;
  readonly title: string;
  readonly paper: string;
  /** Settings with their defaults; unknown keys are errors. */
  readonly settings: z.ZodObject;
  /** What networks are built for, where settings such as a lower resolution change it; the target itself by default. */
  target?(settings: Json, target: BuildTarget): BuildTarget;
  /**
   * Whether the settings fit the data, before anything is evaluated.
   *
   * @throws UsageError that says what does not fit
   */
  check?(settings: Json, dataset: Dataset): void;
  /**
   * Whether it can spend this share of a full evaluation, in (0, 1), and no more. Without it an evaluation is always a full
   * one: no strategy of budgets can use it.
   *
   * @throws UsageError that says what is too little, and what to do
   */
  checkBudget?(settings: Json, dataset: Dataset, budget: number): void;
  /** Throws `WorkError` with the reason where training diverges. */
  evaluate(request: EvaluationRequest, context: EvaluationContext): Promise<EvaluationResult>;
}
