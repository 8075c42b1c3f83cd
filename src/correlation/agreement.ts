/** @file How far several measurements of the same items agree: every pair of columns by rank correlations, with intervals. */
import type { Random } from '../random.js';
import { bootstrap, type Interval } from './bootstrap.js';
import { kendall, ndcg, spearman } from './correlation.js';

/** Values of the same items, in the same order. */
export interface Column {
  readonly name: string;
  /** The higher the better. */
  readonly values: readonly number[];
}

/** How far one column orders items as another does. */
export interface Agreement {
  readonly a: string;
  readonly b: string;
  /** These are NaN where all values of a column are equal. */
  readonly spearman: number;
  readonly kendall: number;
  /** Of the items by `a`, the gains being the values of `b`. */
  readonly ndcg: number;
  /** Of Spearman's ρ, by bootstrap; NaN where that is. */
  readonly interval: Interval;
}

/** With fewer items no order is worth a word: even two equal orders of four come about by chance once in twelve, either way round. */
export const FEWEST_ITEMS = 5;

/** How far two columns agree. */
export const agreementOf = (a: Column, b: Column, random: Random): Agreement => ({
  a: a.name,
  b: b.name,
  spearman: spearman(a.values, b.values),
  kendall: kendall(a.values, b.values),
  ndcg: ndcg(a.values, b.values),
  interval: bootstrap(
    a.values.length,
    (places) => spearman(valuesAt(a, places), valuesAt(b, places)),
    random.stream('bootstrap', a.name, b.name),
  ),
});

/** Every pair, the first column of each standing before the second. */
export const agreementsAmong = (columns: readonly Column[], random: Random): Agreement[] =>
  columns.flatMap((a, place) => columns.slice(place + 1).map((b) => agreementOf(a, b, random)));

const valuesAt = ({ values }: Column, places: readonly number[]): number[] =>
  places.map((place) => values[place] ?? Number.NaN);
