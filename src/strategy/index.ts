/** @file Search strategies behind ask and tell, the limits that they keep, and what guides them. */

export type { Engine, EngineArray, EngineModel } from '../engine/engine.js';
export { type Amounts, type Quantity, type QuantityName, quantities } from '../quantity/quantity.js';
export type { Constraints, Costs } from './feasible/constraints.js';
export { FeasibleSpace, type SearchedSpace } from './feasible/feasible-space.js';
export type { CheapScore, GuidanceOptions } from './guidance/guidance.js';
export { guidedSpace } from './guidance/guided-space.js';
export {
  hardReward,
  type Reward,
  rewarded,
  rewardOf,
  softReward,
  type Target as RewardTarget,
} from './guidance/reward.js';
export { minimiseSetting, objectivesOf } from './objectives.js';
export { createProposer, type ProposedCandidate, Proposer } from './proposer.js';
export { Questions } from './questions.js';
export { registerStrategy, strategies, strategyNamed } from './registry.js';
export { ScoreRanks } from './score-ranks.js';
export { registerStoppingRule, stoppingNamed, stoppingRules } from './stopping/registry.js';
export type {
  CurvePoint,
  LearningCurve,
  StoppingDefinition,
  StoppingRule,
  StoppingVerdict,
} from './stopping/stopping.js';
export {
  defineStrategy,
  type Outcome,
  type Proposal,
  type Strategy,
  type StrategyContext,
  type StrategyDefinition,
  type StrategyRequest,
} from './strategy.js';
export {
  type CrossValidation,
  type Example,
  type PredictedValue,
  type PredictionQuality,
  Predictor,
  type PredictorOptions,
  type ValueInterval,
} from './surrogate/predictor.js';
export { createSurrogate, type SurrogateName, type SurrogateOptions, surrogateNames } from './surrogate/registry.js';
export type { Surrogate } from './surrogate/surrogate.js';
export { newRelative } from './unasked-architecture.js';
