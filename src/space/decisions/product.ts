/** @file Several decisions at once: `object` names them, `tuple` orders them. */
import { UsageError } from '../../error.js';
import type { Json } from '../../json.js';
import type { Random } from '../../random.js';
import { didYouMean } from '../../suggestion.js';
import {
  combinations,
  Decision,
  type DecisionPoint,
  type DecisionRow,
  type Infer,
  lift,
  type Revision,
  ROOT,
} from './decision.js';
import type { Relaxed } from './mixture.js';

/** Decisions by name. */
export type DecisionFields = { readonly [key: string]: Decision<Json> };
type Fields = { readonly [key: string]: Json };

class ObjectDecision extends Decision<Fields> {
  readonly #keys: readonly string[];
  readonly #parts: readonly (readonly [string, Decision<Json>])[];
  override readonly encodingLength: number;

  constructor(shape: DecisionFields) {
    super();
    this.#keys = Object.keys(shape);
    this.#parts = Object.entries(shape);
    this.encodingLength = this.#parts.reduce((length, [, part]) => length + part.encodingLength, 0);
  }

  override size(): bigint {
    return this.#parts.reduce((size, [, part]) => size * part.size(), 1n);
  }

  override sample(random: Random): Fields {
    return this.#each((_, part) => part.sample(random));
  }

  override *enumerate(): Generator<Fields> {
    for (const values of combinations(this.#parts.map(([, part]) => part))) {
      yield Object.fromEntries(values.map((value, index) => [this.#keys[index] ?? '', value]));
    }
  }

  override validate(value: unknown, path = ROOT): Fields {
    if (!isRecord(value)) {
      throw new UsageError(`${path} is ${found(value)}; an object with the keys ${this.#keys.join(', ')} is expected.`);
    }
    for (const key of Object.keys(value)) {
      if (this.#keys.includes(key)) continue;
      throw new UsageError(`${path} has the unknown key "${key}"${didYouMean(key, this.#keys)}.`);
    }
    return this.#each((key, part) => part.validate(value[key], `${path}.${key}`));
  }

  override crossover(first: Fields, second: Fields, random: Random): Fields {
    return this.#each((key, part) => part.crossover(field(first, key), field(second, key), random));
  }

  override *walk(path = ROOT): Generator<DecisionPoint, Fields, number> {
    const values: { [key: string]: Json } = {};
    for (const [key, part] of this.#parts) values[key] = yield* part.walk(`${path}.${key}`);
    return values;
  }

  override revisions(value: Fields, path = ROOT): Revision<Fields>[] {
    return this.#parts.flatMap(([key, part]) =>
      lift(part.revisions(field(value, key), `${path}.${key}`), (changed) => ({ ...value, [key]: changed })),
    );
  }

  override writeCode(value: Fields, code: number[], at: number): void {
    let start = at;
    for (const [key, part] of this.#parts) {
      part.writeCode(field(value, key), code, start);
      start += part.encodingLength;
    }
  }

  override describe(path = ROOT): DecisionRow[] {
    return this.#parts.flatMap(([key, part]) => part.describe(`${path}.${key}`));
  }

  override relaxed(path = ROOT): Relaxed {
    return Object.fromEntries(this.#parts.map(([key, part]) => [key, part.relaxed(`${path}.${key}`)]));
  }

  #each(value: (key: string, part: Decision<Json>) => Json): Fields {
    const fields: { [key: string]: Json } = {};
    for (const [key, part] of this.#parts) fields[key] = value(key, part);
    return fields;
  }
}

/** All of the named decisions. */
export function object<S extends DecisionFields>(shape: S): Decision<{ readonly [K in keyof S]: Infer<S[K]> }> {
  return new ObjectDecision(shape) as Decision<Fields> as Decision<{ readonly [K in keyof S]: Infer<S[K]> }>;
}

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value as an error message shows it. */
export const found = (value: unknown): string =>
  value === undefined ? 'missing' : (JSON.stringify(value)?.slice(0, 80) ?? typeof value);

function field(value: Fields, key: string): Json {
  const part = value[key];
  if (part === undefined) throw new RangeError(`the architecture lacks "${key}"`);
  return part;
}
