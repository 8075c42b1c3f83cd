/** @file The knee of a front: where a little more of one objective costs much of another. */
import type { Objectives } from './dominance.js';

/**
 * The point of a front that lies nearest to the ideal one, which has the best of every objective. Each objective is
 * measured in the extent of the front, so that units do not matter (Zeleny's compromise solution, 1973). The first of
 * equals; `undefined` for an empty front.
 *
 * @param objectives each the smaller the better, and finite
 */
export function kneeOf<T>(front: readonly T[], objectives: (point: T) => Objectives): T | undefined {
  const judged = front.map((point) => ({ point, values: objectives(point) }));
  const columns = (judged[0]?.values ?? []).map((_, index) => judged.map(({ values }) => values[index] ?? Number.NaN));
  const ideal = columns.map((column) => Math.min(...column));
  const extent = columns.map((column, index) => Math.max(...column) - (ideal[index] ?? 0));
  const distance = (values: Objectives) =>
    Math.hypot(
      ...values.map((value, index) => {
        const range = extent[index] ?? 0;
        return range > 0 ? (value - (ideal[index] ?? 0)) / range : 0;
      }),
    );
  let nearest: { readonly point: T; readonly distance: number } | undefined;
  for (const { point, values } of judged) {
    const candidate = { point, distance: distance(values) };
    if (nearest === undefined || candidate.distance < nearest.distance) nearest = candidate;
  }
  return nearest?.point;
}
