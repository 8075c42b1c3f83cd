/** @file Hyperband: successive halving with every trade-off between many candidates and large fidelities (Li et al. 2018). */
import { z } from 'zod';
import { BracketSearch } from './fidelity/bracket-search.js';
import { hyperbandBrackets } from './fidelity/brackets.js';
import { fidelitySettings, leastFidelityOf } from './fidelity/settings.js';
import { minimising, objectivesOf } from './objectives.js';
import { createProposer, quantitiesOf } from './proposer.js';
import { defineStrategy, type StrategyDefinition } from './strategy.js';

export const hyperband = (strategies: readonly StrategyDefinition[]): StrategyDefinition =>
  defineStrategy({
    name: 'hyperband',
    title: 'Hyperband',
    paper: 'Li et al., Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization, JMLR 2018',
    description:
      'Runs brackets of successive halving in turn, from one of many candidates with the smallest fidelity to one of full evaluations only.',
    settings: z.strictObject(fidelitySettings),
    dependsOnOrder: true,
    isMadeOfAnother: true,
    leastFidelity: leastFidelityOf,
    quantities: ({ minimise, proposer }) => [...minimising(minimise), ...quantitiesOf(strategies, proposer)],
    create({ space, settings: { eta, resource, proposer, minimise }, costOf, request }) {
      return new BracketSearch({
        space,
        round: hyperbandBrackets(resource, eta).map((plan) => ({
          plan,
          proposer: createProposer(strategies, proposer, request, plan.rungs[0]?.fidelity ?? 1),
        })),
        objectives: (outcome, architecture) => objectivesOf(outcome, architecture, minimise, costOf),
      });
    },
  });
