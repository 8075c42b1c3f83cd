/** @file Every strategy keeps the laws, and is found by its name. */
import { describe, expect, it } from 'vitest';
import { describeStrategyLaws, type StrategyLawOptions } from '../../test/strategy-laws.js';
import { toySpace } from '../../test/toy-space.js';
import { bool } from '../space/decision-choice.js';
import { bayesian } from './bayesian.js';
import { progressive } from './progressive.js';
import { strategies, strategyNamed } from './registry.js';

/** Where a strategy differs from what the laws take for granted. */
const exceptions: { readonly [strategy: string]: StrategyLawOptions } = {
  grid: { seeded: false },
  reinforce: { questions: 90 },
  ppo: { questions: 60 },
  // Where all ways of growth are ranked, the seed decides little.
  progressive: { settings: { beam: 8, expansions: 1 } },
  guided: { settings: { proposer: { name: 'random' } } },
};

for (const definition of strategies) describeStrategyLaws(definition, exceptions[definition.name]);

for (const definition of [bayesian, progressive]) {
  const { settings } = exceptions[definition.name] ?? {};
  const name = `${definition.name} with an ensemble`;
  describeStrategyLaws({ ...definition, name }, { settings: { ...settings, surrogate: 'ensemble' }, questions: 60 });
}

describe('the registry', () => {
  it('finds every strategy by its name and suggests the nearest', () => {
    for (const strategy of strategies) expect(strategyNamed(strategy.name)).toBe(strategy);
    expect(() => strategyNamed('regularised-evolution')).toThrow('did you mean regularized-evolution?');
  });
});

describe('settings', () => {
  it('that do not exist are refused with the nearest name', () => {
    const wrong = () =>
      strategyNamed('random').create({ space: toySpace(bool()), settings: { repeat: true }, seed: 1 });
    expect(wrong).toThrow('there is no "repeat" (did you mean repeats?)');
  });
});
