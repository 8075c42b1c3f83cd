/** @file Which options architectures choose at the decisions of a space, as numbers that are quick to compare. */
import type { Decided } from '../../space/decisions/decision.js';

/**
 * The number of the option that an architecture chooses, by the number of the decision; 0, or beyond the end, where it has
 * no such decision.
 */
export type ChosenOptions = Int32Array;

/** The number of the option that an architecture chooses at a decision. */
export const optionFor = (chosen: ChosenOptions, decision: number): number =>
  decision < chosen.length ? (chosen[decision] as number) : 0;

interface NumberedDecision {
  readonly number: number;
  /** Numbers from 1 on, by the text of the option. */
  readonly numbers: Map<string, number>;
}

/**
 * Numbers decisions by their paths and options by their texts, as they are met. An option is its text and not its place
 * among the others: in a grammar, what may be chosen at a path depends on the choices before.
 */
export class OptionNumbers {
  readonly #decisions = new Map<string, NumberedDecision>();

  of(sequence: readonly Decided[]): ChosenOptions {
    const numbered = sequence.map(({ path, options, option }) => {
      const { number, numbers } = this.#decisionAt(path);
      const text = options[option] ?? '';
      const chosen = numbers.get(text) ?? numbers.size + 1;
      numbers.set(text, chosen);
      return { number, chosen };
    });
    const all = new Int32Array(this.#decisions.size);
    for (const { number, chosen } of numbered) all[number] = chosen;
    return all;
  }

  /** The number of the decision at a path, `undefined` where no architecture had it. */
  decisionAt(path: string): number | undefined {
    return this.#decisions.get(path)?.number;
  }

  /**
   * For each number that an option at the path may have, where it stands among the options that there are now: −1 where it
   * is not among them, as 0 is not.
   */
  placesAmong(path: string, options: readonly string[]): Int32Array {
    const numbers = this.#decisions.get(path)?.numbers ?? new Map<string, number>();
    const places = new Int32Array(numbers.size + 1).fill(-1);
    for (const [place, text] of options.entries()) {
      const number = numbers.get(text);
      if (number !== undefined) places[number] = place;
    }
    return places;
  }

  #decisionAt(path: string): NumberedDecision {
    const known = this.#decisions.get(path);
    if (known !== undefined) return known;
    const decision = { number: this.#decisions.size, numbers: new Map<string, number>() };
    this.#decisions.set(path, decision);
    return decision;
  }
}
