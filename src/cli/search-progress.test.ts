import { describe, expect, it } from 'vitest';
import { isNoted } from './search-progress.js';

describe('the epochs of a training', () => {
  const noted = (epochs: number) =>
    Array.from({ length: epochs }, (_, index) => index + 1).filter((epoch) => isNoted(epoch, epochs));

  it('are all told where they are few', () => {
    expect(noted(12)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('are told now and then where they are many, the first and the last always', () => {
    expect(noted(200)).toHaveLength(21);
    expect(noted(199).at(-1)).toBe(199);
    expect(noted(47)[0]).toBe(1);
  });
});
