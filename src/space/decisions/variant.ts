/** @file A choice that opens further decisions: `variant`, a tagged union. */
import { UsageError } from '../../error.js';
import type { Json } from '../../json.js';
import type { Random } from '../../random.js';
import {
  answered,
  Decision,
  type DecisionPoint,
  type DecisionRow,
  type Infer,
  lift,
  OptionWeights,
  type Revision,
  ROOT,
} from './decision.js';
import type { Relaxed } from './mixture.js';
import { type DecisionFields, found, object } from './product.js';

/** The fields of two cases may share a name: the case belongs to the path of a decision. */
const within = (path: string, label: string): string => `${path}(${label})`;

type Tagged = { readonly [key: string]: Json };

interface Case {
  readonly label: string;
  readonly fields: Decision<Tagged>;
}

class Variant extends Decision<Tagged> {
  readonly #tag: string;
  readonly #cases: readonly Case[];
  readonly #labels: readonly string[];
  readonly #weights: OptionWeights;
  /** Where the code of each case's fields starts, after the one-hot tag. */
  readonly #starts: readonly number[];
  override readonly encodingLength: number;

  constructor(tag: string, cases: readonly Case[]) {
    super();
    if (cases.length === 0) throw new RangeError('a variant needs at least one case');
    this.#tag = tag;
    this.#cases = cases;
    this.#labels = cases.map(({ label }) => label);
    this.#weights = new OptionWeights(cases.map(({ fields }) => fields.size()));
    let length = cases.length === 1 ? 0 : cases.length;
    this.#starts = cases.map(({ fields }) => {
      const start = length;
      length += fields.encodingLength;
      return start;
    });
    this.encodingLength = length;
  }

  override size(): bigint {
    return this.#weights.total;
  }

  override sample(random: Random): Tagged {
    const { label, fields } = this.#case(this.#weights.draw(random));
    return this.#join(label, fields.sample(random));
  }

  override *enumerate(): Generator<Tagged> {
    for (const { label, fields } of this.#cases) {
      for (const value of fields.enumerate()) yield this.#join(label, value);
    }
  }

  override validate(value: unknown, path = ROOT): Tagged {
    if (typeof value !== 'object' || value === null || !(this.#tag in value)) {
      throw new UsageError(`${path} is ${found(value)}; an object with "${this.#tag}" is expected.`);
    }
    const { [this.#tag]: label, ...fields } = value as { readonly [key: string]: unknown };
    const chosen = this.#cases.find((one) => one.label === label);
    if (chosen !== undefined) return this.#join(chosen.label, chosen.fields.validate(fields, path));
    throw new UsageError(`${path}.${this.#tag} is ${found(label)}; allowed: ${this.#labels.join(', ')}.`);
  }

  override crossover(first: Tagged, second: Tagged, random: Random): Tagged {
    const [one, other] = [this.#split(first), this.#split(second)];
    if (one.option !== other.option) return random.integer(2) === 0 ? first : second;
    return this.#join(one.label, one.decision.crossover(one.fields, other.fields, random));
  }

  override *walk(path = ROOT): Generator<DecisionPoint, Tagged, number> {
    const point = { path: `${path}.${this.#tag}`, options: this.#labels };
    const { label, fields } = this.#case(this.#cases.length === 1 ? 0 : answered(yield point, point));
    return this.#join(label, yield* fields.walk(within(path, label)));
  }

  override revisions(value: Tagged, path = ROOT): Revision<Tagged>[] {
    const { option, label, decision, fields } = this.#split(value);
    const revisions = lift(decision.revisions(fields, within(path, label)), (changed) => this.#join(label, changed));
    return this.#cases.length === 1 ? revisions : [this.#reviseCase(option, path), ...revisions];
  }

  override writeCode(value: Tagged, code: number[], at: number): void {
    const { option, fields } = this.#split(value);
    if (this.#cases.length > 1) code[at + option] = 1;
    this.#case(option).fields.writeCode(fields, code, at + (this.#starts[option] ?? 0));
  }

  override describe(path = ROOT): DecisionRow[] {
    const rows = this.#cases.flatMap(({ label, fields }) => fields.describe(within(path, label)));
    return [{ path: `${path}.${this.#tag}`, options: this.#labels }, ...rows];
  }

  /** The last case; its own choices stay open. */
  override relaxed(path = ROOT): Relaxed {
    const { label, fields } = this.#case(this.#cases.length - 1);
    const open = fields.relaxed(within(path, label));
    return typeof open === 'object' && open !== null ? { [this.#tag]: label, ...open } : { [this.#tag]: label };
  }

  #reviseCase(option: number, path: string): Revision<Tagged> {
    const chosen = (other: number) => this.#case(other);
    const join = (label: string, fields: Tagged) => this.#join(label, fields);
    return {
      path: `${path}.${this.#tag}`,
      options: this.#labels,
      option,
      alternatives: [...this.#cases.keys()].filter((other) => other !== option),
      *every(other, growth = 'stays') {
        if (growth !== 'stays') return;
        const { label, fields } = chosen(other);
        for (const value of fields.enumerate()) yield join(label, value);
      },
      any: (other, random) => join(chosen(other).label, chosen(other).fields.sample(random)),
    };
  }

  #join(label: string, fields: Tagged): Tagged {
    return { [this.#tag]: label, ...fields };
  }

  #split(value: Tagged): { option: number; label: string; decision: Decision<Tagged>; fields: Tagged } {
    const { [this.#tag]: tag, ...fields } = value;
    const option = this.#cases.findIndex(({ label }) => label === tag);
    const { label, fields: decision } = this.#case(option);
    return { option, label, decision, fields };
  }

  #case(index: number): Case {
    const chosen = this.#cases[index];
    if (chosen === undefined) throw new RangeError(`there is no case ${index} among ${this.#labels.join(', ')}`);
    return chosen;
  }
}

/** The architectures of a variant: `{ [tag]: 'conv', …decisions of conv } | { [tag]: 'pool', … }`. */
export type Tagging<Tag extends string, C extends { readonly [label: string]: DecisionFields }> = {
  [L in keyof C]: { readonly [K in Tag | keyof C[L]]: K extends keyof C[L] ? Infer<C[L][K]> : L & string };
}[keyof C];

/**
 * One of the named cases; `tag` is the key that says which. A case's decisions exist only where it is chosen.
 * For example `variant('kind', { conv: { kernel: choice([3, 5]) }, identity: {} })`.
 */
export function variant<const Tag extends string, const C extends { readonly [label: string]: DecisionFields }>(
  tag: Tag,
  cases: C,
): Decision<Tagging<Tag, C>> {
  const rows = Object.entries(cases).map(([label, shape]) => ({ label, fields: object(shape) }));
  return new Variant(tag, rows) as Decision<Tagged> as Decision<Tagging<Tag, C>>;
}
