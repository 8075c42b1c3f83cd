import { describe, expect, it } from 'vitest';
import type { StudyConfiguration } from './configuration.js';
import type { Happening } from './event.js';
import { KEPT_BEST, keptArtifacts } from './kept-artifacts.js';
import { advance, emptyStudy } from './summary.js';

const configuration: StudyConfiguration = {
  space: { name: 'mobile', settings: {} },
  strategy: { name: 'random', settings: {} },
  evaluation: { name: 'train', settings: {} },
  data: { reference: 'digits', seed: 0 },
  constraints: {},
  seed: 0,
  trials: null,
  budgetSeconds: null,
  workers: 1,
  threads: 1,
  limits: { seconds: null, bytes: null },
  final: null,
};

const digest = (number: number) => number.toString(16).padStart(64, '0');

/** Trials with scores from 0 up; each left an artefact of its number. */
const completed = (count: number, fidelity = 1, first = 0): Happening[] =>
  Array.from({ length: count }, (_, index) => first + index).flatMap((trial) => [
    { kind: 'asked', trial, seed: 0, architecture: trial, cost: { params: trial }, fidelity },
    {
      kind: 'completed',
      trial,
      score: trial / 100,
      metrics: {},
      seconds: 1,
      artifacts: { weights: { digest: digest(trial) } },
    },
  ]);

const kept = (happenings: readonly Happening[], changes: Partial<StudyConfiguration> = {}) => {
  const state = advance(
    emptyStudy,
    happenings.map((happening) => ({ ...happening, at: 0 })),
  );
  return [...keptArtifacts(state, { ...configuration, ...changes })].sort();
};
const ended: Happening = { kind: 'search-ended', because: 'trials' };
const digests = (...numbers: number[]) => numbers.map(digest).sort();

describe('artefacts that are kept', () => {
  it('are all while the search may ask further trials', () => {
    expect(kept(completed(9))).toEqual(digests(0, 1, 2, 3, 4, 5, 6, 7, 8));
  });

  it('are all where a trial was interrupted', () => {
    const asked: Happening = { kind: 'asked', trial: 9, seed: 0, architecture: 0, cost: {}, parent: 1 };
    expect(kept([...completed(9), asked, { kind: 'interrupted', trial: 9 }, ended])).toHaveLength(9);
  });

  it('are those of the best trials and of the winner when the search has ended', () => {
    expect(KEPT_BEST).toBe(5);
    expect(kept([...completed(9), ended])).toEqual(digests(4, 5, 6, 7, 8));
    // Trial 2 is the best of those that are small enough.
    const pick = { rule: 'under', quantity: 'params', most: 2 } as const;
    expect(kept([...completed(9), ended], { pick })).toEqual(digests(2, 4, 5, 6, 7, 8));
  });

  it('are of the trials that compare: those with the largest fidelity', () => {
    expect(kept([...completed(2), ...completed(4, 0.5, 2), ended])).toEqual(digests(0, 1));
  });

  it('hold what the trials share, and the last checkpoint of it', () => {
    const checkpoints = [20, 21].map(
      (number): Happening => ({ kind: 'preparation-checkpoint', artifact: { digest: digest(number) } }),
    );
    expect(kept([{ kind: 'preparation-started' }, ...checkpoints])).toEqual(digests(21));
    const prepared: Happening = { kind: 'prepared', artifact: { digest: digest(22) }, seconds: 1 };
    expect(kept([...checkpoints, prepared, ...completed(1), ended])).toEqual(digests(0, 21, 22));
  });
});
