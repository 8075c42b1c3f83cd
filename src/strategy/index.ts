/** @file Search strategies behind ask and tell, and the limits that they keep. */
export type { Amounts, Constraints, Costs, Quantity } from './constraints.js';
export { FeasibleSpace } from './feasible-space.js';
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
