/** @file Growth of architectures: a list whose length is decided gains an item. */
import type { Json } from '../json.js';
import type { Random } from '../random.js';
import type { Decision, Revision } from '../space/decision.js';

/** The decisions of how long a list is. */
const lengthsOf = (decisions: Decision<Json>, architecture: Json): Revision<Json>[] =>
  decisions.revisions(architecture).filter(({ path }) => path.endsWith('.length'));

/** The architecture with each of its lists at its shortest. */
export function shrunk(decisions: Decision<Json>, architecture: Json, random: Random): Json {
  const shorter = lengthsOf(decisions, architecture).find(({ option }) => option > 0);
  return shorter === undefined ? architecture : shrunk(decisions, shorter.any(shorter.option - 1, random), random);
}

/** Architectures with one item more, in random order and without end; nothing where no list can grow. */
export function* growths(decisions: Decision<Json>, architecture: Json, random: Random): Generator<Json> {
  const growing = lengthsOf(decisions, architecture).filter(({ option, options }) => option + 1 < options.length);
  while (growing.length > 0) {
    const { any, option } = random.pick(growing);
    yield any(option + 1, random);
  }
}
