/** @file What runs trials: one request in, learning-curve points and one outcome out, on this machine or another. */
import type { CurvePoint, EvaluationRequest, EvaluationResult } from '../evaluation/evaluation.js';

/** What one trial may take; `null` for no limit. */
export interface TrialLimits {
  /** Wall-clock seconds, loading the data included. */
  readonly seconds: number | null;
  /** Resident memory of the trial's process in bytes, Node.js itself (about 60 MB) included. */
  readonly bytes: number | null;
}

export type ExecutionOutcome =
  | { readonly state: 'completed'; readonly result: EvaluationResult }
  /** The evaluation threw, broke a limit, or its process died: `reason` says which, in words. */
  | { readonly state: 'failed'; readonly reason: string }
  /** The candidate breaks a limit of the search that shows only when it is measured: it was not evaluated. */
  | { readonly state: 'infeasible'; readonly reason: string }
  /** The caller's signal stopped it. */
  | { readonly state: 'stopped' };

export interface ExecutionOptions {
  readonly onPoint: (point: CurvePoint) => void;
  /** Stops this trial at once. */
  readonly signal: AbortSignal;
  /** In place of the executor's own limits. */
  readonly limits?: TrialLimits;
}

export interface Executor {
  /**
   * Runs one evaluation. The caller decides how many run at once.
   *
   * @throws WorkError if no trial at all can be run, for example because processes cannot be started
   */
  run(request: EvaluationRequest, options: ExecutionOptions): Promise<ExecutionOutcome>;
  /** Ends all that still runs and gives everything back. */
  close(): Promise<void>;
}
