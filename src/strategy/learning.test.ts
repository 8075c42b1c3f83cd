/** @file The strategies that learn a model keep the laws, by every surrogate. */
import { lawOptions, learning } from '../../test/strategy-law-options.js';
import { describeStrategyLaws } from '../../test/strategy-laws.js';
import { bayesian } from './bayesian.js';
import { progressive } from './progressive.js';
import { strategyNamed } from './registry.js';

for (const name of learning) describeStrategyLaws(strategyNamed(name), lawOptions[name]);

const furtherSurrogates = [
  [bayesian, 'ensemble', 30],
  [bayesian, 'forest', 30],
  [progressive, 'gaussian-process', 60],
] as const;

for (const [definition, surrogate, questions] of furtherSurrogates) {
  const settings = { ...lawOptions[definition.name]?.settings, surrogate };
  const name = `${definition.name} by ${surrogate}`;
  describeStrategyLaws({ ...definition, name }, { settings, questions, perSpace: 12 });
}
