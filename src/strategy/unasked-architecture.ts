/** @file New architectures close to known ones: what a strategy asks about that keeps coming to what it has asked. */
import type { Json } from '../json.js';
import type { Random } from '../random.js';
import type { FeasibleSpace } from './feasible/feasible-space.js';
import type { Questions } from './questions.js';

/** What is asked about in the place of a candidate. */
interface Admission {
  readonly space: FeasibleSpace;
  readonly questions: Pick<Questions, 'hasSeen' | 'seen'>;
  readonly random: Random;
  /** Whether an architecture may be asked about again, as long as new ones are left. Default: not. */
  readonly repeats?: boolean;
}

/** The candidate itself if it is new or may repeat, else a relative that is new; `null` if nothing new is left in the space. */
export function askable(candidate: Json, { space, questions, random, repeats = false }: Admission): Json | null {
  if (!questions.hasSeen(candidate)) return candidate;
  if (repeats) return space.unseen(questions.seen, random) === null ? null : candidate;
  return newRelative(space, questions, candidate, random);
}

/** Mutations in a row before any new architecture will do. */
const MUTATIONS = 16;

/** Further and further mutations of an architecture until one is new; `null` if nothing new is left in the space. */
export function newRelative(
  space: FeasibleSpace,
  questions: Pick<Questions, 'hasSeen' | 'seen'>,
  architecture: Json,
  random: Random,
): Json | null {
  let relative = architecture;
  for (let mutation = 0; mutation < MUTATIONS; mutation++) {
    relative = space.mutate(relative, random) ?? space.sample(random);
    if (!questions.hasSeen(relative)) return relative;
  }
  return space.unseen(questions.seen, random);
}
