/** @file Growth of architectures: a list gains an item, and all else stays as it is. */
import { canonicalJson, type Json } from '../json.js';
import type { Random } from '../random.js';
import type { Decision, Growth } from '../space/decisions/decision.js';

/** Edits of one option that are looked at for structures of equal size: what an option opens may be without number. */
const LOOKED_AT = 3;

/**
 * Every architecture that has one item more in one list: a further block, a layer somewhere in a chain. Nothing where no list
 * can grow.
 */
export const growths = (decisions: Decision<Json>, architecture: Json): Generator<Json> =>
  edits(decisions, architecture, 'grows');

/** The growth by items that are drawn, in random order and without end; nothing where no list can grow. */
export function* growthsAtRandom(decisions: Decision<Json>, architecture: Json, random: Random): Generator<Json> {
  const growing = decisions
    .revisions(architecture)
    .flatMap(({ alternatives, every, any }) =>
      alternatives
        .filter((option) => !every(option, 'grows').next().done)
        .map((option) => () => any(option, random, 'grows')),
    );
  while (growing.length > 0) yield random.pick(growing)();
}

/** The architecture after its lists have lost as many items as they can. */
export function shrunk(decisions: Decision<Json>, architecture: Json, random: Random): Json {
  for (const { alternatives, every } of random.shuffle(decisions.revisions(architecture))) {
    for (const option of alternatives) {
      for (const edited of every(option, 'shrinks')) return shrunk(decisions, edited, random);
    }
  }
  return architecture;
}

/** The smallest architectures to which edits lead that neither grow nor shrink, from one that has been shrunk on. */
export function* smallestFrom(decisions: Decision<Json>, start: Json): Generator<Json> {
  const met = new Map([[canonicalJson(start), start]]);
  yield start;
  // What is added to a map while it is walked through comes along.
  for (const architecture of met.values()) {
    for (const edited of edits(decisions, architecture, 'stays', LOOKED_AT)) {
      const key = canonicalJson(edited);
      if (met.has(key) || !edits(decisions, edited, 'shrinks').next().done) continue;
      met.set(key, edited);
      yield edited;
    }
  }
}

/** The architectures one edit away; at most so many for each option. */
function* edits(
  decisions: Decision<Json>,
  architecture: Json,
  growth: Growth,
  most = Number.POSITIVE_INFINITY,
): Generator<Json> {
  for (const { alternatives, every } of decisions.revisions(architecture)) {
    for (const option of alternatives) yield* firstOf(every(option, growth), most);
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
