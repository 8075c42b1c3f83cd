/** @file What a search has told a surrogate. */
import type { Score } from '../score.js';
import { normalScores } from './normal-scores.js';

/** @typeParam Point what a surrogate sees of an architecture */
export class Observations<Point> {
  readonly points: Point[] = [];
  readonly #scores: Score[] = [];
  #scored = 0;

  /** How many have scores. */
  get scored(): number {
    return this.#scored;
  }

  add(point: Point, score: Score): void {
    this.points.push(point);
    this.#scores.push(score);
    if (score !== null) this.#scored++;
  }

  /**
   * What is learnt: normal scores, 0 for the median of what has been observed, 1 for about the best sixth. What has no
   * score shares the worst.
   */
  values(): Float64Array {
    const worst = Math.min(...this.#scores.filter((score) => score !== null));
    return normalScores(this.#scores.map((score) => score ?? worst));
  }
}
