/** @file Decisions in a row: `repeat` with a fixed or decided length, `tuple`. */
import { UsageError } from '../../error.js';
import type { Json } from '../../json.js';
import type { Random } from '../../random.js';
import {
  answered,
  combinations,
  Decision,
  type DecisionPoint,
  type DecisionRow,
  type Growth,
  type Infer,
  lift,
  OptionWeights,
  type Revision,
  ROOT,
} from './decision.js';
import type { Relaxed } from './mixture.js';
import { found } from './product.js';

/** First how many, then exactly that many items. Longer ones keep the items of shorter ones and append. */
class Repeat extends Decision<readonly Json[]> {
  /** As many as the longest has. */
  readonly #items: readonly Decision<Json>[];
  readonly #min: number;
  /** The question of the length. */
  readonly #lengths: readonly string[];
  /** How many architectures each length has. */
  readonly #weights: OptionWeights;
  override readonly encodingLength: number;

  constructor(items: readonly Decision<Json>[], min: number) {
    super();
    this.#items = items;
    this.#min = min;
    const lengths = Array.from({ length: items.length - min + 1 }, (_, index) => min + index);
    this.#lengths = lengths.map(String);
    this.#weights = new OptionWeights(
      lengths.map((length) => items.slice(0, length).reduce((size, item) => size * item.size(), 1n)),
    );
    this.encodingLength = items.reduce((length, item) => length + item.encodingLength, lengths.length === 1 ? 0 : 1);
  }

  override size(): bigint {
    return this.#weights.total;
  }

  override sample(random: Random): readonly Json[] {
    const length = this.#min + this.#weights.draw(random);
    return this.#items.slice(0, length).map((item) => item.sample(random));
  }

  override *enumerate(): Generator<readonly Json[]> {
    for (const option of this.#lengths.keys()) yield* combinations(this.#items.slice(0, this.#min + option));
  }

  override validate(value: unknown, path = ROOT): readonly Json[] {
    if (!Array.isArray(value))
      throw new UsageError(`${path} is ${found(value)}; a list of ${this.#range()} is expected.`);
    if (value.length < this.#min || value.length > this.#items.length) {
      throw new UsageError(`${path} has ${value.length} items; allowed: ${this.#range()}.`);
    }
    return this.#items.slice(0, value.length).map((item, index) => item.validate(value[index], `${path}[${index}]`));
  }

  override crossover(first: readonly Json[], second: readonly Json[], random: Random): readonly Json[] {
    const [whole, other] = random.integer(2) === 0 ? [first, second] : [second, first];
    return whole.map((value, index) => {
      const mate = other[index];
      return mate === undefined ? value : this.#item(index).crossover(value, mate, random);
    });
  }

  override *walk(path = ROOT): Generator<DecisionPoint, readonly Json[], number> {
    const point = { path: `${path}.length`, options: this.#lengths };
    const length = this.#min + (this.#lengths.length === 1 ? 0 : answered(yield point, point));
    const values: Json[] = [];
    for (const [index, item] of this.#items.slice(0, length).entries()) {
      values.push(yield* item.walk(`${path}[${index}]`));
    }
    return values;
  }

  override revisions(values: readonly Json[], path = ROOT): Revision<readonly Json[]>[] {
    const revisions = values.flatMap((value, index) =>
      lift(this.#item(index).revisions(value, `${path}[${index}]`), (changed) => values.with(index, changed)),
    );
    return this.#lengths.length === 1 ? revisions : [this.#reviseLength(values, path), ...revisions];
  }

  override writeCode(values: readonly Json[], code: number[], at: number): void {
    let start = at;
    if (this.#lengths.length > 1) code[start++] = (values.length - this.#min + 1) / this.#lengths.length;
    for (const [index, value] of values.entries()) {
      const item = this.#item(index);
      item.writeCode(value, code, start);
      start += item.encodingLength;
    }
  }

  override describe(path = ROOT): DecisionRow[] {
    const length = this.#lengths.length === 1 ? [] : [{ path: `${path}.length`, options: this.#lengths }];
    const alike = this.#items.length > 1 && this.#items.every((item) => item === this.#items[0]);
    const items = alike
      ? this.#item(0).describe(`${path}[0..${this.#items.length - 1}]`)
      : this.#items.flatMap((item, index) => item.describe(`${path}[${index}]`));
    return [...length, ...items];
  }

  override relaxed(path = ROOT): Relaxed {
    return this.#items.map((item, index) => item.relaxed(`${path}[${index}]`));
  }

  #reviseLength(values: readonly Json[], path: string): Revision<readonly Json[]> {
    const option = values.length - this.#min;
    const growthTo = (other: number): Growth => (other > option ? 'grows' : 'shrinks');
    const kept = (other: number) => values.slice(0, this.#min + other);
    const added = (other: number) => this.#items.slice(values.length, this.#min + other);
    return {
      path: `${path}.length`,
      options: this.#lengths,
      option,
      alternatives: [option - 1, option + 1].filter((other) => other >= 0 && other < this.#lengths.length),
      *every(other, growth = growthTo(other)) {
        if (growth !== growthTo(other)) return;
        for (const items of combinations(added(other))) yield [...kept(other), ...items];
      },
      any: (other, random) => [...kept(other), ...added(other).map((item) => item.sample(random))],
    };
  }

  #item(index: number): Decision<Json> {
    const item = this.#items[index];
    if (item === undefined) throw new RangeError(`there are at most ${this.#items.length} items`);
    return item;
  }

  #range(): string {
    return this.#lengths.length === 1 ? `${this.#min} items` : `${this.#min} to ${this.#items.length} items`;
  }
}

/**
 * The same decisions several times over. A length `{ min, max }` is itself a decision.
 * @param item what repeats; as a function of the position, items may differ: in a cell, node `i` chooses among its
 *   predecessors with `repeat((i) => object({ from: choice([...Array(2 + i).keys()]), operator }), 5)`.
 */
export function repeat<D extends Decision<Json>>(
  item: D | ((position: number) => D),
  length: number | { min: number; max: number },
): Decision<readonly Infer<D>[]> {
  const { min, max } = typeof length === 'number' ? { min: length, max: length } : length;
  if (![min, max].every(Number.isInteger) || min < 0 || min > max) {
    throw new RangeError(`repeat needs a length with 0 <= min <= max, not ${min} to ${max}`);
  }
  const items = Array.from({ length: max }, (_, position) => (typeof item === 'function' ? item(position) : item));
  return new Repeat(items, min) as Decision<readonly Json[]> as Decision<readonly Infer<D>[]>;
}

/** All of the decisions, in this order. */
export function tuple<const D extends readonly Decision<Json>[]>(
  ...items: D
): Decision<{ readonly [K in keyof D]: Infer<D[K]> }> {
  return new Repeat(items, items.length) as Decision<readonly Json[]> as Decision<{
    readonly [K in keyof D]: Infer<D[K]>;
  }>;
}
