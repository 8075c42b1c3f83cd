/** @file One choice among values: `choice`, `ordinal`, `int`, `bool`. */
import { UsageError } from '../../error.js';
import type { Random } from '../../random.js';
import { answered, Decision, type DecisionPoint, type DecisionRow, type Revision, ROOT } from './decision.js';
import { Mixture, type Relaxed } from './mixture.js';

/** A value that an option may be. */
export type Literal = string | number | boolean;

/** Unordered options, which a supernet may mix. */
class Choice<T extends Literal> extends Decision<T> {
  readonly options: readonly T[];
  readonly #labels: readonly string[];
  readonly #indices: ReadonlyMap<unknown, number>;
  /** For each option the other ones. */
  readonly #others: readonly (readonly number[])[];

  constructor(options: readonly T[]) {
    super();
    this.options = options;
    this.#labels = options.map(String);
    this.#indices = new Map(options.map((option, index) => [option, index]));
    const indices = [...options.keys()];
    this.#others = indices.map((index) => indices.filter((other) => other !== index));
    if (options.length === 0) throw new RangeError('a choice needs at least one option');
    if (this.#indices.size < options.length) throw new RangeError(`options repeat: ${this.#labels.join(', ')}`);
  }

  override size(): bigint {
    return BigInt(this.options.length);
  }

  override sample(random: Random): T {
    return random.pick(this.options);
  }

  override *enumerate(): Generator<T> {
    yield* this.options;
  }

  override validate(value: unknown, path = ROOT): T {
    const index = this.#indices.get(value);
    if (index !== undefined) return this.#at(index);
    const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
    throw new UsageError(`${path} ${found}; allowed: ${this.#labels.join(', ')}.`);
  }

  override crossover(first: T, second: T, random: Random): T {
    return random.integer(2) === 0 ? first : second;
  }

  override *walk(path = ROOT): Generator<DecisionPoint, T, number> {
    if (this.options.length === 1) return this.#at(0);
    const point = { path, options: this.#labels };
    return this.#at(answered(yield point, point));
  }

  override revisions(value: T, path = ROOT): Revision<T>[] {
    if (this.options.length === 1) return [];
    const current = this.indexOf(value);
    const at = (option: number) => this.#at(option);
    return [
      {
        path,
        options: this.#labels,
        option: current,
        alternatives: this.#others[current] ?? [],
        *every(option, growth = 'stays') {
          if (growth === 'stays') yield at(option);
        },
        any: at,
      },
    ];
  }

  override get encodingLength(): number {
    return this.options.length === 1 ? 0 : this.options.length;
  }

  override writeCode(value: T, code: number[], at: number): void {
    if (this.encodingLength > 0) code[at + this.indexOf(value)] = 1;
  }

  override describe(path = ROOT): DecisionRow[] {
    return [{ path, options: this.#labels }];
  }

  override relaxed(path = ROOT): Relaxed {
    return this.options.length === 1 ? this.#at(0) : new Mixture(path, this.options);
  }

  protected indexOf(value: T): number {
    const index = this.#indices.get(value);
    if (index === undefined) throw new RangeError(`${String(value)} is not among ${this.#labels.join(', ')}`);
    return index;
  }

  #at(index: number): T {
    const option = this.options[index];
    if (option === undefined) throw new RangeError(`there is no option ${index} among ${this.#labels.join(', ')}`);
    return option;
  }
}

/** Options in order, encoded by rank and never mixed: a supernet has the last one, which is the largest. */
class Ordinal<T extends Literal> extends Choice<T> {
  override get encodingLength(): number {
    return this.options.length === 1 ? 0 : 1;
  }

  override writeCode(value: T, code: number[], at: number): void {
    if (this.encodingLength > 0) code[at] = (this.indexOf(value) + 1) / this.options.length;
  }

  override relaxed(): Relaxed {
    return this.options[this.options.length - 1] ?? null;
  }
}

/** One of the values, which have no order: operators, activations. A supernet may mix them. */
export function choice<const T extends Literal>(options: readonly T[]): Decision<T> {
  return new Choice(options);
}

/** One of the values, which grow: widths, ratios. */
export function ordinal(options: readonly number[]): Decision<number> {
  if (options.some((option, index) => index > 0 && option <= (options[index - 1] ?? option))) {
    throw new RangeError(`ordinal options must grow: ${options.join(', ')}`);
  }
  return new Ordinal<number>(options);
}

/** An integer from `min` to `max`, both included, in steps of `step` (default 1). */
export function int({ min, max, step = 1 }: { min: number; max: number; step?: number }): Decision<number> {
  if (![min, max, step].every(Number.isInteger) || step < 1 || min > max) {
    throw new RangeError(`int needs integers with min <= max and step >= 1, not ${min}, ${max}, ${step}`);
  }
  return ordinal(Array.from({ length: Math.floor((max - min) / step) + 1 }, (_, index) => min + index * step));
}

/** Yes or no. */
export function bool(): Decision<boolean> {
  return new Ordinal<boolean>([false, true]);
}
