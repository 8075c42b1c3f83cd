/** @file The aggregate of the authors of VKDNW: five ranks at once. */
import { type AggregateDefinition, sumOfLogRanks } from '../aggregate.js';

export const vkdnwAggregate: AggregateDefinition = {
  name: 'vkdnw-aggregate',
  title: 'VKDNW’s aggregate: ranks by vkdnw, jacob_cov, expressivity, trainability and macs',
  paper:
    'Tybl and Neumann, Training-free Neural Architecture Search through Variance of Knowledge of Deep Network Weights, 2025',
  description:
    'Σ ln(rank / N) over vkdnw, jacob_cov, expressivity, trainability and macs in a random pool, rank 1 the worst.',
  weakness: 'The dearest of the scores, as vkdnw takes a pass backwards a class, and macs is one of the five.',
  proxies: ['vkdnw', 'jacob_cov', 'expressivity', 'trainability', 'macs'],
  score: sumOfLogRanks,
};
