/** @file Dominance among points of several objectives, and the fronts that it divides them into. */

/** The objectives of one point, each the smaller the better. Points that are compared have equally many. */
export type Objectives = readonly number[];

/** Whether the first point is nowhere worse than the second, and somewhere better. */
export function dominates(first: Objectives, second: Objectives): boolean {
  let better = false;
  for (const [index, value] of first.entries()) {
    const other = second[index] ?? Number.NaN;
    if (value > other) return false;
    if (value < other) better = true;
  }
  return better;
}

/**
 * Indices of the points by front: no point of the first is dominated, and what dominates a point of another lies in the
 * fronts before it. Equal points share a front. Each front is in lexicographic order of the objectives, equal points in
 * the order given.
 *
 * Efficient non-dominated sort with binary search (Zhang et al. 2015): after sorting, a point is dominated only by ones
 * before it, and one that front k dominates is dominated by every front before k. O(n log n) for one objective.
 */
export function nonDominatedFronts(points: readonly Objectives[]): number[][] {
  const fronts: { readonly index: number; readonly point: Objectives }[][] = [];
  const sorted = points
    .map((point, index) => ({ index, point }))
    .sort((a, b) => compareObjectives(a.point, b.point) || a.index - b.index);
  for (const entry of sorted) {
    let [low, high] = [0, fronts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      // The latest members are the nearest, and dominate soonest.
      const dominated = fronts[middle]?.findLast(({ point }) => dominates(point, entry.point)) !== undefined;
      if (dominated) low = middle + 1;
      else high = middle;
    }
    const front = fronts[low];
    if (front === undefined) fronts.push([entry]);
    else front.push(entry);
  }
  return fronts.map((front) => front.map(({ index }) => index));
}

/** Lexicographic order, for `Array.sort`; also of infinities. */
export function compareObjectives(first: Objectives, second: Objectives): number {
  for (const [index, value] of first.entries()) {
    const other = second[index] ?? Number.NaN;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}
