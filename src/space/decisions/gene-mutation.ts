/** @file Mutation of each gene by chance, as evolution in once-for-all networks does it (Cai et al. 2020). */
import { canonicalJson, type Json } from '../../json.js';
import type { Random } from '../../random.js';
import type { Decision } from './decision.js';

/**
 * Draws each decision anew, uniformly among all its options, with the chance of its path, which must be above 0 for some; what a longer stage adds is
 * drawn, too. Repeats until the architecture differs.
 * @throws {RangeError} where this is the only architecture
 */
export function mutateGenes<A extends Json>(
  decisions: Decision<A>,
  architecture: A,
  chance: (path: string) => number,
  random: Random,
): A {
  if (decisions.size() === 1n) throw new RangeError('there is no other architecture');
  const genes = new Map(decisions.sequence(architecture).map(({ path, option }) => [path, option]));
  const before = canonicalJson(architecture);
  for (;;) {
    const walk = decisions.walk();
    let step = walk.next(Number.NaN);
    while (!step.done) {
      const { path, options } = step.value;
      const kept = genes.get(path);
      const isKept = kept !== undefined && random.uniform() >= chance(path);
      step = walk.next(isKept ? kept : random.integer(options.length));
    }
    if (canonicalJson(step.value) !== before) return step.value;
  }
}
