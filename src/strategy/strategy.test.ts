/** @file Every strategy keeps the laws, and is found by its name. */
import { describe, expect, it } from 'vitest';
import { describeStrategyLaws, type StrategyLawOptions } from '../../test/strategy-laws.js';
import { toySpace } from '../../test/toy-space.js';
import { bool } from '../space/decisions/choice.js';
import { bayesian } from './bayesian.js';
import { progressive } from './progressive.js';
import { strategies, strategyNamed } from './registry.js';

/** Where a strategy differs from what the laws take for granted. */
const exceptions: { readonly [strategy: string]: StrategyLawOptions } = {
  grid: { seeded: false },
  reinforce: { questions: 90, perSpace: 9 },
  ppo: { questions: 60, perSpace: 6 },
  bayesian: { perSpace: 16 },
  tpe: { perSpace: 14 },
  // Where all ways of growth are ranked, the seed decides little.
  progressive: { settings: { beam: 8, expansions: 1 }, questions: 60, perSpace: 5 },
  // Brackets of different first fidelities have proposers of their own.
  hyperband: { repeats: true },
  guided: { settings: { proposer: { name: 'random' } } },
};

for (const definition of strategies) describeStrategyLaws(definition, exceptions[definition.name]);

const furtherSurrogates = [
  [bayesian, 'ensemble', 60],
  [progressive, 'gaussian-process', 300],
] as const;

for (const [definition, surrogate, questions] of furtherSurrogates) {
  const settings = { ...exceptions[definition.name]?.settings, surrogate };
  const name = `${definition.name} by ${surrogate}`;
  describeStrategyLaws({ ...definition, name }, { settings, questions, perSpace: 12 });
}

describe('the registry', () => {
  it('finds every strategy by its name and suggests the nearest', () => {
    for (const strategy of strategies) expect(strategyNamed(strategy.name)).toBe(strategy);
    expect(() => strategyNamed('regularised-evolution')).toThrow('did you mean regularized-evolution?');
  });
});

describe('settings', () => {
  const created = (name: string, settings: unknown) => () =>
    strategyNamed(name).create({ space: toySpace(bool()), settings, seed: 1 });

  it.each([
    [
      'random',
      { repeat: true },
      'There is no setting "repeat" in the strategy random (did you mean repeats?); the settings are repeats.',
    ],
    [
      'local-search',
      { restarts: 3 },
      'There is no setting "restarts" in the strategy local-search; the settings are repeats.',
    ],
    ['evolution', { populationSize: 0 }, 'The setting populationSize in the strategy evolution is 0, but it must be'],
    [
      'mcts',
      { partition: 'decision' },
      'The setting partition in the strategy mcts is "decision" (did you mean decisions?), but it must be one of decisions, learned.',
    ],
    [
      'asha',
      { proposer: { name: 'evolution', sampleSize: 'many' } },
      'The setting sampleSize in the strategy evolution is "many", but it must be',
    ],
  ])('of %s that are wrong are refused in one sentence', (name, settings, sentence) => {
    expect(created(name, settings)).toThrow(sentence);
  });

  it('have defaults', () => {
    expect(created('evolution', undefined)).not.toThrow();
  });
});
