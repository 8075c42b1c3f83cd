/** @file MnasNet's reward: a score that falls where a candidate costs more than its target (Tan et al. 2019, eq. 2 and 3). */
import { type Costs, knownAmount } from '../feasible/constraints.js';
import type { Outcome } from '../strategy.js';

/** What a candidate should cost. */
export interface Target {
  /** For example `latencyMs`. */
  readonly quantity: string;
  readonly target: number;
}

export interface Reward extends Target {
  /** Exponent of cost / target where the target is met. */
  readonly alpha: number;
  /** The same beyond the target. */
  readonly beta: number;
}

/** Twice the cost has to bring 5 % more accuracy, on either side of the target. */
export const softReward = ({ quantity, target }: Target): Reward => ({ quantity, target, alpha: -0.07, beta: -0.07 });

/** What meets the target counts by its score alone; beyond it the score is divided by cost / target. */
export const hardReward = ({ quantity, target }: Target): Reward => ({ quantity, target, alpha: 0, beta: -1 });

/**
 * score · (cost / target)^w. Scores must not be negative: accuracies are not.
 * @throws {UsageError} where the costs do not say how much there is of the quantity
 */
export function rewardOf(score: number, costs: Costs, { quantity, target, alpha, beta }: Reward): number {
  const cost = knownAmount(quantity, costs, 'weigh');
  return score * (cost / target) ** (cost <= target ? alpha : beta);
}

/** The outcome with the reward for its score: what a strategy is told instead, whatever it searches by. */
export function rewarded(outcome: Outcome, costs: Costs, reward: Reward): Outcome {
  if (outcome.state === 'completed') {
    return { ...outcome, score: rewardOf(outcome.score, { ...costs, ...outcome.costs }, reward) };
  }
  if (outcome.state !== 'pruned' || outcome.predicted === undefined) return outcome;
  return { ...outcome, predicted: rewardOf(outcome.predicted, { ...costs, ...outcome.costs }, reward) };
}
