/** @file What architectures answer to the questions of a space, as numbers that are quick to compare. */
import type { Decided } from '../../space/decisions/decision.js';

/**
 * The number of the answer that an architecture gives, by the number of the question; 0, or beyond the end, where it is
 * not asked.
 */
export type Answers = Int32Array;

/** The number of the answer of an architecture to a question. */
export const answerTo = (answers: Answers, question: number): number =>
  question < answers.length ? (answers[question] as number) : 0;

interface Question {
  readonly number: number;
  /** Numbers from 1 on, by the text of the answer. */
  readonly numbers: Map<string, number>;
}

/**
 * Numbers questions by their paths and answers by their texts, as they are met. An answer is its text and not its place
 * among the options: in a grammar, what may be answered at a path depends on the answers before.
 */
export class AnswerNumbers {
  readonly #questions = new Map<string, Question>();

  of(sequence: readonly Decided[]): Answers {
    const numbered = sequence.map(({ path, options, option }) => {
      const { number, numbers } = this.#questionAt(path);
      const text = options[option] ?? '';
      const answer = numbers.get(text) ?? numbers.size + 1;
      numbers.set(text, answer);
      return { number, answer };
    });
    const answers = new Int32Array(this.#questions.size);
    for (const { number, answer } of numbered) answers[number] = answer;
    return answers;
  }

  /** The number of the question at a path, `undefined` where no architecture was asked it. */
  questionAt(path: string): number | undefined {
    return this.#questions.get(path)?.number;
  }

  /**
   * For each number that an answer at the path may have, where it stands among the options that there are now: −1 where it
   * is not among them, as 0 is not.
   */
  placesAmong(path: string, options: readonly string[]): Int32Array {
    const numbers = this.#questions.get(path)?.numbers ?? new Map<string, number>();
    const places = new Int32Array(numbers.size + 1).fill(-1);
    for (const [place, text] of options.entries()) {
      const number = numbers.get(text);
      if (number !== undefined) places[number] = place;
    }
    return places;
  }

  #questionAt(path: string): Question {
    const known = this.#questions.get(path);
    if (known !== undefined) return known;
    const question = { number: this.#questions.size, numbers: new Map<string, number>() };
    this.#questions.set(path, question);
    return question;
  }
}
