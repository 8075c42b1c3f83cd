/** @file Which of several decisions are taken at all: `selection`, such as the edges that a node of a cell keeps. */
import { UsageError } from '../../error.js';
import type { Json } from '../../json.js';
import type { Random } from '../../random.js';
import {
  answered,
  combinations,
  Decision,
  type DecisionPoint,
  type DecisionRow,
  type Infer,
  lift,
  OptionWeights,
  type Revision,
  ROOT,
} from './decision.js';
import { Mixture, type Relaxed } from './mixture.js';
import { type DecisionFields, found } from './product.js';

type Selected = { readonly [key: string]: Json };

class Selection extends Decision<Selected> {
  readonly #items: ReadonlyMap<string, Decision<Json>>;
  readonly #count: number;
  readonly #absent: string | undefined;
  /** Every set of `count` keys, in the order of the items. */
  readonly #sets: readonly (readonly string[])[];
  readonly #labels: readonly string[];
  /** How many architectures each set has. */
  readonly #weights: OptionWeights;
  override readonly encodingLength: number;

  constructor(items: DecisionFields, count: number, absent: string | undefined) {
    super();
    const keys = Object.keys(items);
    if (!Number.isInteger(count) || count < 0 || count > keys.length) {
      throw new RangeError(`a selection from ${keys.length} items cannot have ${count}`);
    }
    this.#items = new Map(Object.entries(items));
    this.#count = count;
    this.#absent = absent;
    this.#sets = subsets(keys, count);
    this.#labels = this.#sets.map((set) => set.join('+'));
    this.#weights = new OptionWeights(
      this.#sets.map((set) => set.reduce((size, key) => size * this.#item(key).size(), 1n)),
    );
    this.encodingLength = Object.values(items).reduce((length, item) => length + 1 + item.encodingLength, 0);
  }

  override size(): bigint {
    return this.#weights.total;
  }

  override sample(random: Random): Selected {
    return this.#each(this.#set(this.#weights.draw(random)), (item) => item.sample(random));
  }

  override *enumerate(): Generator<Selected> {
    for (const set of this.#sets) {
      for (const values of combinations(set.map((key) => this.#item(key)))) {
        yield Object.fromEntries(set.map((key, index) => [key, values[index] ?? null]));
      }
    }
  }

  override validate(value: unknown, path = ROOT): Selected {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new UsageError(`${path} is ${found(value)}; an object with ${this.#expected()} is expected.`);
    }
    const given: { readonly [key: string]: unknown } = { ...value };
    const unknown = Object.keys(given).find((key) => !this.#items.has(key));
    if (unknown !== undefined || Object.keys(given).length !== this.#count) {
      throw new UsageError(`${path} has the keys ${Object.keys(given).join(', ')}; allowed: ${this.#expected()}.`);
    }
    const set = [...this.#items.keys()].filter((key) => key in given);
    return this.#each(set, (item, key) => item.validate(given[key], `${path}.${key}`));
  }

  /** The set is that of one parent; items that both have are crossed. */
  override crossover(first: Selected, second: Selected, random: Random): Selected {
    const [whole, other] = random.integer(2) === 0 ? [first, second] : [second, first];
    return this.#each(Object.keys(whole), (item, key) => {
      const mate = other[key];
      return mate === undefined ? part(whole, key) : item.crossover(part(whole, key), mate, random);
    });
  }

  override *walk(path = ROOT): Generator<DecisionPoint, Selected, number> {
    const point = { path, options: this.#labels };
    const set = this.#set(this.#labels.length === 1 ? 0 : answered(yield point, point));
    const values: { [key: string]: Json } = {};
    for (const key of set) values[key] = yield* this.#item(key).walk(`${path}.${key}`);
    return values;
  }

  override revisions(value: Selected, path = ROOT): Revision<Selected>[] {
    const revisions = Object.keys(value).flatMap((key) =>
      lift(this.#item(key).revisions(part(value, key), `${path}.${key}`), (changed) => ({ ...value, [key]: changed })),
    );
    return this.#sets.length === 1 ? revisions : [this.#reviseSet(value, path), ...revisions];
  }

  /** For each item whether it is there, and its own code. */
  override writeCode(value: Selected, code: number[], at: number): void {
    let start = at;
    for (const [key, item] of this.#items) {
      const chosen = value[key];
      if (chosen !== undefined) {
        code[start] = 1;
        item.writeCode(chosen, code, start + 1);
      }
      start += 1 + item.encodingLength;
    }
  }

  override describe(path = ROOT): DecisionRow[] {
    const set = this.#sets.length === 1 ? [] : [{ path, options: this.#labels }];
    const [first, ...others] = this.#items;
    const last = others.at(-1);
    const isAlike = first !== undefined && others.every(([, item]) => item === first[1]);
    if (isAlike && last !== undefined) return [...set, ...first[1].describe(`${path}.${first[0]}..${last[0]}`)];
    return [...set, ...[...this.#items].flatMap(([key, item]) => item.describe(`${path}.${key}`))];
  }

  override relaxed(path = ROOT): Relaxed {
    return Object.fromEntries(
      [...this.#items].map(([key, item]) => {
        const open = item.relaxed(`${path}.${key}`);
        const mayBeAbsent = this.#absent !== undefined && open instanceof Mixture;
        return [key, mayBeAbsent ? new Mixture<Json>(open.path, [this.#absent ?? null, ...open.options]) : open];
      }),
    );
  }

  #reviseSet(value: Selected, path: string): Revision<Selected> {
    const current = Object.keys(value);
    const option = this.#labels.indexOf(current.join('+'));
    const added = (other: number) => this.#set(other).filter((key) => !(key in value));
    const joined = (other: number, values: readonly Json[]) => {
      const fresh = new Map(added(other).map((key, index) => [key, values[index] ?? null]));
      return this.#each(this.#set(other), (_, key) => fresh.get(key) ?? part(value, key));
    };
    const items = (other: number) => added(other).map((key) => this.#item(key));
    return {
      path,
      options: this.#labels,
      option,
      alternatives: [...this.#sets.keys()].filter((other) => added(other).length === 1),
      *every(other, growth = 'stays') {
        if (growth !== 'stays') return;
        for (const values of combinations(items(other))) yield joined(other, values);
      },
      any: (other, random) =>
        joined(
          other,
          items(other).map((item) => item.sample(random)),
        ),
    };
  }

  #each(keys: readonly string[], value: (item: Decision<Json>, key: string) => Json): Selected {
    return Object.fromEntries(keys.map((key) => [key, value(this.#item(key), key)]));
  }

  #set(index: number): readonly string[] {
    const set = this.#sets[index];
    if (set === undefined) throw new RangeError(`there is no set ${index} among ${this.#labels.join(', ')}`);
    return set;
  }

  #item(key: string): Decision<Json> {
    const item = this.#items.get(key);
    if (item === undefined) throw new RangeError(`there is no item ${key} among ${[...this.#items.keys()].join(', ')}`);
    return item;
  }

  #expected(): string {
    return `${this.#count} of the keys ${[...this.#items.keys()].join(', ')}`;
  }
}

/** Every set of `count` of the keys, each in their order. */
function subsets(keys: readonly string[], count: number): string[][] {
  if (count === 0) return [[]];
  return keys.flatMap((key, index) => subsets(keys.slice(index + 1), count - 1).map((others) => [key, ...others]));
}

function part(value: Selected, key: string): Json {
  const chosen = value[key];
  if (chosen === undefined) throw new RangeError(`the architecture lacks "${key}"`);
  return chosen;
}

/** Which of the selections are allowed. */
export interface SelectionOptions {
  /**
   * What an open choice has, as its first option, for the item's not being selected: a supernet keeps all items, and the
   * weight of this option says how dispensable an item is. Default: no such option.
   */
  readonly absent?: string;
}

/**
 * `count` of the named decisions are taken, in no order; the others are absent. For example
 * `selection({ 0: operator, 1: operator, 2: operator }, 2)` for a node of a cell that keeps two of three edges: an
 * architecture is `{ "0": "sep_conv_3x3", "2": "skip_connect" }`.
 *
 * Which items is one decision, whose options are the sets (label `0+2`), and a revision exchanges one item.
 */
export function selection<D extends Decision<Json>>(
  items: { readonly [key: string]: D },
  count: number,
  { absent }: SelectionOptions = {},
): Decision<{ readonly [key: string]: Infer<D> }> {
  return new Selection(items, count, absent) as Decision<Selected> as Decision<{ readonly [key: string]: Infer<D> }>;
}
