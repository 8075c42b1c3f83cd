/** @file Evolution without ageing: two parents, one mutation, and death of the worst. */
import { describe, expect, it } from 'vitest';
import { toySpace } from '../../test/toy-space.js';
import type { Json } from '../json.js';
import { bool } from '../space/decisions/choice.js';
import { repeat } from '../space/decisions/repeat.js';
import { evolution } from './evolution.js';
import type { Strategy } from './strategy.js';

const bitsOf = (architecture: Json): readonly Json[] => (Array.isArray(architecture) ? architecture : []);
const distance = (first: Json, second: Json): number =>
  bitsOf(first).filter((bit, index) => bit !== bitsOf(second)[index]).length;

async function ask(strategy: Strategy): Promise<Json> {
  const proposal = await strategy.ask();
  if (typeof proposal === 'string') throw new Error(proposal);
  return proposal.architecture;
}

const create = (settings: { populationSize: number; sampleSize: number; crossover: number }) =>
  evolution.create({ space: toySpace(repeat(bool(), 400)), settings, seed: 1 });

/** Whether each bit but one is that of a parent. */
const strangers = (child: Json, parents: readonly Json[]): number =>
  bitsOf(child).filter((bit, index) => parents.every((parent) => bitsOf(parent)[index] !== bit)).length;

describe('evolution', () => {
  it('mutates the best, which never dies of age, where there is no crossover', async () => {
    const strategy = create({ populationSize: 5, sampleSize: 60, crossover: 0 });
    const best = await ask(strategy);
    await strategy.tell(0, { state: 'completed', score: 100 });
    for (let trial = 1; trial < 16; trial++) {
      const architecture = await ask(strategy);
      if (trial >= 5) expect(distance(architecture, best)).toBe(1);
      await strategy.tell(trial, { state: 'completed', score: 0 });
    }
  });

  it('takes each decision from one of the two best, but for one mutation', async () => {
    const strategy = create({ populationSize: 4, sampleSize: 2, crossover: 1 });
    const asked: Json[] = [];
    for (let trial = 0; trial < 4; trial++) {
      asked.push(await ask(strategy));
      await strategy.tell(trial, { state: 'completed', score: trial });
    }
    let isMixed = false;
    for (let trial = 4; trial < 24; trial++) {
      const child = await ask(strategy);
      expect(strangers(child, asked)).toBeLessThanOrEqual(1);
      isMixed ||= asked.every((parent) => distance(parent, child) > 3);
      // The first four stay the population.
      await strategy.tell(trial, { state: 'failed' });
    }
    expect(isMixed).toBe(true);
  });

  it('lets the worst of a sample die', async () => {
    const strategy = create({ populationSize: 3, sampleSize: 60, crossover: 0 });
    for (const [trial, score] of [5, 1, 3, 4].entries()) {
      await ask(strategy);
      await strategy.tell(trial, { state: 'completed', score });
    }
    // 5, 3 and 4 live; a better one drives out 3, and its children are asked about.
    const better = await ask(strategy);
    await strategy.tell(4, { state: 'completed', score: 6 });
    expect(distance(await ask(strategy), better)).toBe(1);
  });
});
