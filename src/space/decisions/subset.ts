/** @file Some of several options, in no order: `subset`. */
import { UsageError } from '../../error.js';
import type { Random } from '../../random.js';
import type { Literal } from './choice.js';
import { Decision, type DecisionPoint, type DecisionRow, type Revision, ROOT } from './decision.js';
import { type Edit, grammar, revisionOf } from './grammar.js';
import type { Relaxed } from './mixture.js';
import { found } from './product.js';

/** Listed in the order of the options: each member is asked for among those that leave enough for the rest. */
class Subset<T extends Literal> extends Decision<readonly T[]> {
  readonly #options: readonly T[];
  readonly #count: number;
  readonly #members: Decision<readonly T[]>;

  constructor(options: readonly T[], count: number) {
    super();
    this.#options = options;
    this.#count = count;
    this.#members = grammar({
      start: { from: 0, left: count },
      tokens: ({ from, left }) => (left === 0 ? [] : options.slice(from, options.length - left + 1)),
      next: ({ left }, member) => ({ from: options.indexOf(member) + 1, left: left - 1 }),
      label: String,
    });
  }

  override size(): bigint {
    return this.#members.size();
  }

  override sample(random: Random): readonly T[] {
    return this.#members.sample(random);
  }

  override *enumerate(): Generator<readonly T[]> {
    yield* this.#members.enumerate();
  }

  /** Takes the members in any order. */
  override validate(value: unknown, path = ROOT): readonly T[] {
    if (!Array.isArray(value)) throw new UsageError(`${path} is ${found(value)}; a list is expected.`);
    const stranger = value.findIndex((member) => !this.#options.includes(member));
    if (stranger >= 0) {
      throw new UsageError(
        `${path}[${stranger}] is ${found(value[stranger])}; allowed: ${this.#options.map(String).join(', ')}.`,
      );
    }
    const members = this.#options.filter((option) => value.includes(option));
    if (members.length === value.length && members.length === this.#count) return members;
    throw new UsageError(`${path} is ${found(value)}; ${this.#count} different options are expected.`);
  }

  override crossover(first: readonly T[], second: readonly T[], random: Random): readonly T[] {
    return this.#members.crossover(first, second, random);
  }

  override walk(path = ROOT): Generator<DecisionPoint, readonly T[], number> {
    return this.#members.walk(path);
  }

  /** Each edit exchanges one member, and belongs to the first place in the list that differs. */
  override revisions(members: readonly T[], path = ROOT): Revision<readonly T[]>[] {
    const exchanged = members.flatMap((leaving) =>
      this.#options
        .filter((option) => !members.includes(option))
        .map((entering) =>
          this.#options.filter((option) => option === entering || (option !== leaving && members.includes(option))),
        ),
    );
    const places = new Map(members.map((_, place) => [`${path}[${place}]`, place]));
    return this.#members.revisions(members, path).map((decided) => {
      const place = places.get(decided.path) ?? Number.NaN;
      const here = exchanged.filter((others) => others.findIndex((other, index) => other !== members[index]) === place);
      const edits = decided.options.map((label) =>
        here
          .filter((others) => String(others[place]) === label)
          .map((edited): Edit<readonly T[]> => ({ edited, growth: 'stays' })),
      );
      return revisionOf(decided.path, decided.options, decided.option, edits);
    });
  }

  override get encodingLength(): number {
    return this.size() === 1n ? 0 : this.#options.length;
  }

  /** For each option whether it is a member. */
  override writeCode(members: readonly T[], code: number[], at: number): void {
    if (this.encodingLength === 0) return;
    for (const member of members) code[at + this.#options.indexOf(member)] = 1;
  }

  override describe(path = ROOT): DecisionRow[] {
    return [{ path: `${path}[${this.#count} of]`, options: this.#options.map(String) }];
  }

  /** The last ones. */
  override relaxed(): Relaxed {
    return this.#options.slice(this.#options.length - this.#count);
  }
}

/** `count` of the options, in no order; an architecture lists them in the order of the options. */
export function subset<const T extends Literal>(options: readonly T[], count: number): Decision<readonly T[]> {
  if (!Number.isInteger(count) || count < 0 || count > options.length) {
    throw new RangeError(`a subset needs a count from 0 to ${options.length}, not ${count}`);
  }
  if (new Set(options).size < options.length) throw new RangeError(`options repeat: ${options.map(String).join(', ')}`);
  return new Subset(options, count);
}
