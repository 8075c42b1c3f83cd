/** @file Which trial wins a study, and the front that it is chosen from. */
import { describe, expect, it } from 'vitest';
import type { TrialRecord } from './trial.js';
import { tradeOffsOf, winnerOf } from './winner.js';

const trial = (
  number: number,
  score: number | null,
  params: number,
  changes: Partial<TrialRecord> = {},
): TrialRecord => ({
  number,
  state: score === null ? 'failed' : 'completed',
  architecture: number,
  fidelity: 1,
  parent: null,
  layers: null,
  judgement: null,
  artifacts: {},
  losses: 0,
  metrics: {},
  score,
  cost: { params, macs: 10 * number },
  curve: [],
  seconds: 1,
  reason: null,
  seed: 0,
  ...changes,
});
const constraints = {};

const trials = [
  trial(0, 0.9, 100),
  trial(1, 0.85, 30),
  trial(2, 0.4, 10),
  trial(3, 0.8, 90),
  trial(4, null, 1),
  trial(5, 0.99, 5, { fidelity: 1 / 3 }),
  trial(6, 0.9, 100),
];

describe('winnerOf', () => {
  const winner = (pick?: Parameters<typeof winnerOf>[1]['pick'], among = trials) =>
    winnerOf(among, { constraints, pick })?.number;

  it('is the earliest of the best among full evaluations', () => {
    expect(winner()).toBe(0);
    expect(winner({ rule: 'best' })).toBe(0);
  });

  it('has the largest fidelity where none had a full evaluation', () => {
    const small = [
      trial(0, 0.5, 1, { fidelity: 1 / 9 }),
      trial(1, 0.4, 1, { fidelity: 1 / 3 }),
      trial(2, 0.3, 1, { fidelity: 1 / 3 }),
    ];
    expect(winner(undefined, small)).toBe(1);
    expect(winner(undefined, [trial(0, null, 1)])).toBeUndefined();
  });

  it('can be the knee, or the best under a bound', () => {
    expect(winner({ rule: 'knee' })).toBe(1);
    expect(winner({ rule: 'under', quantity: 'params', most: 99 })).toBe(1);
    expect(winner({ rule: 'under', quantity: 'params', most: 10 })).toBe(2);
    expect(winner({ rule: 'under', quantity: 'params', most: 9 })).toBeUndefined();
    expect(winner({ rule: 'under', quantity: 'latencyMs', most: 9 })).toBeUndefined();
  });
});

describe('tradeOffsOf', () => {
  it('gives the front from the highest score down, and the area below it', () => {
    const found = tradeOffsOf(trials, { constraints });
    expect(found?.front.map(({ number }) => number)).toEqual([0, 6, 1, 2]);
    expect(found?.reference).toEqual({ score: 0, cost: { params: 100 } });
    // .4 for bounds from 10 to 30 of 100 parameters, .85 up to 100; the point at 100 itself has no width.
    expect(found?.hypervolume).toBeCloseTo(0.4 * 0.2 + 0.85 * 0.7, 12);
  });

  it('measures the area up to the limit where there is one', () => {
    const found = tradeOffsOf(trials, { constraints: { params: 200 } });
    expect(found?.reference.cost).toEqual({ params: 200 });
    expect(found?.hypervolume).toBeCloseTo(0.4 * 0.1 + 0.85 * 0.35 + 0.9 * 0.5, 12);
  });

  it('is about what the strategy minimises', () => {
    const configuration = { constraints, minimise: ['macs'] };
    expect(tradeOffsOf(trials, configuration)?.front.map(({ number }) => number)).toEqual([0]);
    expect(tradeOffsOf([trial(1, null, 3)], configuration)).toBeNull();
  });
});
