/** @file A chain of tokens in which what came before decides what may follow: `grammar`. */
import { UsageError } from '../../error.js';
import { canonicalJson, type Json } from '../../json.js';
import type { Random } from '../../random.js';
import {
  answered,
  Decision,
  type DecisionPoint,
  type DecisionRow,
  type Growth,
  OptionWeights,
  type Revision,
  ROOT,
} from './decision.js';
import type { Relaxed } from './mixture.js';
import { found } from './product.js';

/** What a grammar is made of: states, which are JSON, and the tokens that lead from one to the next. */
export interface Grammar<T extends Json, S> {
  readonly start: S;
  /** The tokens that may come next; a chain ends in a state that has none. */
  tokens(state: S): readonly T[];
  /** Where a token leads. No state may come back to itself. */
  next(state: S, token: T): S;
  /** A token as descriptions and error messages show it. Default: the text itself, or JSON. */
  label?(token: T): string;
}

/** A state with its future. States that are equal as JSON are one place, so that counting is dynamic programming. */
interface Place<T> {
  readonly tokens: readonly T[];
  readonly labels: readonly string[];
  /** Options by the JSON of their token. */
  readonly options: ReadonlyMap<string, number>;
  /** Where each option leads. */
  readonly next: readonly Place<T>[];
  /** How many chains go on from each option. */
  readonly weights: OptionWeights;
}

/** Options that an error message lists. */
const LISTED = 24;

class Chain<T extends Json, S> extends Decision<readonly T[]> {
  readonly #grammar: Grammar<T, S>;
  #root: Place<T> | undefined;
  #labels: readonly (readonly string[])[] | undefined;

  constructor(grammar: Grammar<T, S>) {
    super();
    this.#grammar = grammar;
  }

  override size(): bigint {
    return sizeOf(this.#start);
  }

  override sample(random: Random): readonly T[] {
    return this.#follow((place) => place.weights.draw(random));
  }

  override *enumerate(): Generator<readonly T[]> {
    yield* chainsFrom(this.#start);
  }

  override validate(value: unknown, path = ROOT): readonly T[] {
    if (!Array.isArray(value)) throw new UsageError(`${path} is ${found(value)}; a list is expected.`);
    let place = this.#start;
    const tokens = value.map((token: Json, index) => {
      const step = stepOf(place, token);
      if (step !== undefined) {
        place = step.place;
        return step.token;
      }
      if (place.tokens.length > 0) throw new UsageError(`${path}[${index}] is ${found(token)}; ${allowed(place)}.`);
      throw new UsageError(`${path} goes on with ${found(token)} where it must end, after ${index} items.`);
    });
    if (place.tokens.length === 0) return tokens;
    throw new UsageError(`${path} ends after ${tokens.length} items; ${allowed(place)}.`);
  }

  /** From the start, each token as one of the parents has it at that position, where the rest can still be completed. */
  override crossover(first: readonly T[], second: readonly T[], random: Random): readonly T[] {
    const parents = [first, second];
    const dead = new Map<Place<T>, Set<number>>();
    const complete = (place: Place<T>, position: number): readonly T[] | null => {
      if (place.tokens.length === 0) return [];
      if (dead.get(place)?.has(position)) return null;
      for (const parent of random.shuffle(parents)) {
        const token = parent[position];
        const step = token === undefined ? undefined : stepOf(place, token);
        const rest = step && complete(step.place, position + 1);
        if (step && rest) return [step.token, ...rest];
      }
      dead.set(place, (dead.get(place) ?? new Set()).add(position));
      return null;
    };
    return complete(this.#start, 0) ?? random.pick(parents);
  }

  override *walk(path = ROOT): Generator<DecisionPoint, readonly T[], number> {
    const tokens: T[] = [];
    for (let place = this.#start; place.tokens.length > 0; ) {
      const point = { path: `${path}[${tokens.length}]`, options: place.labels };
      const option = place.tokens.length === 1 ? 0 : answered(yield point, point);
      tokens.push(tokenAt(place, option));
      place = placeAt(place, option);
    }
    return tokens;
  }

  /** Edits replace, insert or drop one token and leave the others as they are; each belongs to the first token that differs. */
  override revisions(tokens: readonly T[], path = ROOT): Revision<readonly T[]>[] {
    const keys = tokens.map(canonicalJson);
    const revisions: Revision<readonly T[]>[] = [];
    let place = this.#start;
    for (const [index, key] of keys.entries()) {
      const option = place.options.get(key) ?? Number.NaN;
      const edits = place.tokens.map((token, other) => {
        if (other === option) return [];
        const rests: { readonly growth: Growth; readonly from: number }[] = [
          { growth: 'grows', from: index },
          { growth: 'stays', from: index + 1 },
        ];
        if (keys[index + 1] === canonicalJson(token)) rests.push({ growth: 'shrinks', from: index + 2 });
        return rests
          .filter(({ from }) => accepts(placeAt(place, other), keys, from))
          .map(({ growth, from }) => ({ growth, edited: [...tokens.slice(0, index), token, ...tokens.slice(from)] }));
      });
      if (place.tokens.length > 1) revisions.push(revisionOf(`${path}[${index}]`, place.labels, option, edits));
      place = placeAt(place, option);
    }
    return revisions;
  }

  override get encodingLength(): number {
    return this.#positions.reduce((length, labels) => length + labels.length, 0);
  }

  /** One-hot at each position over all tokens that can stand there. */
  override writeCode(tokens: readonly T[], code: number[], at: number): void {
    let start = at;
    for (const [index, token] of tokens.entries()) {
      const labels = this.#positions[index] ?? [];
      code[start + labels.indexOf(this.#label(token))] = 1;
      start += labels.length;
    }
  }

  override describe(path = ROOT): DecisionRow[] {
    const rows: { from: number; to: number; options: readonly string[] }[] = [];
    for (const [index, options] of this.#positions.entries()) {
      const last = rows.at(-1);
      if (last !== undefined && String(last.options) === String(options)) last.to = index;
      else rows.push({ from: index, to: index, options });
    }
    return rows.map(({ from, to, options }) => ({
      path: `${path}[${from === to ? from : `${from}..${to}`}]`,
      options,
    }));
  }

  /** The chain that takes the last option everywhere. */
  override relaxed(): Relaxed {
    return this.#follow((place) => place.tokens.length - 1);
  }

  /** The states are unfolded when they are needed first: spaces are many, and few are used at a time. */
  get #start(): Place<T> {
    this.#root ??= unfold(this.#grammar, (token) => this.#label(token));
    return this.#root;
  }

  /** For each position the labels of the tokens that can stand there. */
  get #positions(): readonly (readonly string[])[] {
    this.#labels ??= labelsByPosition(this.#start);
    return this.#labels;
  }

  #follow(choose: (place: Place<T>) => number): readonly T[] {
    const tokens: T[] = [];
    for (let place = this.#start; place.tokens.length > 0; ) {
      const option = choose(place);
      tokens.push(tokenAt(place, option));
      place = placeAt(place, option);
    }
    return tokens;
  }

  #label(token: T): string {
    return this.#grammar.label?.(token) ?? (typeof token === 'string' ? token : canonicalJson(token));
  }
}

/** Where a token leads, if it may follow. */
function stepOf<T>(place: Place<T>, token: Json): { token: T; place: Place<T> } | undefined {
  const option = place.options.get(canonicalJson(token));
  return option === undefined ? undefined : { token: tokenAt(place, option), place: placeAt(place, option) };
}

/** All places, each made once. */
function unfold<T extends Json, S>(grammar: Grammar<T, S>, label: (token: T) => string): Place<T> {
  const places = new Map<string, Place<T> | 'open'>();
  const placeOf = (state: S): Place<T> => {
    const key = JSON.stringify(state);
    const known = places.get(key);
    if (known === 'open') throw new RangeError(`the grammar does not end: it comes back to ${key}`);
    if (known !== undefined) return known;
    places.set(key, 'open');
    const tokens = grammar.tokens(state);
    const labels = tokens.map(label);
    const options = new Map(tokens.map((token, option) => [canonicalJson(token), option]));
    if (new Set(labels).size < tokens.length) throw new RangeError(`tokens repeat after ${key}: ${labels.join(', ')}`);
    const next = tokens.map((token) => placeOf(grammar.next(state, token)));
    const place = { tokens, labels, options, next, weights: new OptionWeights(next.map(sizeOf)) };
    places.set(key, place);
    return place;
  };
  return placeOf(grammar.start);
}

const sizeOf = <T>({ tokens, weights }: Place<T>): bigint => (tokens.length === 0 ? 1n : weights.total);

function* chainsFrom<T>(place: Place<T>): Generator<T[]> {
  if (place.tokens.length === 0) yield [];
  for (const [option, token] of place.tokens.entries()) {
    for (const rest of chainsFrom(placeAt(place, option))) yield [token, ...rest];
  }
}

/** Whether the tokens from a position on, as JSON, lead from the place to an end. */
function accepts<T>(place: Place<T>, keys: readonly string[], from: number): boolean {
  let current = place;
  for (const key of keys.slice(from)) {
    const option = current.options.get(key);
    if (option === undefined) return false;
    current = placeAt(current, option);
  }
  return current.tokens.length === 0;
}

function labelsByPosition<T>(start: Place<T>): string[][] {
  const positions: string[][] = [];
  let level = new Set([start]);
  for (;;) {
    const labels = new Set([...level].flatMap((place) => place.labels));
    if (labels.size === 0) return positions;
    positions.push([...labels]);
    level = new Set([...level].flatMap((place) => place.next));
  }
}

/** An architecture after an edit, and what the edit has done to its size. */
export interface Edit<A> {
  readonly edited: A;
  readonly growth: Growth;
}

/** A revision whose edits are at hand, grouped by option. */
export function revisionOf<A>(
  path: string,
  options: readonly string[],
  option: number,
  edits: readonly (readonly Edit<A>[])[],
): Revision<A> {
  const among = (other: number, growth: Growth | undefined): A[] =>
    (edits[other] ?? []).filter((edit) => growth === undefined || growth === edit.growth).map(({ edited }) => edited);
  const alternatives = [...edits.keys()].filter((other) => (edits[other]?.length ?? 0) > 0);
  return {
    path,
    options,
    option,
    alternatives,
    *every(other, growth) {
      yield* among(other, growth);
    },
    any: (other, random, growth) => random.pick(among(other, growth)),
  };
}

const allowed = ({ labels }: Place<unknown>): string =>
  `allowed: ${labels.slice(0, LISTED).join(', ')}${labels.length > LISTED ? ` and ${labels.length - LISTED} more` : ''}`;

function tokenAt<T>({ tokens, labels }: Place<T>, option: number): T {
  const token = tokens[option];
  if (token === undefined) throw new RangeError(`there is no option ${option} among ${labels.join(', ')}`);
  return token;
}

function placeAt<T>({ next, labels }: Place<T>, option: number): Place<T> {
  const place = next[option];
  if (place === undefined) throw new RangeError(`there is no option ${option} among ${labels.join(', ')}`);
  return place;
}

/**
 * A list of tokens that a state machine accepts, for example layers whose kernel must fit the map that is left. Lengths
 * may differ: a chain ends in the first state without tokens. Counting and uniform sampling are exact.
 * @throws {RangeError} where, when it is used first, states come back to themselves or tokens repeat
 */
export function grammar<T extends Json, S>(definition: Grammar<T, S>): Decision<readonly T[]> {
  return new Chain(definition);
}
