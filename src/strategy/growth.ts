/** @file Growth of architectures: a list gains an item, and all else stays as it is. */
import { canonicalJson, type Json } from '../json.js';
import type { Random } from '../random.js';
import type { Decision } from '../space/decisions/decision.js';

/**
 * Edits of one option that are looked at for a list that loses an item: a list has one way to, and a chain's come after two
 * others.
 */
const LOOKED_AT = 3;

/**
 * Every architecture that has one item more in one list: a further block, a layer somewhere in a chain. Nothing where no list
 * can grow.
 */
export function* growths(decisions: Decision<Json>, architecture: Json): Generator<Json> {
  for (const { alternatives, every } of decisions.revisions(architecture)) {
    for (const option of alternatives) {
      // Where an option inserts an item, it does so before it does anything else.
      for (const edited of every(option)) {
        if (!gainsItem(architecture, edited)) break;
        yield edited;
      }
    }
  }
}

/** The growth by items that are drawn, in random order and without end; nothing where no list can grow. */
export function* growthsAtRandom(decisions: Decision<Json>, architecture: Json, random: Random): Generator<Json> {
  const growing = decisions.revisions(architecture).flatMap(({ alternatives, every, any }) =>
    alternatives
      .filter((option) => {
        const { value } = every(option).next();
        return value !== undefined && gainsItem(architecture, value);
      })
      .map((option) => () => any(option, random)),
  );
  while (growing.length > 0) {
    const grown = random.pick(growing)();
    if (gainsItem(architecture, grown)) yield grown;
  }
}

/** The architecture after its lists have lost as many items as they can. */
export function shrunk(decisions: Decision<Json>, architecture: Json, random: Random): Json {
  for (const { alternatives, every } of random.shuffle(decisions.revisions(architecture))) {
    for (const option of alternatives) {
      for (const edited of firstOf(every(option), LOOKED_AT)) {
        if (gainsItem(edited, architecture)) return shrunk(decisions, edited, random);
      }
    }
  }
  return architecture;
}

/** The architectures to which edits lead that keep the number of items, from one that has been shrunk on. */
export function* ofSameSize(decisions: Decision<Json>, start: Json): Generator<Json> {
  const items = itemCount(start);
  const met = new Map([[canonicalJson(start), start]]);
  yield start;
  // What is added to a map while it is walked through comes along.
  for (const architecture of met.values()) {
    for (const { alternatives, every } of decisions.revisions(architecture)) {
      for (const option of alternatives) {
        for (const edited of firstOf(every(option), LOOKED_AT)) {
          const key = canonicalJson(edited);
          if (itemCount(edited) !== items || met.has(key)) continue;
          met.set(key, edited);
          yield edited;
        }
      }
    }
  }
}

/** At most so many of the items. */
export function* firstOf<T>(items: Iterable<T>, count: number): Generator<T> {
  let left = count;
  if (left > 0) {
    for (const item of items) {
      yield item;
      if (--left === 0) return;
    }
  }
}

/** Whether one list of `to` has an item more than in `from`, anywhere, and all else is equal. */
function gainsItem(from: Json, to: Json): boolean {
  const [before, after] = [partsOf(from), partsOf(to)];
  if (before === null || after === null || Array.isArray(from) !== Array.isArray(to)) return false;
  const first = after.findIndex((part, place) => !areEqual(before[place], part));
  if (after.length === before.length) {
    const [old, grown] = [before[first], after[first]];
    const rest = first + 1;
    return old !== undefined && grown !== undefined && areAllEqual(before, after, rest, rest) && gainsItem(old, grown);
  }
  return Array.isArray(to) && after.length === before.length + 1 && areAllEqual(before, after, first, first + 1);
}

const areAllEqual = (before: readonly Json[], after: readonly Json[], from: number, to: number): boolean =>
  before.slice(from).every((part, place) => areEqual(part, after[to + place]));

/** Edits share what they leave as it is, so that most comparisons end at once. */
function areEqual(first: Json | undefined, second: Json | undefined): boolean {
  if (first === second) return true;
  const [parts, others] = [partsOf(first), partsOf(second)];
  if (parts === null || others === null || parts.length !== others.length) return false;
  return parts.every((part, place) => areEqual(part, others[place]));
}

/** The items of a list or the values of an object, whose keys are always in the same order; `null` where there are none. */
const partsOf = (value: Json | undefined): readonly Json[] | null =>
  typeof value === 'object' && value !== null ? Object.values(value) : null;

/** How many items all lists have together. */
function itemCount(value: Json): number {
  const own = Array.isArray(value) ? value.length : 0;
  return (partsOf(value) ?? []).reduce<number>((count, part) => count + itemCount(part), own);
}
