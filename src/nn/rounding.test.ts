/** @file Channel numbers round as the published code rounds them. */
import { expect, test } from 'vitest';
import { makeDivisible, roundHalfEven } from './rounding.js';

test.each([
  [11.2, 16],
  [5.6, 8],
  [8.4, 8],
  [33.6, 32],
  [22.4, 24],
  [1, 8],
  [16, 16],
  [19, 24],
])('makeDivisible(%f) is %i', (value, rounded) => {
  expect(makeDivisible(value)).toBe(rounded);
});

test.each([
  [0.5, 0],
  [1.5, 2],
  [2.5, 2],
  [-0.5, 0],
  [-1.5, -2],
  [2.4, 2],
  [2.6, 3],
])('roundHalfEven(%f) is %i, as in Python', (value, rounded) => {
  expect(roundHalfEven(value)).toBe(rounded);
});
