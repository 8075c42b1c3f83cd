/** @file Coordinate descent over one-decision edits: finds the architecture of smallest cost. */
import type { Json } from '../../json.js';
import { Random } from '../../random.js';
import type { Decision } from '../../space/decisions/decision.js';

/** Of the ways to decide what an edit opens, descent tries so many: a bound for options that open large sub-spaces. */
const COMPLETIONS = 16;

/** Random starts beside the two extremes. */
const RANDOM_STARTS = 2;

/** Lexicographic order: is the first list of numbers smaller? */
const isSmaller = (first: readonly number[], second: readonly number[]): boolean => {
  const difference = first.findIndex((value, index) => value !== second[index]);
  return difference >= 0 && (first[difference] ?? 0) < (second[difference] ?? 0);
};

/**
 * The best architecture that descent reaches from several starts: the first and the last option everywhere, and samples.
 * Each step takes the best option for one decision; it ends where no single edit is better. That is the global minimum
 * where the cost is monotone or separable in the decisions, as parameters and multiply-accumulates are in most spaces.
 * @param cost compared lexicographically; further entries guide descent over the plateaus of the first.
 * @param good stops at once where an architecture of this cost is enough.
 */
export function minimise<A extends Json>(
  decisions: Decision<A>,
  cost: (architecture: A) => readonly number[],
  good: (cost: readonly number[]) => boolean = () => false,
): A {
  let best: { architecture: A; cost: readonly number[] } | undefined;
  for (const start of starts(decisions)) {
    const found = descend(decisions, start, cost, good);
    if (best === undefined || isSmaller(found.cost, best.cost)) best = found;
    if (good(best.cost)) break;
  }
  if (best === undefined) throw new RangeError('a space has at least one architecture');
  return best.architecture;
}

function descend<A extends Json>(
  decisions: Decision<A>,
  start: A,
  cost: (architecture: A) => readonly number[],
  good: (cost: readonly number[]) => boolean,
): { architecture: A; cost: readonly number[] } {
  let best = { architecture: start, cost: cost(start) };
  // Decisions are visited in turn; the descent ends when as many in a row as there are give no improvement.
  let idle = 0;
  for (let turn = 0; !good(best.cost); turn++) {
    const revisions = decisions.revisions(best.architecture);
    const revision = revisions[turn % revisions.length];
    if (revision === undefined || idle >= revisions.length) break;
    idle++;
    for (const option of revision.alternatives) {
      for (const architecture of first(COMPLETIONS, revision.every(option))) {
        const candidate = { architecture, cost: cost(architecture) };
        if (!isSmaller(candidate.cost, best.cost)) continue;
        best = candidate;
        idle = 0;
      }
    }
  }
  return best;
}

/** The extremes first. The samples have a seed of their own: what is smallest in a space does not depend on a study. */
function* starts<A extends Json>(decisions: Decision<A>): Generator<A> {
  yield extreme(decisions, () => 0);
  yield extreme(decisions, (options) => options - 1);
  const random = new Random(0).stream('descent');
  for (let start = 0; start < RANDOM_STARTS; start++) yield decisions.sample(random);
}

function extreme<A extends Json>(decisions: Decision<A>, answer: (options: number) => number): A {
  const walk = decisions.walk();
  let step = walk.next(Number.NaN);
  while (!step.done) step = walk.next(answer(step.value.options.length));
  return step.value;
}

function* first<T>(count: number, items: Iterable<T>): Generator<T> {
  let taken = 0;
  for (const item of items) {
    if (taken++ === count) return;
    yield item;
  }
}
