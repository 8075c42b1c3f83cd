/** @file One search space for each combinator, of at least a hundred architectures, for tests of strategies. */
import type { Json } from '../src/json.js';
import { bool, choice, int, ordinal } from '../src/space/decisions/choice.js';
import type { Decision } from '../src/space/decisions/decision.js';
import { filtered } from '../src/space/decisions/filtered.js';
import { grammar } from '../src/space/decisions/grammar.js';
import { object } from '../src/space/decisions/product.js';
import { recursive } from '../src/space/decisions/recursive.js';
import { repeat, tuple } from '../src/space/decisions/repeat.js';
import { selection } from '../src/space/decisions/selection.js';
import { subset } from '../src/space/decisions/subset.js';
import { variant } from '../src/space/decisions/variant.js';
import type { SearchedSpace } from '../src/strategy/feasible/feasible-space.js';
import { toySpace } from './toy-space.js';

const letters = choice(['a', 'b', 'c', 'd']);

/** Chains of up to nine tokens, of which no two poolings follow each other. */
const chain = grammar({
  start: { left: 9, pooled: true },
  tokens: ({ left, pooled }) =>
    left < 0 ? [] : [...(left > 0 ? ['conv'] : []), ...(left > 0 && !pooled ? ['pool'] : []), 'end'],
  next: ({ left }, token) => ({ left: token === 'end' ? -1 : left - 1, pooled: token === 'pool' }),
});

const decisions: readonly (readonly [name: string, decisions: Decision<Json>])[] = [
  ['choice', choice(Array.from({ length: 120 }, (_, option) => `option ${option}`))],
  ['ordinal', ordinal(Array.from({ length: 120 }, (_, option) => option ** 2))],
  ['int', int({ min: -60, max: 60 })],
  ['object', object({ x: letters, y: int({ min: 1, max: 9 }), z: bool(), w: letters })],
  ['tuple', tuple(letters, int({ min: 1, max: 9 }), bool(), letters)],
  ['repeat', repeat(bool(), { min: 3, max: 9 })],
  [
    'variant',
    variant('kind', { none: {}, one: { x: letters, y: letters }, two: { x: repeat(letters, 3), z: bool() } }),
  ],
  ['subset', subset(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'], 4)],
  ['selection', selection({ a: letters, b: letters, c: letters, d: letters, e: letters }, 2)],
  ['filtered', filtered(repeat(letters, 4), (word) => (word.includes('a') ? undefined : 'there is no a'))],
  ['grammar', chain],
  ['recursive', recursive<Json>(3, bool(), (child) => repeat(child, { min: 1, max: 2 }))],
];

/** Their names are those of the combinators. */
export const combinatorSpaces: readonly (SearchedSpace & { readonly name: string })[] = decisions.map(
  ([name, each]) => ({
    ...toySpace(each),
    name,
  }),
);
