/** @file Aggregates: scores that rank a network among others by several proxies. */
import { ranksOf } from '../correlation/correlation.js';

/** The scores of one network by the names of proxies, `null` where one is undefined. */
export type Scores = Readonly<Record<string, number | null>>;

/** The scores of a network beside those of a pool, one list a proxy, the network first; what is undefined is below all. */
export type ScoreLists = readonly (readonly number[])[];

/** A score that exists among others only. The higher, the better. */
export interface AggregateDefinition {
  readonly name: string;
  readonly title: string;
  readonly paper: string;
  readonly description: string;
  /** Where it is known to mislead. */
  readonly weakness: string;
  /** The names of the proxies that it is made of. */
  readonly proxies: readonly string[];
  /** The score of the network that stands first in each list. */
  score(lists: ScoreLists): number;
}

/** The aggregate of a network within a pool, to which it need not belong. */
export const aggregateIn = (
  { proxies, score }: AggregateDefinition,
  network: Scores,
  pool: readonly Scores[],
): number => score(proxies.map((name) => [network, ...pool].map((scores) => scores[name] ?? Number.NaN)));

/** Σ over the lists of ln(rank / N), rank 1 the worst (Lee and Ham 2024, eq. 9). */
export const sumOfLogRanks = (lists: ScoreLists): number =>
  lists.reduce((sum, list) => sum + Math.log((ranksOf(list)[0] ?? 1) / list.length), 0);
