/** @file What a search has told a surrogate. */
import type { Point } from './gaussian-process.js';
import { normalScores } from './normal-scores.js';

export class Observations {
  readonly points: Point[] = [];
  /** `null` where a trial ended without one. */
  readonly #scores: (number | null)[] = [];
  #scored = 0;

  /** How many have scores. */
  get scored(): number {
    return this.#scored;
  }

  /** @param score `null` if the trial failed. */
  add(point: Point, score: number | null): void {
    this.points.push(point);
    this.#scores.push(score);
    if (score !== null) this.#scored++;
  }

  /**
   * What is learnt: normal scores, 0 for the median of what has been observed, 1 for about the best sixth. What failed
   * counts as the worst, so that its surroundings are left alone (Hutter et al., Sequential Model-Based Optimization for
   * General Algorithm Configuration, LION 2011).
   */
  values(): Float64Array {
    const worst = Math.min(...this.#scores.filter((score) => score !== null));
    return normalScores(this.#scores.map((score) => score ?? worst));
  }
}
