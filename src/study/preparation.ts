/** @file The preparation of a study: what all trials share is made once, before the first of them. */
import { WorkError } from '../error.js';
import type { Executor } from '../execution/executor.js';
import { deriveSeed } from '../random.js';
import type { StudyNews } from '../record/progress.js';
import type { BuildTarget } from '../space/space.js';
import { workOf } from './job-work.js';
import type { Ledger } from './ledger.js';

export interface PreparationOptions {
  readonly target: BuildTarget;
  readonly executor: Executor;
  /** Stops it; it goes on from its last checkpoint when the study is resumed. */
  readonly signal: AbortSignal;
  readonly tell: (news: StudyNews) => void;
  /** Runs what writes, where nobody would catch an error. */
  readonly guarded: (write: () => void) => void;
}

/**
 * Makes what all trials share, unless an earlier session has; it goes on from that one's last checkpoint.
 *
 * @throws {WorkError} where it fails, with the reason
 */
export async function prepareStudy(ledger: Ledger, options: PreparationOptions): Promise<void> {
  const { target, executor, signal, tell, guarded } = options;
  const { artifact = null, checkpoint = null } = ledger.state.preparation ?? {};
  if (artifact !== null || signal.aborted) return;
  ledger.append({ kind: 'preparation-started' });
  tell({ kind: 'preparation-started', progress: ledger.progress() });
  const began = ledger.elapsedSeconds();
  const note = (write: () => void) => {
    if (!signal.aborted) guarded(write);
  };
  const { space, seed, limits } = ledger.configuration;
  const work = workOf(ledger.configuration);
  const outcome = await executor.run(
    {
      task: 'prepare',
      ...work,
      space,
      target,
      seed: deriveSeed(seed, 'preparation'),
      ...(checkpoint !== null && { checkpoint }),
    },
    {
      signal,
      // The limit in time is one of trials.
      limits: { ...limits, seconds: null },
      onPoint: (point) =>
        note(() => {
          ledger.append({ kind: 'preparation-point', point });
          tell({ kind: 'preparation-point', point });
        }),
      onCheckpoint: (made) => note(() => ledger.append({ kind: 'preparation-checkpoint', artifact: made })),
    },
  );
  if (signal.aborted) return;
  const seconds = ledger.elapsedSeconds() - began;
  const prepared = outcome.state === 'completed' ? outcome.result.artifacts?.prepared : undefined;
  if (prepared !== undefined) {
    ledger.append({ kind: 'prepared', artifact: prepared, seconds });
    return;
  }
  const reason = 'reason' in outcome ? outcome.reason : 'it made nothing';
  ledger.append({ kind: 'preparation-failed', reason, seconds });
  throw new WorkError(`The evaluation ${work.evaluation.name} could not be prepared: ${reason}.`);
}
