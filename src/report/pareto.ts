/** @file Pareto fronts: the points of which no other is both better and cheaper. */

/** How a point is judged: a score, higher is better, and a cost, lower is better. */
export interface Criteria<T> {
  score(point: T): number;
  cost(point: T): number;
}

/**
 * The points that no other dominates, cheapest first. One point dominates another if it scores at least as high and
 * costs at most as much, and one of the two is strictly better; so equal points stay or go together, in the order given.
 * Points whose score or cost is NaN are on no front. O(n log n).
 */
export function paretoFront<T>(points: readonly T[], { score, cost }: Criteria<T>): T[] {
  const judged = points
    .map((point) => ({ point, score: score(point), cost: cost(point) }))
    .filter((entry) => !Number.isNaN(entry.score) && !Number.isNaN(entry.cost))
    .sort((a, b) => compare(a.cost, b.cost) || compare(b.score, a.score));
  const front: typeof judged = [];
  for (const entry of judged) {
    const last = front.at(-1);
    const better = last === undefined || entry.score > last.score;
    const equal = last !== undefined && entry.score === last.score && entry.cost === last.cost;
    if (better || equal) front.push(entry);
  }
  return front.map(({ point }) => point);
}

/** As `a - b` would, but for infinities, too. */
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
