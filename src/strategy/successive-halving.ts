/** @file Successive halving: many candidates with small fidelities, few of them with larger ones (Jamieson and Talwalkar 2016). */
import { z } from 'zod';
import { BracketSearch } from './fidelity/bracket-search.js';
import { bracketPlan, mostHalvings } from './fidelity/brackets.js';
import { fidelitySettings, leastFidelityOf } from './fidelity/settings.js';
import { minimising, objectivesOf } from './objectives.js';
import { createProposer, quantitiesOf } from './proposer.js';
import { defineStrategy, type StrategyDefinition } from './strategy.js';

const settings = z.strictObject({
  ...fidelitySettings,
  candidates: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('n: how many candidates begin a bracket; null: as many as leave one for a full evaluation.'),
});

export const successiveHalving = (strategies: readonly StrategyDefinition[]): StrategyDefinition =>
  defineStrategy({
    name: 'successive-halving',
    title: 'Successive halving',
    paper:
      'Jamieson and Talwalkar, Non-stochastic Best Arm Identification and Hyperparameter Optimization, AISTATS 2016',
    description:
      'Evaluates many candidates with a small fidelity, and again and again the best of them with a larger one; then it begins anew.',
    settings,
    dependsOnOrder: true,
    isMadeOfAnother: true,
    leastFidelity: leastFidelityOf,
    quantities: ({ minimise, proposer }) => [...minimising(minimise), ...quantitiesOf(strategies, proposer)],
    create({ space, settings: { eta, resource, candidates, proposer, minimise }, costOf, request }) {
      const s = mostHalvings(resource, eta);
      const plan = bracketPlan(resource, eta, s, candidates ?? eta ** s);
      const fidelity = plan.rungs[0]?.fidelity ?? 1;
      return new BracketSearch({
        space,
        round: [{ plan, proposer: createProposer(strategies, proposer, request, fidelity) }],
        objectives: (outcome, architecture) => objectivesOf(outcome, architecture, minimise, costOf),
      });
    },
  });
