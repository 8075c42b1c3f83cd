/** @file Agreement of several columns: every pair once, in order, with an interval that holds the correlation. */
import { expect, test } from 'vitest';
import { Random } from '../random.js';
import { agreementOf, agreementsAmong } from './agreement.js';
import { kendall, ndcg, spearman } from './correlation.js';

const exact = { name: 'exact', values: Array.from({ length: 20 }, (_, place) => place) };
const near = { name: 'near', values: exact.values.map((value) => value + 4 * (value % 3)) };
const reversed = { name: 'reversed', values: exact.values.map((value) => -value) };

test('every pair stands once, the earlier column first', () => {
  const pairs = agreementsAmong([near, exact, reversed], new Random(1));
  expect(pairs.map(({ a, b }) => [a, b])).toEqual([
    ['near', 'exact'],
    ['near', 'reversed'],
    ['exact', 'reversed'],
  ]);
  expect(pairs[0]).toMatchObject({
    spearman: spearman(near.values, exact.values),
    kendall: kendall(near.values, exact.values),
    ndcg: ndcg(near.values, exact.values),
  });
  expect(pairs[2]).toMatchObject({ spearman: -1, kendall: -1, interval: { low: -1, high: -1 } });
});

test('the interval holds the correlation, is wider for fewer items, and depends on the seed alone', () => {
  const pair = agreementOf(near, exact, new Random(1));
  expect(pair.interval.low).toBeLessThan(pair.spearman);
  expect(pair.interval.high).toBeGreaterThan(pair.spearman);
  expect(agreementOf(near, exact, new Random(1))).toEqual(pair);
  const few = [near, exact].map(({ name, values }) => ({ name, values: values.slice(0, 8) }));
  const [fewer] = agreementsAmong(few, new Random(1));
  expect(fewer?.interval.low).toBeLessThan(pair.interval.low);
});

test('equal values have no correlation', () => {
  const flat = { name: 'flat', values: exact.values.map(() => 1) };
  expect(agreementOf(flat, exact, new Random(1))).toMatchObject({
    spearman: Number.NaN,
    interval: { low: Number.NaN },
  });
});
