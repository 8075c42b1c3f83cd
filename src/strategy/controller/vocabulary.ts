/** @file The answers that a controller has met, each with a row in its table of parameters. */
import type { DecisionPoint } from '../../space/decisions/decision.js';

/** The row of what stands before the first answer. */
export const START = 0;

/**
 * Numbers the answers of a space as they are met: an answer is an option of a question, and a question is a place in the
 * sequence, as in Zoph et al. (2018), where each prediction has a softmax of its own. A space need not list its questions:
 * conditional ones are met when an architecture leads to them.
 */
export class Vocabulary {
  readonly #rows = new Map<string, number>();
  readonly #names: string[] = ['start'];

  /** How many rows there are. */
  get size(): number {
    return this.#names.length;
  }

  /** What each row stands for, in their order. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** The rows of a question's options, in their order. */
  rowsOf({ path, options }: DecisionPoint): readonly number[] {
    return options.map((option) => this.#rowOf(`${path}: ${option}`));
  }

  #rowOf(name: string): number {
    const known = this.#rows.get(name);
    if (known !== undefined) return known;
    const row = this.#names.push(name) - 1;
    this.#rows.set(name, row);
    return row;
  }
}
