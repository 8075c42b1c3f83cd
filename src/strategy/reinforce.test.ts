/** @file Controllers learn: reinforce and ppo come to optima that random search does not find. */
import { describe, expect, it } from 'vitest';
import { learn, learningTasks } from '../../test/learning-task.js';
import { ppo } from './ppo.js';
import { random } from './random.js';
import { reinforce } from './reinforce.js';

describe.each([reinforce, ppo])('$name', (definition) => {
  it.each([1, 2])('finds the one architecture of ten million of which all answers are right, seed %i', async (seed) => {
    const { best } = await learn(definition, learningTasks.rightAnswers, { questions: 220, seed });
    expect(best.at(-1)).toBe(1);
    expect((await learn(random, learningTasks.rightAnswers, { questions: 2_000, seed })).best.at(-1)).toBeLessThan(1);
  });

  it('learns where sequences differ between architectures', async () => {
    const { best } = await learn(definition, learningTasks.conditional, { settings: { hidden: 32 }, questions: 250 });
    expect(best.at(-1)).toBeGreaterThan(0.8);
    expect((await learn(random, learningTasks.conditional, { questions: 250 })).best.at(-1)).toBeLessThan(0.7);
  });

  it('needs an engine', () => {
    const make = () => definition.create({ space: learningTasks.conditional.space, settings: {}, seed: 1 });
    expect(make).toThrow('its request needs an engine');
  });
});
