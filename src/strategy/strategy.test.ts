/** @file Every strategy keeps the laws (those that learn in `learning.test.ts`), and is found by its name. */
import { describe, expect, it } from 'vitest';
import { lawOptions, learning } from '../../test/strategy-law-options.js';
import { describeStrategyLaws } from '../../test/strategy-laws.js';
import { toySpace } from '../../test/toy-space.js';
import { bool } from '../space/decisions/choice.js';
import { strategies, strategyNamed } from './registry.js';

for (const definition of strategies) {
  if (!learning.includes(definition.name)) describeStrategyLaws(definition, lawOptions[definition.name]);
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
