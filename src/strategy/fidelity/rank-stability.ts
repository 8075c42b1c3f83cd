/** @file PASHA's question: do two rungs rank their candidates alike, but for noise (Bohdal et al. 2023)? */

/**
 * Whether candidates that went on are ranked as before, where scores within ε of one another count as equal: at each place of the new
 * ranking stands a candidate whose score before lies within ε of the one that had the place then (section 4.1, soft ranking).
 *
 * @param before scores in the rung below, and `after` in the rung above, of the same candidates
 */
export function ranksAlike(before: readonly number[], after: readonly number[], epsilon: number): boolean {
  const descending = (scores: readonly number[]) =>
    [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).map((place) => before[place] ?? Number.NaN);
  const then = descending(before);
  return descending(after).every((score, place) => Math.abs(score - (then[place] ?? Number.NaN)) <= epsilon);
}

/**
 * ε: the 90th percentile of the differences between candidates whose curves cross back and forth, which tells that their order is
 * noise (section 4.2); `undefined` where none do.
 *
 * @param curves scores as training went on, all at the same points as far as they go
 */
export function rankNoise(curves: readonly (readonly number[])[]): number | undefined {
  const distances = curves
    .flatMap((first, place) => curves.slice(place + 1).flatMap((second) => noiseBetween(first, second) ?? []))
    .sort((a, b) => a - b);
  const at = 0.9 * (distances.length - 1);
  const [low, high = low] = [distances[Math.floor(at)], distances[Math.ceil(at)]];
  return low === undefined || high === undefined ? undefined : low + (at - Math.floor(at)) * (high - low);
}

/** How far two curves are apart at the last point that both have, if they were in that order before, too, and in the other in between. */
function noiseBetween(first: readonly number[], second: readonly number[]): number | undefined {
  const length = Math.min(first.length, second.length);
  const orders = Array.from({ length }, (_, point) => Math.sign((first[point] ?? 0) - (second[point] ?? 0)));
  const last = orders.at(-1) ?? 0;
  const opposite = orders.lastIndexOf(-last);
  if (last === 0 || opposite < 0 || !orders.slice(0, opposite).includes(last)) return undefined;
  return Math.abs((first[length - 1] ?? 0) - (second[length - 1] ?? 0));
}
