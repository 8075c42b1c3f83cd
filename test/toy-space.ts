/** @file A search space without networks, for tests of strategies. */
import type { Json } from '../src/json.js';
import type { Decision } from '../src/space/decisions/decision.js';
import { defineSpace, type SearchSpace } from '../src/space/space.js';

export function toySpace<A extends Json>(decisions: Decision<A>): SearchSpace<A> {
  return defineSpace({
    name: 'toy',
    title: 'Toy',
    paper: 'none',
    description: 'Decisions whose score a formula gives.',
    decisions,
    build() {
      throw new Error('a toy has no network');
    },
  });
}
