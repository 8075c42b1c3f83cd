/** @file The winner of a study, and the front of best trade-offs among which it was chosen. */

import type { Objectives } from '../pareto/dominance.js';
import { paretoFront } from '../pareto/front.js';
import { hypervolume } from '../pareto/hypervolume.js';
import { kneeOf } from '../pareto/knee.js';
import type { Costs } from '../strategy/feasible/constraints.js';
import { comparableTrials } from './comparable.js';
import type { StudyConfiguration } from './configuration.js';
import type { TrialRecord } from './trial.js';

/** What decides who wins. */
type Choice = Pick<StudyConfiguration, 'minimise' | 'pick' | 'constraints'>;

/** The costs of a front where the strategy minimises none: nearly every use of a network has a limit on its size. */
const usualCosts: readonly string[] = ['params'];

/** What trade-offs with the score are about: what the strategy minimises. */
export const minimisedCosts = ({ minimise = [] }: Pick<Choice, 'minimise'>): readonly string[] =>
  minimise.length > 0 ? minimise : usualCosts;

/**
 * The completed trial that the study's rule picks among those with the largest fidelity, the earliest of equals; `null`
 * where there is none, or none below the rule's bound.
 */
export function winnerOf(trials: readonly TrialRecord[], configuration: Choice): TrialRecord | null {
  const { pick = { rule: 'best' } } = configuration;
  const comparable = comparableTrials(trials);
  switch (pick.rule) {
    case 'best':
      return highest(comparable);
    case 'under':
      return highest(comparable.filter(({ cost }) => (cost[pick.quantity] ?? Number.POSITIVE_INFINITY) <= pick.most));
    case 'knee': {
      const costs = minimisedCosts(configuration);
      return kneeOf(frontOf(comparable, costs), objectives(costs)) ?? highest(comparable);
    }
  }
}

/** The best trade-offs between the score and costs. */
export interface TradeOffs {
  /** What has been minimised beside the highest score. */
  readonly minimise: readonly string[];
  /** The completed trials of the largest fidelity that no other beats, from the highest score down. */
  readonly front: readonly TrialRecord[];
  /**
   * The mean, over all bounds on the costs up to those of the reference, of the best score that a trial within the bounds
   * has above the reference's (with one cost, the area below the front): the dominated hypervolume with each cost as a
   * share of the reference's.
   */
  readonly hypervolume: number;
  /** Costs: the limit, or else the most of a completed trial. Score: 0, or the least of a compared trial if that is below 0. */
  readonly reference: { readonly score: number; readonly cost: { readonly [quantity: string]: number } };
}

/** The trade-offs that a study found; `null` where no completed trial knows the costs. */
export function tradeOffsOf(trials: readonly TrialRecord[], configuration: Choice): TradeOffs | null {
  const minimise = minimisedCosts(configuration);
  const objectivesOf = objectives(minimise);
  const comparable = comparableTrials(trials).filter((trial) => !objectivesOf(trial).some(Number.isNaN));
  if (comparable.length === 0) return null;
  const front = frontOf(comparable, minimise);
  const limits: Costs = configuration.constraints;
  const completed = trials.filter(({ state }) => state === 'completed');
  const most = minimise.map(
    (quantity) => limits[quantity] ?? Math.max(...completed.map(({ cost }) => cost[quantity] ?? 0)),
  );
  const least = Math.min(0, ...comparable.map(({ score }) => score ?? Number.NaN));
  const scaled = front.map(({ score, cost }) => [
    -(score ?? Number.NaN),
    ...minimise.map((quantity, index) => (cost[quantity] ?? Number.NaN) / (most[index] ?? Number.NaN)),
  ]);
  return {
    minimise,
    front,
    hypervolume: hypervolume(scaled, [-least, ...minimise.map(() => 1)]),
    reference: {
      score: least,
      cost: Object.fromEntries(minimise.map((quantity, index) => [quantity, most[index] ?? Number.NaN])),
    },
  };
}

const objectives =
  (costs: readonly string[]) =>
  ({ score, cost }: TrialRecord): Objectives => [
    -(score ?? Number.NaN),
    ...costs.map((quantity) => cost[quantity] ?? Number.NaN),
  ];

const frontOf = (trials: readonly TrialRecord[], costs: readonly string[]): TrialRecord[] =>
  paretoFront(trials, objectives(costs));

function highest(trials: readonly TrialRecord[]): TrialRecord | null {
  return trials.reduce<TrialRecord | null>(
    (best, trial) => (best === null || (trial.score ?? Number.NaN) > (best.score ?? Number.NaN) ? trial : best),
    null,
  );
}
