/** @file A forest of regression trees (Breiman 2001), seeded, with the spread of what its trees say. */
import type { Random } from '../../random.js';
import type { Prediction } from './gaussian-process.js';
import { Grower, leafOf, type Tree, type TreeLesson } from './regression-tree.js';

/**
 * Each tree is grown on as many examples as there are, drawn with replacement, and looks for each split in √p of the p columns
 * (Breiman 2001). Predictions are normal, with the mean over trees and the variance over trees and within their leaves
 * (Hutter et al., Algorithm runtime prediction: Methods and evaluation, AIJ 2014, section 4.3.2), times a factor under which the
 * examples are as far as they should be from what the trees say that did not see them.
 */
export class Forest {
  readonly #trees: readonly Tree[];
  readonly #factor: number;

  /** @throws {RangeError} where there is nothing to learn from */
  constructor(lesson: TreeLesson, trees: number, random: Random) {
    const { rows, values } = lesson;
    if (rows.length === 0) throw new RangeError('a forest needs an example');
    const grower = new Grower(lesson);
    const grown = Array.from({ length: trees }, (_, tree) => {
      const draws = random.stream(tree);
      const drawn = Int32Array.from(rows, () => draws.integer(rows.length));
      return { tree: grower.grow(drawn, draws), seen: new Set(drawn) };
    });
    this.#trees = grown.map(({ tree }) => tree);
    const misses = rows.flatMap((row, index) => {
      const unseeing = grown.filter(({ seen }) => !seen.has(index)).map(({ tree }) => tree);
      if (unseeing.length === 0) return [];
      const { mean, deviation } = predictionOf(unseeing, row);
      return [((values[index] ?? 0) - mean) / deviation];
    });
    this.#factor = rootMeanSquare(misses.filter(Number.isFinite)) || 1;
  }

  /** What the value of a row may be. */
  predict(row: Float64Array): Prediction {
    const { mean, deviation } = predictionOf(this.#trees, row);
    return { mean, deviation: this.#factor * deviation };
  }
}

function predictionOf(trees: readonly Tree[], row: Float64Array): Prediction {
  let [mean, square] = [0, 0];
  for (const tree of trees) {
    const leaf = leafOf(tree, row);
    mean += leaf.mean / trees.length;
    square += (leaf.variance + leaf.mean ** 2) / trees.length;
  }
  // Trees that agree are no proof.
  return { mean, deviation: Math.sqrt(Math.max(LEAST_VARIANCE, square - mean ** 2)) };
}

const LEAST_VARIANCE = 1e-12;

const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
