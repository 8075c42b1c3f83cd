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
 * Whether a member of a front dominates a point, the front and then the point being in lexicographic order. Of up to two
 * objectives, the last member has the least of the second one, so that it alone decides (Jensen 2003).
 */
export function isDominatedBy(front: readonly { readonly values: Objectives }[], point: Objectives): boolean {
  const deciding = point.length <= 2 ? front.slice(-1) : front;
  // The latest members are the nearest, and dominate soonest.
  return deciding.findLast(({ values }) => dominates(values, point)) !== undefined;
}

/**
 * Indices of the points by front: no point of the first is dominated, and what dominates a point of another lies in the
 * fronts before it. Equal points share a front. Each front is in lexicographic order of the objectives, equal points in
 * the order given.
 *
 * Efficient non-dominated sort with binary search (Zhang et al. 2015): after sorting, a point is dominated only by ones
 * before it, and one that front k dominates is dominated by every front before k. O(n log n) for up to two objectives.
 */
export function nonDominatedFronts(points: readonly Objectives[]): number[][] {
  const fronts: { readonly index: number; readonly values: Objectives }[][] = [];
  const sorted = points
    .map((values, index) => ({ index, values }))
    .sort((a, b) => compareObjectives(a.values, b.values) || a.index - b.index);
  for (const entry of sorted) {
    let [low, high] = [0, fronts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isDominatedBy(fronts[middle] ?? [], entry.values)) low = middle + 1;
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
