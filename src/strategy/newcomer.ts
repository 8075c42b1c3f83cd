/** @file New architectures for strategies that draw from what they have learnt, and so come to what they have asked. */
import type { Json } from '../json.js';
import type { Random } from '../random.js';
import type { FeasibleSpace } from './feasible-space.js';
import type { Questions } from './questions.js';
import { newRelative } from './relatives.js';

/** Draws before the last one is mutated: a policy that has settled draws what it knows. */
const DRAWS = 8;

interface Drawn {
  readonly architecture: Json;
}

interface NewcomerOptions<D extends Drawn> {
  readonly space: FeasibleSpace;
  readonly questions: Pick<Questions, 'hasSeen' | 'seen'>;
  readonly random: Random;
  draw(): D | Promise<D>;
  /** Told of feasible draws that are not new: their scores may be known. */
  onKnown(drawn: D): void | Promise<void>;
}

/**
 * The first of a few draws that is feasible and new; else a relative of the last one, or whatever is left; `null` if the
 * space is exhausted.
 */
export async function newcomer<D extends Drawn>(options: NewcomerOptions<D>): Promise<D | Drawn | null> {
  const { space, questions, random } = options;
  let last: Json | undefined;
  for (let draw = 0; draw < DRAWS; draw++) {
    const drawn = await options.draw();
    if (!space.isFeasible(drawn.architecture)) continue;
    if (!questions.hasSeen(drawn.architecture)) return drawn;
    await options.onKnown(drawn);
    last = drawn.architecture;
  }
  const architecture = newRelative(space, questions, last ?? space.sample(random), random);
  return architecture === null ? null : { architecture };
}
