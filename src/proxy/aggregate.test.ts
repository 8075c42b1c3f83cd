/** @file Aggregates rank a network in a pool as their papers define it. */
import { expect, test } from 'vitest';
import { aggregateIn } from './aggregate.js';
import { azNas } from './aggregates/az-nas.js';
import { vote } from './aggregates/vote.js';
import { aggregates, proxiesNamed } from './registry.js';

const [a, b, c] = [
  { synflow: 3, jacob_cov: 3, snip: 1 },
  { synflow: 2, jacob_cov: 2, snip: 3 },
  { synflow: 1, jacob_cov: null, snip: 2 },
];

test('a vote is the share that is worse by the majority', () => {
  expect(aggregateIn(vote, a, [b, c])).toBe(1);
  expect(aggregateIn(vote, b, [a, c])).toBe(0.5);
  expect(aggregateIn(vote, c, [a, b])).toBe(0);
});

test('AZ-NAS sums logarithms of ranks; equal scores share a rank, and what is undefined has the lowest', () => {
  const of = (macs: number, trainability: number | null) => ({
    expressivity: 1,
    progressivity: macs,
    trainability,
    macs,
  });
  const pool = [of(1, -1), of(2, -2), of(3, -3)];
  expect(aggregateIn(azNas, of(4, 0), pool)).toBeCloseTo(Math.log(2.5 / 4), 12);
  expect(aggregateIn(azNas, of(0, null), pool)).toBeCloseTo(Math.log(2.5 / 4) + 3 * Math.log(1 / 4), 12);
});

test('aggregates are made of proxies that exist', () => {
  for (const { proxies } of aggregates) expect(proxiesNamed(proxies)).toHaveLength(proxies.length);
});
