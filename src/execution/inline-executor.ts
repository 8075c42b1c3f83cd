/** @file An executor within the calling process: for browsers, for tests, and wherever a crash may take all with it. */

import type { Engine } from '../engine/engine.js';
import { messageOf } from '../error.js';
import type { ArtifactStore } from '../evaluation/artifact.js';
import type { EvaluationDefinition, JobRequest } from '../evaluation/evaluation.js';
import type { ExecutionOptions, ExecutionOutcome, Executor } from './executor.js';
import { runJob } from './run-job.js';

export interface InlineExecutorOptions {
  /** The evaluation of a name, `evaluationNamed` say. */
  readonly evaluation: (name: string) => EvaluationDefinition;
  readonly engine: Engine;
  readonly artifacts: ArtifactStore;
}

/** Runs every job where it is called. It cannot enforce limits: what does not end by itself goes on. */
export class InlineExecutor implements Executor {
  readonly #options: InlineExecutorOptions;

  constructor(options: InlineExecutorOptions) {
    this.#options = options;
  }

  async run(request: JobRequest, { onPoint, onCheckpoint, signal }: ExecutionOptions): Promise<ExecutionOutcome> {
    const { evaluation, engine, artifacts } = this.#options;
    const job = {
      engine,
      signal,
      artifacts,
      report: (point: Parameters<typeof onPoint>[0]) => {
        if (!signal.aborted) onPoint(point);
      },
      checkpoint: (artifact: Parameters<NonNullable<typeof onCheckpoint>>[0]) => onCheckpoint?.(artifact),
    };
    try {
      const result = await runJob(evaluation(request.evaluation.name), request, job);
      return signal.aborted ? { state: 'stopped' } : { state: 'completed', result };
    } catch (error) {
      return signal.aborted ? { state: 'stopped' } : { state: 'failed', reason: messageOf(error) };
    }
  }

  async close(): Promise<void> {}
}
