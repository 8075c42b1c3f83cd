/** @file Which artefacts of a study are kept: what it may still ask for, and the best of what it found. */
import type { Artifact } from '../evaluation/artifact.js';
import { comparableTrials } from './comparable.js';
import type { StudyConfiguration } from './configuration.js';
import type { StudyState } from './summary.js';
import { isOver } from './trial.js';
import { winnerOf } from './winner.js';

/** So many of the best trials keep theirs when the search has ended. */
export const KEPT_BEST = 5;

/**
 * The digests of the artefacts that are kept. While the search may ask further trials, or has interrupted ones, those of all
 * trials: any may be gone on from or inherited. Afterwards those of the winner and of the best trials by score. What the
 * trials share, and the last checkpoint of it, always: it takes longest to make.
 */
export function keptArtifacts(
  { trials, searchEnd, preparation }: Pick<StudyState, 'trials' | 'searchEnd' | 'preparation'>,
  configuration: StudyConfiguration,
): Set<string> {
  const goesOn = searchEnd === null || !trials.every(isOver);
  const winner = winnerOf(trials, configuration);
  const best = comparableTrials(trials)
    .sort((one, other) => (other.score ?? Number.NaN) - (one.score ?? Number.NaN))
    .slice(0, KEPT_BEST);
  const owners = goesOn ? trials : [...best, ...(winner === null ? [] : [winner])];
  const shared: readonly (Artifact | null | undefined)[] = [preparation?.artifact, preparation?.checkpoint];
  const kept = [...owners.flatMap(({ artifacts }) => Object.values(artifacts)), ...shared];
  return new Set(kept.flatMap((artifact) => artifact?.digest ?? []));
}
