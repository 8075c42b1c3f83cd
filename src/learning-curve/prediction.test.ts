/** @file What a prediction says of the chances of a trial. */
import { describe, expect, it } from 'vitest';
import { probabilityOfMissing } from './prediction.js';

describe('the probability that a trial ends no better than a bar', () => {
  it('is that of a normal distribution', () => {
    expect(probabilityOfMissing({ value: 0.8, deviation: 0.1 }, 0.8)).toBeCloseTo(0.5, 6);
    expect(probabilityOfMissing({ value: 0.8, deviation: 0.1 }, 0.9)).toBeCloseTo(0.841345, 5);
    expect(probabilityOfMissing({ value: 0.8, deviation: 0.1 }, 0.6)).toBeCloseTo(0.02275, 5);
  });

  it('is the other way round where less is better', () => {
    expect(probabilityOfMissing({ value: 0.8, deviation: 0.1 }, 0.9, 'min')).toBeCloseTo(0.158655, 5);
  });

  it('is certain without a deviation, and even at the bar', () => {
    expect([0.7, 0.8, 0.9].map((bar) => probabilityOfMissing({ value: 0.8, deviation: 0 }, bar))).toEqual([0, 0.5, 1]);
  });
});
