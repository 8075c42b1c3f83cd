/** @file What a decision is: a description of alternatives from which sampling, counting, editing and encoding follow. */
import { canonicalJson, type Json } from '../../json.js';
import type { Random } from '../../random.js';
import type { Relaxed } from './mixture.js';

/** The architecture type that a decision describes: `type Architecture = Infer<typeof decisions>`. */
export type Infer<D> = D extends Decision<infer A> ? A : never;

/** One question of a decision sequence: where it is asked and what may be answered. */
export interface DecisionPoint {
  /** For example `architecture.stages[1].kernel`. */
  readonly path: string;
  /** At least two labels; an answer is the index of one. */
  readonly options: readonly string[];
}

/** A question with the answer that an architecture gives to it. */
export interface Decided extends DecisionPoint {
  readonly option: number;
}

/** One line of the description of a space: where decisions are taken and among what. */
export interface DecisionRow {
  /** Decisions that repeat alike share a row, such as `architecture.stages[0..2].kernel`. */
  readonly path: string;
  readonly options: readonly string[];
}

/** What an edit does to the size of an architecture: one list gains an item or loses one while all else stays, or neither. */
export type Growth = 'grows' | 'shrinks' | 'stays';

/** A decision that an architecture has taken, and the ways to take it differently while all else stays. */
export interface Revision<A> extends Decided {
  /** The options that are one edit away: every other one that is legal, or for a length the next shorter and longer. */
  readonly alternatives: readonly number[];
  /**
   * Every architecture that takes this option instead; several where the option opens further decisions.
   * @param growth of which edits; by default of all
   */
  every(option: number, growth?: Growth): Generator<A>;
  /** One such architecture, uniformly; `every` must have one. */
  any(option: number, random: Random, growth?: Growth): A;
}

/** Where the names of decisions begin. */
export const ROOT = 'architecture';

/**
 * A set of architectures, described by the decisions that tell them apart. Architectures are plain, immutable JSON.
 *
 * A combinator supplies the abstract methods; mutation, neighbours and decision sequences follow from them. Every
 * decision that an architecture holds has an effect: what another decision switches off is absent, not ignored.
 */
export abstract class Decision<A extends Json> {
  /** The exact number of architectures. */
  abstract size(): bigint;

  /** An architecture, each as likely as the others. */
  abstract sample(random: Random): A;

  /** Every architecture once, lazily, always in the same order. */
  abstract enumerate(): Generator<A>;

  /**
   * The value as an architecture, its keys in the order of the description.
   * @throws {UsageError} where it is none, with the path, the value found and the values allowed
   */
  abstract validate(value: unknown, path?: string): A;

  /** A child that takes each decision as one of its parents does, each with the same chance. */
  abstract crossover(first: A, second: A, random: Random): A;

  /** Asks one question after the other; `next(index)` answers; returns the architecture. Start with `next()`. */
  abstract walk(path?: string): Generator<DecisionPoint, A, number>;

  /** The decisions that the architecture has taken, in the order of `walk`. */
  abstract revisions(architecture: A, path?: string): Revision<A>[];

  /** How many numbers `encode` gives. */
  abstract readonly encodingLength: number;

  /** Numbers in [0, 1] for a surrogate: one-hot for unordered options, the rank for ordered ones, zeros where absent. */
  encode(architecture: A): number[] {
    const code = new Array<number>(this.encodingLength).fill(0);
    this.writeCode(architecture, code, 0);
    return code;
  }

  /** Writes the numbers that are not zero, from the index `at` on, into a code of zeros. */
  abstract writeCode(architecture: A, code: number[], at: number): void;

  /** What `nas spaces NAME` shows. */
  abstract describe(path?: string): DecisionRow[];

  /** The description with its relaxable choices left open: see `relax` of relax.ts. */
  abstract relaxed(path?: string): Relaxed;

  /**
   * A neighbour: a decision drawn uniformly among those taken, then another option for it, drawn uniformly. Where no
   * single edit is legal, any other architecture.
   * @throws {RangeError} where this is the only architecture
   */
  mutate(architecture: A, random: Random): A {
    const editable = this.revisions(architecture).filter(({ alternatives }) => alternatives.length > 0);
    if (editable.length === 0) return this.#another(architecture, random);
    const { any, alternatives } = random.pick(editable);
    return any(random.pick(alternatives), random);
  }

  /** Every architecture that differs in one decision (and in those which that one opens or closes). Symmetric. */
  *neighbours(architecture: A): Generator<A> {
    for (const { every, alternatives } of this.revisions(architecture)) {
      for (const option of alternatives) yield* every(option);
    }
  }

  /** The questions and answers that lead to the architecture. */
  sequence(architecture: A): Decided[] {
    return this.revisions(architecture).map(({ path, options, option }) => ({ path, options, option }));
  }

  /**
   * The architecture to which the answers lead.
   * @throws {RangeError} where there are too few or too many answers, or one is not among its options
   */
  rebuild(answers: Iterable<number>): A {
    const walk = this.walk();
    let step = walk.next(Number.NaN);
    let taken = 0;
    for (const answer of answers) {
      if (step.done) throw new RangeError(`the sequence ends after ${taken} decisions`);
      step = walk.next(answer);
      taken++;
    }
    if (!step.done) throw new RangeError(`the sequence lacks a decision: ${step.value.path}`);
    return step.value;
  }

  #another(architecture: A, random: Random): A {
    if (this.size() === 1n) throw new RangeError('a space of one architecture has no mutations');
    const key = canonicalJson(architecture);
    for (;;) {
      const other = this.sample(random);
      if (canonicalJson(other) !== key) return other;
    }
  }
}

/** The revisions of a part as revisions of the whole. */
export function lift<B, A>(revisions: readonly Revision<B>[], whole: (part: B) => A): Revision<A>[] {
  return revisions.map((revision) => ({
    path: revision.path,
    options: revision.options,
    option: revision.option,
    alternatives: revision.alternatives,
    *every(option, growth) {
      for (const part of revision.every(option, growth)) yield whole(part);
    },
    any: (option, random, growth) => whole(revision.any(option, random, growth)),
  }));
}

/** Every way to take one value of each decision, in the order of an odometer whose last wheel turns fastest. */
export function* combinations(decisions: readonly Decision<Json>[]): Generator<Json[]> {
  const [first, ...rest] = decisions;
  if (first === undefined) yield [];
  else for (const value of first.enumerate()) for (const others of combinations(rest)) yield [value, ...others];
}

/** Draws an index in proportion to exact weights. */
export class OptionWeights {
  readonly total: bigint;
  readonly #weights: readonly bigint[];
  readonly #equal: boolean;

  constructor(weights: readonly bigint[]) {
    this.#weights = weights;
    this.total = weights.reduce((sum, weight) => sum + weight, 0n);
    this.#equal = weights.every((weight) => weight === weights[0]);
  }

  draw(random: Random): number {
    if (this.#equal) return random.integer(this.#weights.length);
    let left = random.bigint(this.total);
    const index = this.#weights.findIndex((weight) => {
      left -= weight;
      return left < 0n;
    });
    return index;
  }
}

/** The answer, if it is the index of an option. */
export function answered(answer: number, point: DecisionPoint): number {
  if (Number.isInteger(answer) && answer >= 0 && answer < point.options.length) return answer;
  throw new RangeError(`${point.path} has options 0 to ${point.options.length - 1}, not ${answer}`);
}
