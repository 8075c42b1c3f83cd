/** @file Strategies that learn a model find what random search does not. */
import { describe, expect, it } from 'vitest';
import { toySpace } from '../../test/toy-space.js';
import type { Json } from '../json.js';
import { choice } from '../space/decision-choice.js';
import { repeat } from '../space/decision-repeat.js';
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

async function bestOf(definition: StrategyDefinition, questions: number, seed: number): Promise<number> {
  const strategy = definition.create({ space, settings: {}, seed });
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
  return best;
}

const meanBest = async (definition: StrategyDefinition, questions = 120): Promise<number> => {
  const bests = await Promise.all([1, 2, 3, 4, 5].map((seed) => bestOf(definition, questions, seed)));
  return bests.reduce((sum, best) => sum + best, 0) / bests.length;
};

describe('against random search', () => {
  it.each([
    [bayesian, 3],
    [tpe, 1],
    [progressive, 2],
  ] as const)('$name is better at the same number of questions', async (definition, margin) => {
    expect(await meanBest(definition)).toBeGreaterThan((await meanBest(random)) + margin);
  });
});

it('progressive search asks about short lists first, then about longer and longer ones', async () => {
  const strategy = progressive.create({
    space: toySpace(repeat(choice(['a', 'b', 'c', 'd']), { min: 1, max: 4 })),
    settings: { beam: 6 },
    seed: 1,
  });
  const lengths: number[] = [];
  for (let trial = 0; trial < 22; trial++) {
    const proposal = await strategy.ask();
    if (typeof proposal === 'string' || !Array.isArray(proposal.architecture)) throw new Error('no list');
    lengths.push(proposal.architecture.length);
    await strategy.tell(trial, { state: 'completed', score: score(proposal.architecture) });
  }
  expect(lengths).toEqual([1, 2, 3, 4].flatMap((length) => new Array<number>(length === 1 ? 4 : 6).fill(length)));
});
