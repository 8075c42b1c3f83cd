/** @file Scores as ranks: rewards free of scale. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScoreRanks } from './score-ranks.js';

function rewards(scores: readonly number[], asked: readonly number[]): number[] {
  const ranks = new ScoreRanks();
  for (const score of scores) ranks.add(score);
  return asked.map((score) => ranks.rewardOf(score));
}

describe('ranks of scores', () => {
  it('are the share of scores below, and half of the equal ones', () => {
    expect(rewards([3, 1, 2, 2], [0, 1, 1.5, 2, 3, 9])).toEqual([0, 0.125, 0.25, 0.5, 0.875, 1]);
    expect(rewards([], [7])).toEqual([0.5]);
  });

  it('count by the definition where many scores are equal', () => {
    const few = fc.integer({ min: 0, max: 4 });
    fc.assert(
      fc.property(fc.array(few, { minLength: 1 }), few, (scores, score) => {
        const count = (meets: (known: number) => boolean) => scores.filter(meets).length;
        const expected = (count((known) => known < score) + count((known) => known === score) / 2) / scores.length;
        expect(rewards(scores, [score])[0]).toBeCloseTo(expected, 12);
      }),
      { seed: 2 },
    );
  });

  it('stay as they are under any rising map of the scores', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 }), (scores) => {
        const mapped = scores.map((score) => Math.exp(score / 10));
        expect(rewards(mapped, mapped)).toEqual(rewards(scores, scores));
      }),
      { seed: 1 },
    );
  });
});
