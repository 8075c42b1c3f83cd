/** @file Regression trees (Breiman et al. 1984), grown until their leaves are pure. */
import type { Random } from '../../random.js';

/** What is learnt: a row of numbers and a value for each example. */
export interface TreeLesson {
  /** All of one length. */
  readonly rows: readonly Float64Array[];
  readonly values: Float64Array;
}

interface Leaf {
  readonly mean: number;
  /** Of the values in it. */
  readonly variance: number;
}

interface Branch {
  readonly column: number;
  /** Rows with no more in the column go to `below`. */
  readonly threshold: number;
  readonly below: Tree;
  readonly above: Tree;
}

export type Tree = Leaf | Branch;

/** The leaf in which a row ends. */
export function leafOf(tree: Tree, row: Float64Array): Leaf {
  let node = tree;
  while ('column' in node) node = (row[node.column] as number) <= node.threshold ? node.below : node.above;
  return node;
}

/** A column that is not constant. */
interface Column {
  readonly column: number;
  /** The different values, ascending. */
  readonly levels: readonly number[];
  /** By row, the place of its value among the levels. */
  readonly places: Int32Array;
}

interface Split {
  readonly column: Column;
  /** The highest level that goes below. */
  readonly level: number;
}

/** Grows trees on draws from the same examples. */
export class Grower {
  readonly #values: Float64Array;
  readonly #columns: readonly Column[];
  /** How many columns each split looks at. */
  readonly #looked: number;

  constructor({ rows, values }: TreeLesson) {
    this.#values = values;
    this.#columns = Array.from({ length: rows[0]?.length ?? 0 }, (_, column) => {
      const own = rows.map((row) => row[column] ?? 0);
      const levels = [...new Set(own)].sort((first, second) => first - second);
      const places = new Map(levels.map((level, place) => [level, place]));
      return { column, levels, places: Int32Array.from(own, (value) => places.get(value) ?? 0) };
    }).filter(({ levels }) => levels.length > 1);
    this.#looked = Math.max(1, Math.round(Math.sqrt(this.#columns.length)));
  }

  /** @param drawn rows, perhaps some of them several times; at least one */
  grow(drawn: Int32Array, random: Random): Tree {
    const leaf = this.#leaf(drawn);
    const split = leaf.variance > 0 ? this.#bestSplit(drawn, random) : null;
    if (split === null) return leaf;
    const { column, level } = split;
    const { places, levels } = column;
    const goesBelow = (row: number) => (places[row] as number) <= level;
    return {
      column: column.column,
      threshold: ((levels[level] ?? 0) + (levels[level + 1] ?? 0)) / 2,
      below: this.grow(drawn.filter(goesBelow), random),
      above: this.grow(
        drawn.filter((row) => !goesBelow(row)),
        random,
      ),
    };
  }

  #leaf(drawn: Int32Array): Leaf {
    const mean = this.#sumOf(drawn) / drawn.length;
    const squares = drawn.reduce((sum, row) => sum + ((this.#values[row] as number) - mean) ** 2, 0);
    return { mean, variance: squares / drawn.length };
  }

  #sumOf(drawn: Int32Array): number {
    return drawn.reduce((sum, row) => sum + (this.#values[row] as number), 0);
  }

  /**
   * The split after which squared errors are least, among √p columns in which the rows differ; `null` where they differ in none.
   */
  #bestSplit(drawn: Int32Array, random: Random): Split | null {
    const total = this.#sumOf(drawn);
    const columns = [...this.#columns];
    let best: Split | null = null;
    let highest = Number.NEGATIVE_INFINITY;
    for (let looked = 0; columns.length > 0 && looked < this.#looked; ) {
      const place = random.integer(columns.length);
      const column = columns[place] as Column;
      columns[place] = columns.at(-1) as Column;
      columns.pop();
      const { counts, sums } = this.#byLevel(drawn, column);
      let [count, sum] = [0, 0];
      let differs = false;
      for (let level = 0; level < counts.length; level++) {
        if (counts[level] === 0) continue;
        count += counts[level] as number;
        sum += sums[level] as number;
        if (count === drawn.length) break;
        differs = true;
        // What is not explained is the sum of squares less this.
        const explained = sum ** 2 / count + (total - sum) ** 2 / (drawn.length - count);
        if (explained <= highest) continue;
        highest = explained;
        best = { column, level };
      }
      if (differs) looked++;
    }
    return best;
  }

  #byLevel(drawn: Int32Array, { levels, places }: Column): { counts: Float64Array; sums: Float64Array } {
    const counts = new Float64Array(levels.length);
    const sums = new Float64Array(levels.length);
    for (let index = 0; index < drawn.length; index++) {
      const row = drawn[index] as number;
      const place = places[row] as number;
      counts[place] = (counts[place] as number) + 1;
      sums[place] = (sums[place] as number) + (this.#values[row] as number);
    }
    return { counts, sums };
  }
}
