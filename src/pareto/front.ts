/** @file Pareto fronts: the points of which no other is better in one objective and nowhere worse. */
import { compareObjectives, isDominatedBy, type Objectives } from './dominance.js';

/**
 * The points that no other dominates, in lexicographic order of their objectives. Equal points stay or go together, in
 * the order given. Points of which an objective is NaN are on no front.
 *
 * @param objectives each the smaller the better
 */
export function paretoFront<T>(points: readonly T[], objectives: (point: T) => Objectives): T[] {
  const judged = points
    .map((point) => ({ point, values: objectives(point) }))
    .filter(({ values }) => !values.some(Number.isNaN))
    .sort((a, b) => compareObjectives(a.values, b.values));
  const front: typeof judged = [];
  for (const entry of judged) {
    if (!isDominatedBy(front, entry.values)) front.push(entry);
  }
  return front.map(({ point }) => point);
}
