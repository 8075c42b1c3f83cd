/** @file New architectures for strategies that draw from what they have learnt, and so come to what they have asked. */
import type { Json } from '../json.js';
import type { Random } from '../random.js';
import type { FeasibleSpace } from './feasible/feasible-space.js';
import type { Questions } from './questions.js';
import type { Score } from './score.js';
import { askable } from './unasked-architecture.js';

/** Draws before the last one is mutated: a policy that has settled draws what it knows. */
const DRAWS = 8;

interface Drawn {
  readonly architecture: Json;
}

interface DrawOptions<D extends Drawn> {
  readonly space: FeasibleSpace;
  readonly questions: Pick<Questions, 'hasSeen' | 'seen'>;
  /** What came of earlier questions, by canonical form. */
  readonly known: ReadonlyMap<string, Score>;
  readonly random: Random;
  draw(): D | Promise<D>;
  /** Told of draws whose score is known without a question: that of infeasible ones is the worst. */
  onKnown(drawn: D, score: Score): void | Promise<void>;
}

/**
 * The first of a few draws that is feasible and new; else a relative of the last one that is feasible, or a sample where
 * none is; `null` if the space is exhausted.
 */
export async function unaskedDraw<D extends Drawn>(options: DrawOptions<D>): Promise<D | Drawn | null> {
  const { space, questions, known, random } = options;
  let last: Json | undefined;
  for (let draw = 0; draw < DRAWS; draw++) {
    const drawn = await options.draw();
    const isFeasible = space.isFeasible(drawn.architecture);
    if (isFeasible && !questions.hasSeen(drawn.architecture)) return drawn;
    const score = isFeasible ? known.get(space.canonical(drawn.architecture)) : null;
    if (score !== undefined) await options.onKnown(drawn, score);
    if (isFeasible) last = drawn.architecture;
  }
  const architecture = askable(last ?? space.sample(random), { space, questions, random });
  return architecture === null ? null : { architecture };
}
