/** @file How well one list of numbers orders another: rank correlations, with ties. */

/**
 * Average ranks, from 1 for the least number on: equal numbers share the mean of their ranks. Infinities are ordered like other
 * numbers, NaN is below them all.
 */
export function ranksOf(values: readonly number[]): number[] {
  const orderable = values.map((value) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value));
  const order = orderable.map((_, place) => place).sort((a, b) => compare(orderable[a], orderable[b]));
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && orderable[order[to] ?? 0] === orderable[order[from] ?? 0]) to++;
    for (let place = from; place < to; place++) ranks[order[place] ?? 0] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/** Infinities of one sign are equal, which their difference would not tell. */
function compare(first = 0, second = 0): number {
  return first === second ? 0 : first < second ? -1 : 1;
}

/** Pearson's correlation; NaN where one list has fewer than two different numbers. */
export function pearson(first: readonly number[], second: readonly number[]): number {
  checkLengths(first, second);
  const [a, b] = [centred(first), centred(second)];
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** Spearman's ρ: Pearson's correlation of average ranks; NaN where all numbers of a list are equal. */
export function spearman(first: readonly number[], second: readonly number[]): number {
  checkLengths(first, second);
  return pearson(ranksOf(first), ranksOf(second));
}

/** Kendall's τ-b, which counts pairs in one order against those in the other and corrects for ties; NaN where all are tied. */
export function kendall(first: readonly number[], second: readonly number[]): number {
  checkLengths(first, second);
  const [a, b] = [ranksOf(first), ranksOf(second)];
  let [agreeing, untiedFirst, untiedSecond] = [0, 0, 0];
  for (let i = 1; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const [inFirst, inSecond] = [Math.sign((a[i] ?? 0) - (a[j] ?? 0)), Math.sign((b[i] ?? 0) - (b[j] ?? 0))];
      agreeing += inFirst * inSecond;
      untiedFirst += Math.abs(inFirst);
      untiedSecond += Math.abs(inSecond);
    }
  }
  return agreeing / Math.sqrt(untiedFirst * untiedSecond);
}

/**
 * Normalised discounted cumulative gain among the `count` that the scores put first: unlike ρ it is not raised by sorting bad
 * networks well. Gains are the values scaled to [0, 1], discounts log2(rank + 1) (Järvelin and Kekäläinen 2002). Of equal scores,
 * the earlier counts as the higher.
 *
 * @param scores what orders
 * @param values what is to be had, the higher the better
 */
export function ndcg(scores: readonly number[], values: readonly number[], count = scores.length): number {
  checkLengths(scores, values);
  const least = Math.min(...values);
  const range = Math.max(...values) - least;
  const gainIn = (order: readonly number[]): number =>
    order.slice(0, count).reduce((sum, place, rank) => {
      return sum + ((values[place] ?? 0) - least) / range / Math.log2(rank + 2);
    }, 0);
  return gainIn(descending(scores)) / gainIn(descending(values));
}

function descending(values: readonly number[]): number[] {
  const ranks = ranksOf(values);
  return ranks.map((_, place) => place).sort((a, b) => (ranks[b] ?? 0) - (ranks[a] ?? 0));
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

const dot = (first: readonly number[], second: readonly number[]): number =>
  first.reduce((sum, value, place) => sum + value * (second[place] ?? 0), 0);

function checkLengths(first: readonly number[], second: readonly number[]): void {
  if (first.length !== second.length) {
    throw new RangeError(`${first.length} and ${second.length} numbers cannot be correlated`);
  }
}
