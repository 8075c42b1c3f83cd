/** @file Scores as ranks among those before: rewards that do not depend on the scale of the scores. */
import type { Score } from './score.js';

/**
 * Turns scores into rewards in [0, 1]: the share of known scores that one exceeds. Accuracies, percentages and negative
 * losses give the same rewards, and one network that learns nothing does not make all others look alike, as it would
 * under a linear scale (fitness shaping, Wierstra et al. 2014, §3.1).
 */
export class ScoreRanks {
  /** Ascending. */
  readonly #scores: number[] = [];

  /** How many scores are known: as long as it stays, rewards stay. */
  get known(): number {
    return this.#scores.length;
  }

  /** Adds a score. */
  add(score: Score): void {
    if (score !== null) this.#scores.splice(this.#countBelow(score), 0, score);
  }

  /** The share of the known scores below this one; equal ones count half. 0.5 while none is known. */
  rewardOf(score: Score): number {
    if (score === null) return 0;
    if (this.#scores.length === 0) return 0.5;
    return (this.#countBelow(score) + this.#countUpTo(score)) / 2 / this.#scores.length;
  }

  #countBelow(score: number): number {
    return this.#countWhile((known) => known < score);
  }

  /** The equal ones included: accuracies on small sets tie by the hundreds. */
  #countUpTo(score: number): number {
    return this.#countWhile((known) => known <= score);
  }

  /** How many scores from the least one on meet a condition that none meets after one that does not; by bisection. */
  #countWhile(meets: (score: number) => boolean): number {
    let [low, high] = [0, this.#scores.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (meets(this.#scores[middle] ?? Number.NaN)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
