/** @file Scores of any distribution made normal, so that one kernel fits all. */

/**
 * The normal quantile of each score's rank: (rank − 1/2) / n, equal scores sharing their mean rank. Accuracies have a long
 * lower tail, which would take all of a Gaussian process's variance; ranks are free of scale and outliers
 * (Salinas et al., A Quantile-based Approach for Hyperparameter Transfer Learning, ICML 2020).
 */
export function normalScores(scores: readonly number[]): Float64Array {
  const order = [...scores.keys()].sort((first, second) => (scores[first] ?? 0) - (scores[second] ?? 0));
  const normal = new Float64Array(scores.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    const score = scores[order[start] ?? 0];
    while (end < order.length && scores[order[end] ?? 0] === score) end++;
    const quantile = normalQuantile((start + end) / 2 / scores.length);
    for (const index of order.slice(start, end)) normal[index] = quantile;
    start = end;
  }
  return normal;
}

/** Φ⁻¹(p) for p in (0, 1); relative error below 1.2e-9 (Acklam 2003). */
function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return (
      (((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) * q +
        4.374664141464968) *
        q +
        2.938163982698783) /
      ((((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
    );
  }
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r + 1.38357751867269e2) * r -
      3.066479806614716e1) *
      r +
      2.506628277459239) *
      q) /
    (((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r + 6.680131188771972e1) * r -
      1.328068155288572e1) *
      r +
      1)
  );
}
