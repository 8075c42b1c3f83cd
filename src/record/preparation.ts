/** @file How far the preparation of a study is: what its trials share, such as a supernet. */
import type { Artifact } from '../evaluation/artifact.js';
import type { Point } from '../training/curve.js';
import type { StudyEvent } from './event.js';

/** How the preparation of a study stands, as its events tell. */
export interface PreparationRecord {
  readonly state: 'running' | 'completed' | 'failed';
  readonly curve: readonly Point[];
  /** From which an interrupted one goes on. */
  readonly checkpoint: Artifact | null;
  /** What it made. */
  readonly artifact: Artifact | null;
  readonly seconds: number | null;
  /** Why it failed. */
  readonly reason: string | null;
}

const begun: PreparationRecord = {
  state: 'running',
  curve: [],
  checkpoint: null,
  artifact: null,
  seconds: null,
  reason: null,
};

/** The preparation after one more event of its study; `null` where there is none. */
export function preparationAfter(before: PreparationRecord | null, event: StudyEvent): PreparationRecord | null {
  const { checkpoint } = before ?? begun;
  switch (event.kind) {
    case 'preparation-started': {
      // What a preparation goes on from stands before its checkpoint on the curve, and stays.
      const curve = checkpoint === null ? [] : (before?.curve ?? []);
      return { ...begun, curve, checkpoint };
    }
    case 'preparation-point': {
      // A preparation that goes on may repeat the points after its checkpoint.
      const earlier = (before?.curve ?? []).filter(({ epoch }) => epoch < event.point.epoch);
      return { ...begun, ...before, curve: [...earlier, event.point] };
    }
    case 'preparation-checkpoint':
      return { ...begun, ...before, checkpoint: event.artifact };
    case 'prepared':
      return { ...begun, ...before, state: 'completed', artifact: event.artifact, seconds: event.seconds };
    case 'preparation-failed':
      return { ...begun, ...before, state: 'failed', reason: event.reason, seconds: event.seconds };
    default:
      return before;
  }
}
