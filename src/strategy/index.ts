/** @file Search strategies behind ask and tell, the limits that they keep, and what guides them. */
export type { Amounts, Constraints, Costs, Quantity } from './constraints.js';
export { FeasibleSpace, type SearchedSpace } from './feasible-space.js';
export { type CheapScore, type GuidanceOptions, guidedSpace } from './guidance/guided-space.js';
export {
  hardReward,
  type Reward,
  rewarded,
  rewardOf,
  softReward,
  type Target as RewardTarget,
} from './guidance/reward.js';
export { Questions } from './questions.js';
export { strategies, strategyNamed } from './registry.js';
export {
  defineStrategy,
  type Outcome,
  type Proposal,
  type Strategy,
  type StrategyContext,
  type StrategyDefinition,
  type StrategyRequest,
} from './strategy.js';
