/** @file What runs the jobs of a study: one request in, points of a curve and one outcome out, on this machine or another. */
import type { Artifact } from '../evaluation/artifact.js';
import type { EvaluationResult, JobRequest } from '../evaluation/evaluation.js';
import type { Numbers, Point } from '../training/curve.js';

/** What one job may take; `null` for no limit. */
export interface TrialLimits {
  /** Wall-clock seconds, loading the data included. */
  readonly seconds: number | null;
  /** Resident memory of the job's process in bytes, Node.js itself (about 60 MB) included. */
  readonly bytes: number | null;
}

/** How a job ended. */
export type ExecutionOutcome =
  | { readonly state: 'completed'; readonly result: EvaluationResult }
  /** The evaluation threw, broke a limit, or its process crashed: `reason` says which, in words. */
  | { readonly state: 'failed'; readonly reason: string }
  /** The system killed its process, or its worker vanished: that says nothing of the candidate. */
  | { readonly state: 'lost'; readonly reason: string }
  /** The candidate breaks a limit of the search that shows only when it is measured: it was not evaluated. */
  | { readonly state: 'infeasible'; readonly reason: string; readonly costs: Numbers }
  /** The caller's signal stopped it. */
  | { readonly state: 'stopped' };

/** Who hears of a job, and what ends it. */
export interface ExecutionOptions {
  /** Hears each point of the learning curve. */
  readonly onPoint: (point: Point) => void;
  /** How far a preparation has come. */
  readonly onCheckpoint?: (artifact: Artifact) => void;
  /** Stops this job at once. */
  readonly signal: AbortSignal;
  /** In place of the executor's own limits. */
  readonly limits?: TrialLimits;
}

/** What runs jobs. */
export interface Executor {
  /**
   * Runs one job. The caller decides how many run at once. A preparation ends with the artefact `prepared` in its result.
   *
   * @throws {WorkError} where no job at all can be run, for example because processes cannot be started
   */
  run(request: JobRequest, options: ExecutionOptions): Promise<ExecutionOutcome>;
  /** Ends all that still runs and gives everything back. */
  close(): Promise<void>;
}
