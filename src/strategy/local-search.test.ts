/** @file Local search: first improvement, neighbours alone, and restarts. */
import { describe, expect, it } from 'vitest';
import { drive } from '../../test/strategy-laws.js';
import { toySpace } from '../../test/toy-space.js';
import { canonicalJson, type Json } from '../json.js';
import { bool, int } from '../space/decisions/choice.js';
import { repeat } from '../space/decisions/repeat.js';
import { localSearch } from './local-search.js';
import type { Outcome, Strategy } from './strategy.js';

const numbers = (architecture: Json): number[] => (Array.isArray(architecture) ? architecture.map(Number) : []);
const distance = (first: Json, second: Json): number =>
  numbers(first).filter((bit, index) => bit !== numbers(second)[index]).length;

async function ask(strategy: Strategy): Promise<Json> {
  const proposal = await strategy.ask();
  if (typeof proposal === 'string') throw new Error(proposal);
  return proposal.architecture;
}

const scored = (score: number): Outcome => ({ state: 'completed', score });

describe('local search', () => {
  it('asks about neighbours of the best of the climb, and moves to the first that is better', async () => {
    const strategy = localSearch.create({ space: toySpace(repeat(bool(), 12)), settings: {}, seed: 1 });
    let standing = await ask(strategy);
    await strategy.tell(0, scored(0));
    for (let trial = 1; trial < 60; trial++) {
      const architecture = await ask(strategy);
      expect(distance(architecture, standing)).toBe(1);
      const isBetter = trial % 5 === 0;
      await strategy.tell(trial, scored(isBetter ? trial : -1));
      if (isBetter) standing = architecture;
    }
  });

  it('climbs straight to the optimum where every improvement leads there', async () => {
    const strategy = localSearch.create({ space: toySpace(repeat(bool(), 10)), settings: {}, seed: 3 });
    const answer = (_: number, { architecture }: { architecture: Json }) =>
      scored(numbers(architecture).reduce((sum, bit) => sum + bit, 0));
    const { asked } = await drive(strategy, { questions: 60, answer });
    expect(asked.map(({ architecture }) => canonicalJson(architecture))).toContain(canonicalJson(Array(10).fill(true)));
  });

  it('starts anew when no neighbour is better, and asks about no architecture twice', async () => {
    const strategy = localSearch.create({ space: toySpace(repeat(int({ min: 0, max: 4 }), 4)), settings: {}, seed: 2 });
    const asked = [await ask(strategy)];
    await strategy.tell(0, scored(1));
    // Each of the 16 neighbours is worse; the one after them is elsewhere.
    for (let trial = 1; trial <= 17; trial++) {
      asked.push(await ask(strategy));
      await strategy.tell(trial, scored(0));
    }
    const [start = null, ...rest] = asked;
    expect(rest.slice(0, 16).map((one) => distance(one, start))).toEqual(Array(16).fill(1));
    expect(distance(rest[16] ?? null, start)).toBeGreaterThan(1);
    expect(new Set(asked.map(canonicalJson)).size).toBe(18);
  });

  it('goes by a neighbour that an earlier climb found to be better, without a question', async () => {
    const strategy = localSearch.create({ space: toySpace(repeat(bool(), 10)), settings: {}, seed: 4 });
    let trial = 0;
    const tell = async (score: number) => strategy.tell(trial++, scored(score));
    // The first climb ends where it began, at a peak of 10 whose neighbours have 1.
    const peak = await ask(strategy);
    await tell(10);
    for (let neighbour = 0; neighbour < 10; neighbour++) {
      expect(distance(await ask(strategy), peak)).toBe(1);
      await tell(1);
    }
    // The second is led to within two steps of it, where two of the known neighbours are better than its 0.
    let standing = await ask(strategy);
    await tell(-distance(standing, peak));
    while (distance(standing, peak) > 2) {
      const neighbour = await ask(strategy);
      const isNearer = distance(neighbour, peak) < distance(standing, peak);
      await tell(isNearer ? 2 - distance(neighbour, peak) : -20);
      if (isNearer) standing = neighbour;
    }
    let next = await ask(strategy);
    let beside = 0;
    for (; distance(next, standing) === 1; beside++) {
      expect(distance(next, peak)).toBe(3);
      await tell(-20);
      next = await ask(strategy);
    }
    // It went on from one of the two before it had asked about the 8 others.
    expect(beside).toBeLessThan(8);
    expect([distance(next, peak), distance(next, standing)]).toEqual([2, 2]);
  });

  it('asks about known neighbours again where repeats are wanted', async () => {
    const strategy = localSearch.create({ space: toySpace(repeat(bool(), 2)), settings: { repeats: true }, seed: 1 });
    const { asked } = await drive(strategy, {
      questions: 12,
      answer: (_, { architecture }) => scored(numbers(architecture).reduce((sum, bit) => sum + bit, 0)),
    });
    expect(asked).toHaveLength(12);
  });

  it('waits at a local optimum for what is open', async () => {
    const strategy = localSearch.create({ space: toySpace(repeat(bool(), 2)), settings: {}, seed: 1 });
    const start = await ask(strategy);
    const [first, second] = [await ask(strategy), await ask(strategy)];
    expect([distance(first, start), distance(second, start)]).toEqual([1, 1]);
    expect(await strategy.ask()).toBe('wait');
    await strategy.tell(0, scored(0));
    expect(await strategy.ask()).toBe('wait');
    await strategy.tell(2, scored(1));
    expect(distance(await ask(strategy), second)).toBe(1);
  });
});
