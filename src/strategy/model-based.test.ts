/** @file Strategies that learn a model find what random search does not. */
import { describe, expect, it } from 'vitest';
import { toySpace } from '../../test/toy-space.js';
import { nodeEngine } from '../engine/node-engine.js';
import type { Json } from '../json.js';
import { choice } from '../space/decisions/choice.js';
import { repeat } from '../space/decisions/repeat.js';
import { spaceNamed } from '../space/registry.js';
import { bayesian } from './bayesian.js';
import { progressive } from './progressive.js';
import { random } from './random.js';
import type { StrategyDefinition } from './strategy.js';
import { tpe } from './tpe.js';

/** The score counts operators at their best places, and neighbours that go together. */
function score(architecture: Json): number {
  const labels = Array.isArray(architecture) ? architecture : [];
  const placed = labels.filter((label, place) => label === 'abcd'[place % 4]).length;
  const joint = labels.filter((label, place) => place > 0 && label === 'b' && labels[place - 1] === 'a').length;
  return placed + 3.5 * joint;
}

const space = toySpace(repeat(choice(['a', 'b', 'c', 'd']), 8));

interface Model {
  readonly definition: StrategyDefinition;
  readonly settings?: { readonly [name: string]: Json };
}

const engine = nodeEngine();

async function bestOf({ definition, settings = {} }: Model, questions: number, seed: number): Promise<number> {
  const strategy = definition.create({ space, settings, seed, engine });
  let best = 0;
  for (let trial = 0; trial < questions; trial++) {
    const proposal = await strategy.ask();
    if (typeof proposal === 'string') throw new Error(proposal);
    // Every ninth fails: whatever it was.
    const failed = trial % 9 === 4;
    const value = score(proposal.architecture);
    await strategy.tell(trial, failed ? { state: 'failed' } : { state: 'completed', score: value });
    if (!failed) best = Math.max(best, value);
  }
  await strategy.close?.();
  return best;
}

const meanBest = async (model: Model, questions = 120): Promise<number> => {
  const bests = await Promise.all([1, 2, 3, 4, 5].map((seed) => bestOf(model, questions, seed)));
  return bests.reduce((sum, best) => sum + best, 0) / bests.length;
};

const banana = { surrogate: 'ensemble', acquisition: 'thompson' };

describe('against random search', () => {
  it.each([
    ['bayesian', { definition: bayesian }, 3],
    ['bayesian as BANANAS', { definition: bayesian, settings: banana }, 2],
    ['tpe', { definition: tpe }, 1],
    ['progressive', { definition: progressive }, 2],
    ['progressive by a Gaussian process', { definition: progressive, settings: { surrogate: 'gaussian-process' } }, 2],
  ] as const)('%s is better at the same number of questions', async (_, model, margin) => {
    expect(await meanBest(model)).toBeGreaterThan((await meanBest({ definition: random })) + margin);
  });
});

describe('tpe', () => {
  it.each(['metaqnn', 'nas-bench-101'])('searches %s, where the options depend on earlier decisions', async (name) => {
    const searched = spaceNamed(name);
    const strategy = tpe.create({ space: searched, settings: {}, seed: 1 });
    for (let trial = 0; trial < 60; trial++) {
      const proposal = await strategy.ask();
      if (typeof proposal === 'string') throw new Error(proposal);
      const length = searched.decisions.sequence(proposal.architecture).length;
      await strategy.tell(trial, { state: 'completed', score: length % 7 });
    }
  });
});
