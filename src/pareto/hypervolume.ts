/** @file The hypervolume of a set of points: how much of the space of objectives they dominate (Zitzler and Thiele 1998). */
import { compareObjectives, type Objectives } from './dominance.js';

/**
 * The volume between the points and a reference point that bounds what counts, in the product of the objectives' units.
 * Points that are not better than the reference everywhere add nothing. Exact, by slicing along the first objective
 * (While et al. 2006, HSO): O(n log n) for two objectives, and a factor n more for each further one.
 *
 * @param points objectives, each the smaller the better
 */
export function hypervolume(points: readonly Objectives[], reference: Objectives): number {
  const inside = points.filter((point) => reference.every((bound, index) => (point[index] ?? bound) < bound));
  return volumeOf(inside, reference);
}

function volumeOf(points: readonly Objectives[], [bound, ...rest]: Objectives): number {
  if (bound === undefined || points.length === 0) return 0;
  const sorted = [...points].sort(compareObjectives);
  if (rest.length === 0) return bound - (sorted[0]?.[0] ?? bound);
  let volume = 0;
  let slice: Objectives[] = [];
  for (const [index, [value = bound, ...others]] of sorted.entries()) {
    slice = rest.length === 1 ? [smallest(slice[0], others)] : [...slice, others];
    const width = (sorted[index + 1]?.[0] ?? bound) - value;
    if (width > 0) volume += width * volumeOf(slice, rest);
  }
  return volume;
}

const smallest = (one: Objectives | undefined, other: Objectives): Objectives =>
  one !== undefined && compareObjectives(one, other) < 0 ? one : other;
