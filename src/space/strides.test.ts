/** @file Small images keep the late strides only. */
import { expect, it } from 'vitest';
import { fittingStrides } from './strides.js';

it.each([
  [224, [2, 2, 2, 2, 2]],
  [96, [2, 2, 2, 2, 2]],
  [64, [1, 2, 2, 2, 2]],
  [48, [1, 2, 2, 2, 2]],
  [32, [1, 1, 2, 2, 2]],
  [28, [1, 1, 2, 2, 2]],
  [8, [1, 1, 1, 1, 2]],
  [1, [1, 1, 1, 1, 1]],
])('images of side %i keep of five strides %j', (side, strides) => {
  expect(fittingStrides([2, 2, 2, 2, 2], { height: side, width: 2 * side })).toEqual(strides);
});

it('leaves layers without stride alone', () => {
  expect(fittingStrides([2, 1, 2, 2, 2, 1, 2, 1], { height: 28, width: 28 })).toEqual([1, 1, 1, 2, 2, 1, 2, 1]);
});
