/** @file The order in which NSGA-II prefers points: by front, within a front the more solitary first (Deb et al. 2002). */
import { compareObjectives, nonDominatedFronts, type Objectives } from './dominance.js';

/**
 * Indices of the points, the best first; the earlier of those that nothing tells apart. With one objective that is
 * their order by it.
 */
export function rankedIndices(points: readonly Objectives[]): number[] {
  return nonDominatedFronts(points).flatMap((front) => {
    const distances = crowdingDistances(front.map((index) => points[index] ?? []));
    return front
      .map((index, place) => ({ index, distance: distances[place] ?? 0 }))
      .sort((a, b) => descending(a.distance, b.distance) || a.index - b.index)
      .map(({ index }) => index);
  });
}

/** An item, and what it is ranked by. */
interface Ranked<T> {
  readonly item: T;
  readonly objectives: Objectives;
}

/**
 * Items in the order of `rankedIndices`, while more of them come. With one objective a new one finds its place by
 * bisection; with several it may change every place, and all are ranked when they are next asked for.
 */
export class Ranking<T> {
  readonly #inOrderOfArrival: Ranked<T>[] = [];
  /** The best first; `null` where items came since. */
  #bestFirst: Ranked<T>[] | null = [];

  /** Adds an item with its objectives. */
  add(item: T, objectives: Objectives): void {
    const added = { item, objectives };
    this.#inOrderOfArrival.push(added);
    if (objectives.length === 1) this.#bestFirst?.splice(this.#placeOf(objectives), 0, added);
    else this.#bestFirst = null;
  }

  /** The best of the items, so many or all that there are. */
  best(count: number): T[] {
    const all = this.#inOrderOfArrival;
    this.#bestFirst ??= rankedIndices(all.map(({ objectives }) => objectives)).flatMap((index) => all[index] ?? []);
    return this.#bestFirst.slice(0, count).map(({ item }) => item);
  }

  /** After those that are better or equal. */
  #placeOf(objectives: Objectives): number {
    const ranked = this.#bestFirst ?? [];
    let [low, high] = [0, ranked.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareObjectives(ranked[middle]?.objectives ?? [], objectives) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * How far the neighbours of each point of a front are apart: the sum over the objectives of their distance as a share of
 * the front's extent (section III-B). Infinite for the ends of an objective, so that a front keeps its extent; an
 * objective in which all are equal has no ends.
 */
export function crowdingDistances(front: readonly Objectives[]): number[] {
  const distances = front.map(() => 0);
  const objectives = front[0]?.length ?? 0;
  for (let objective = 0; objective < objectives; objective++) {
    const value = (index: number | undefined) => front[index ?? -1]?.[objective] ?? Number.NaN;
    const order = front.map((_, index) => index).sort((a, b) => value(a) - value(b) || a - b);
    const extent = value(order.at(-1)) - value(order[0]);
    if (!(extent > 0)) continue;
    for (const [place, index] of order.entries()) {
      const gap = value(order[place + 1]) - value(order[place - 1]);
      distances[index] = (distances[index] ?? 0) + (Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap / extent);
    }
  }
  return distances;
}

/** As `b - a` would, but for infinities, too. */
const descending = (a: number, b: number): number => (a > b ? -1 : a < b ? 1 : 0);
