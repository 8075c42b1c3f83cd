/** @file The rank test of Mann and Whitney (1947): whether one sample tends to hold larger values than another. */
import { normalBelow } from '../normal-distribution.js';

/**
 * The two-sided p-value by the normal approximation, with the correction for ties and for continuity: good from about
 * ten values in each sample. Only the order of the values counts, so that they may be infinite.
 *
 * @returns 1 where a sample is empty or all values are equal
 * @throws {RangeError} where there is NaN, which has no rank
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): number {
  if ([...first, ...second].some(Number.isNaN)) throw new RangeError('NaN has no rank among other values');
  const [m, n] = [first.length, second.length];
  const pooled = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ].sort((a, b) => Number(a.value > b.value) - Number(a.value < b.value));
  let rankSum = 0;
  let ties = 0;
  for (let start = 0; start < pooled.length; ) {
    let end = start;
    while (pooled[end]?.value === pooled[start]?.value && end < pooled.length) end++;
    const rank = (start + 1 + end) / 2;
    rankSum += rank * pooled.slice(start, end).filter(({ isFirst }) => isFirst).length;
    ties += (end - start) ** 3 - (end - start);
    start = end;
  }
  const total = m + n;
  const u = rankSum - (m * (m + 1)) / 2;
  const variance = ((m * n) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (!(variance > 0)) return 1;
  const z = Math.max(0, Math.abs(u - (m * n) / 2) - 0.5) / Math.sqrt(variance);
  return Math.min(1, normalBelow(-z) * 2);
}
