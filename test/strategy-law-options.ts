/** @file Which strategies learn a model, and where each strategy differs from what the laws take for granted. */
import type { StrategyLawOptions } from './strategy-laws.js';

/** Those that take milliseconds for a question; their laws are a file of their own, so that two files run at once. */
export const learning: readonly string[] = ['reinforce', 'ppo', 'bayesian', 'tpe', 'progressive'];

/** Populations and batches are small, so that few questions go past the beginning, and so are controllers: that they learn is tested elsewhere. */
export const lawOptions: { readonly [strategy: string]: StrategyLawOptions } = {
  grid: { unseeded: 'it draws nothing' },
  random: { everySpace: true },
  evolution: { settings: { populationSize: 12, sampleSize: 3 } },
  'regularized-evolution': { settings: { populationSize: 12, sampleSize: 3 } },
  nsga2: { settings: { populationSize: 8 } },
  reinforce: { settings: { batch: 6, hidden: 16 }, questions: 24, perSpace: 7 },
  ppo: { settings: { batch: 6, hidden: 16, epochs: 2 }, questions: 20, perSpace: 7 },
  bayesian: { questions: 40, perSpace: 14 },
  tpe: { questions: 60, perSpace: 14 },
  // Where all ways of growth are ranked, the seed decides little.
  progressive: { settings: { beam: 8, expansions: 1 }, questions: 20, perSpace: 5 },
  hyperband: { repeats: 'brackets of different first fidelities have proposers of their own' },
  guided: { settings: { proposer: { name: 'random' } } },
};
