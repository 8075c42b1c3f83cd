/** @file One definition for decided and for open choices: `relax` opens them, `branch` builds either. */
import type { Json } from '../../json.js';
import { type Feature, scope } from '../../nn/feature.js';
import { mixture } from '../../nn/layers/index.js';
import type { Decision } from './decision.js';
import { Mixture, type Relaxable } from './mixture.js';

/**
 * The architecture of a supernet: every `choice` left open, every length, `int`, `ordinal`, `bool` and `variant` at its
 * last option, which is the largest. `space.build` of it gives a network with all branches.
 */
export function relax<A extends Json>(decisions: Decision<A>): Relaxable<A> {
  return decisions.relaxed() as Relaxable<A>;
}

/**
 * What a choice does to `x`. Decided: `body` of the option. Open: a softmax-weighted sum of `body` of each option, whose
 * outputs must have one shape; its architecture weights are named after the path of the decision, so that all places
 * that follow the same decision share them.
 *
 * Layers of an option are named within a scope of its name, decided or not: a path sampled from a supernet finds its
 * weights there under its own names.
 */
export function branch<T extends string | number>(
  chosen: T | Mixture<T>,
  x: Feature,
  body: (option: T, x: Feature) => Feature,
): Feature {
  const build = (option: T) => scope(x, String(option), (inner) => body(option, inner));
  if (!(chosen instanceof Mixture)) return build(chosen);
  return mixture(x, { weights: chosen.path, branches: chosen.options.map(build) });
}
