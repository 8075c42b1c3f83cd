/** @file What a stopping rule saved, counted by hand. */
import { expect, it } from 'vitest';
import type { Happening } from './event.js';
import { stoppingSummaryOf } from './stopping.js';
import { fold } from './trial.js';

/** A trial with so many epochs of two seconds. */
const begun = (trial: number, epochs: number): Happening[] => [
  { kind: 'asked', trial, seed: 0, architecture: null, cost: {} },
  { kind: 'started', trial },
  ...Array.from(
    { length: epochs },
    (_, index): Happening => ({
      kind: 'point',
      trial,
      point: { epoch: index + 1, seconds: 2 * index + 2, values: {} },
    }),
  ),
];
const completed = (trial: number, score: number): Happening => ({
  kind: 'completed',
  trial,
  score,
  metrics: {},
  seconds: 1,
});
const letRun = (trial: number, bar: number): Happening => ({
  kind: 'let-run',
  trial,
  reason: 'hopeless',
  judgement: { epoch: 3, bar },
});

it('sums up what stopped trials had left, and the trials that were let run and proved it wrong', () => {
  const trials = fold(
    [],
    [
      ...begun(0, 10),
      completed(0, 0.8),
      ...begun(1, 4),
      { kind: 'pruned', trial: 1, reason: 'hopeless', seconds: 8, judgement: { epoch: 4, bar: 0.8 } },
      ...begun(2, 10),
      letRun(2, 0.8),
      completed(2, 0.9),
      ...begun(3, 10),
      letRun(3, 0.9),
      completed(3, 0.7),
      ...begun(4, 5),
      letRun(4, 0.9),
      { kind: 'failed', trial: 4, reason: 'it diverged', seconds: 3 },
    ],
  );
  expect(stoppingSummaryOf(trials)).toEqual({ stopped: 1, letRun: 2, wrong: 1, savedEpochs: 6, savedSeconds: 12 });
  expect(trials[1]?.judgement).toEqual({ epoch: 4, bar: 0.8, letRun: false });
});
