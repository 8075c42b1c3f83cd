/** @file The features of learning curves, and their scales. */
import { describe, expect, it } from 'vitest';
import { featuresOf, layoutOf } from './features.js';
import { standardisationOf } from './standardisation.js';

const curve = { values: [1, 3, 4, 8], beside: { loss: [9, 7, 6, 6] }, facts: { params: 5, layers: 2 } };

describe('the features of a curve', () => {
  it('are its first values, their differences, and what else is known', () => {
    expect(featuresOf(curve, layoutOf([curve], 3))).toEqual({
      values: [1, 3, 4, 9, 7, 6],
      differences: [2, 1, -1, -2, -1, 1],
      facts: [2, 5],
    });
  });

  it('have no first differences of one value, and no second ones of two', () => {
    const { values } = curve;
    expect(featuresOf({ values }, layoutOf([{ values }], 1))).toEqual({ values: [1], differences: [], facts: [] });
    expect(featuresOf({ values }, layoutOf([{ values }], 2)).differences).toEqual([2]);
  });

  it('do not depend on what comes after', () => {
    const longer = { ...curve, values: [1, 3, Number.NaN], beside: { loss: [9, 7] } };
    expect(featuresOf(longer, layoutOf([curve], 2))).toEqual(featuresOf(curve, layoutOf([curve], 2)));
  });

  it.each([
    [
      { ...curve, values: [1, 3] },
      'A curve has 2 values of its score, but a prediction from the first 3 needs so many',
    ],
    [
      { ...curve, values: [1, Number.NaN, 4] },
      'Value 2 of the score of a curve is NaN, but it must be a finite number',
    ],
    [{ ...curve, beside: {} }, 'A curve has 0 values of its loss'],
    [
      { ...curve, facts: { params: 5 } },
      'A curve has nothing as its layers, but every curve must have a finite number',
    ],
  ])('are refused where something is missing: %j', (wrong, message) => {
    expect(() => featuresOf(wrong, layoutOf([curve], 3))).toThrow(message);
  });
});

describe('standardisation', () => {
  it('takes a difference on the scale of the value at its end, and drops what does not vary', () => {
    const all = [
      { values: [0, 10], differences: [10], facts: [3] },
      { values: [2, 16], differences: [14], facts: [3] },
    ];
    const standardise = standardisationOf(all, 2);
    expect(standardise(all[0] ?? { values: [], differences: [], facts: [] })).toEqual({
      values: [-1, -1],
      differences: [-2 / 3],
      facts: [0],
    });
  });
});
