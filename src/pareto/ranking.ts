/** @file The order in which NSGA-II prefers points: by front, within a front the more solitary first (Deb et al. 2002). */
import { nonDominatedFronts, type Objectives } from './dominance.js';

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
