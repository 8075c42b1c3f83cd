/** @file A search space without networks, for tests of strategies. */
import type { Json } from '../src/json.js';
import type { Decision } from '../src/space/decision.js';
import { parseJsonArchitecture, type SearchSpace } from '../src/space/space.js';

export function toySpace(decisions: Decision<Json>): SearchSpace {
  return {
    name: 'toy',
    title: 'Toy',
    paper: 'none',
    description: 'Decisions whose score a formula gives.',
    decisions,
    build() {
      throw new Error('a toy has no network');
    },
    parse: (text) => parseJsonArchitecture(decisions, text),
    format: (architecture) => JSON.stringify(architecture),
  };
}
