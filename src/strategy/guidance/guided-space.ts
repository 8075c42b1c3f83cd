/** @file A search space with a cheap score by which its samples and mutations are screened: guidance for any strategy. */
import type { Json } from '../../json.js';
import type { SearchedSpace } from '../feasible/feasible-space.js';
import { type CheapScore, type GuidanceOptions, guidanceDefaults } from './guidance.js';

/**
 * The space for a strategy that knows nothing of scores: its first questions come from the best of a pool (warm start), its
 * mutations from the best of several (pre-screening). What is screened keeps the limits of the search. Every architecture
 * stays within reach: the space has the same members, and a share of the draws is left as it is.
 */
export function guidedSpace<A extends Json>(
  space: SearchedSpace<A>,
  score: CheapScore<A>,
  options: Partial<GuidanceOptions> = {},
): SearchedSpace<A> {
  return { ...space, guidance: { ...guidanceDefaults, ...options, score } };
}
