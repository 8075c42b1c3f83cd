/** @file Regularized evolution: age, tournaments, mutation, and the paper's toy search. */
import { describe, expect, it } from 'vitest';
import { toySpace } from '../../test/toy-space.js';
import type { Json } from '../json.js';
import { Random } from '../random.js';
import { bool } from '../space/decisions/choice.js';
import { repeat } from '../space/decisions/repeat.js';
import { random } from './random.js';
import { regularizedEvolution } from './regularized-evolution.js';
import type { Strategy } from './strategy.js';

const oneMax = toySpace(repeat(bool(), 100));
const bitsOf = (architecture: Json): readonly Json[] => (Array.isArray(architecture) ? architecture : []);
const distance = (first: Json, second: Json): number =>
  bitsOf(first).filter((bit, index) => bit !== bitsOf(second)[index]).length;
const ones = (architecture: Json): number => bitsOf(architecture).filter((bit) => bit === true).length / 100;

async function ask(strategy: Strategy): Promise<Json> {
  const proposal = await strategy.ask();
  if (typeof proposal === 'string') throw new Error(proposal);
  return proposal.architecture;
}

const evolution = (settings: { populationSize: number; sampleSize: number }, seed = 1) =>
  regularizedEvolution.create({ space: oneMax, settings, seed });

describe('regularized evolution', () => {
  it('has the defaults of the paper', () => {
    expect(regularizedEvolution.settings.parse({})).toMatchObject({ populationSize: 100, sampleSize: 25 });
  });

  it('samples P architectures, then mutates one decision of a living one', async () => {
    const strategy = evolution({ populationSize: 10, sampleSize: 3 });
    const asked: Json[] = [];
    for (let trial = 0; trial < 60; trial++) {
      const architecture = await ask(strategy);
      const living = asked.slice(-10);
      const distances = living.map((one) => distance(one, architecture));
      if (trial < 10) expect(Math.min(...distances, 100)).toBeGreaterThan(20);
      else expect(distances).toContain(1);
      asked.push(architecture);
      await strategy.tell(trial, { state: 'completed', score: 1 });
    }
  });

  it('takes the best of a large sample for the parent, until it dies of age', async () => {
    const strategy = evolution({ populationSize: 5, sampleSize: 60 });
    const asked: Json[] = [];
    for (let trial = 0; trial < 9; trial++) {
      const architecture = await ask(strategy);
      // The first is the best by far: all children of the generation are its own, even the last one before it dies.
      if (trial === 5) expect(distance(architecture, asked[0] ?? null)).toBe(1);
      // Five others are younger now; the best of those is the parent.
      if (trial > 5) expect(distance(architecture, asked[4] ?? null)).toBe(1);
      asked.push(architecture);
      await strategy.tell(trial, { state: 'completed', score: trial === 0 ? 100 : trial < 5 ? trial : 0 });
    }
  });

  it('lets age be the order of the answers, not of the questions', async () => {
    const strategy = evolution({ populationSize: 3, sampleSize: 60 });
    const asked = [await ask(strategy), await ask(strategy), await ask(strategy), await ask(strategy)];
    // Four are open at once. The first one answers first and is dead when the fourth has answered.
    for (const [trial, score] of [
      [0, 9],
      [3, 1],
      [2, 5],
      [1, 2],
    ] as const) {
      await strategy.tell(trial, { state: 'completed', score });
    }
    expect(distance(await ask(strategy), asked[2] ?? null)).toBe(1);
  });

  it('replaces trials without a score in the initial population, which they never enter', async () => {
    const strategy = evolution({ populationSize: 4, sampleSize: 60 });
    const asked: Json[] = [];
    for (let trial = 0; trial < 8; trial++) {
      asked.push(await ask(strategy));
      await strategy.tell(trial, trial % 2 === 0 ? { state: 'failed' } : { state: 'completed', score: trial });
    }
    for (const [index, one] of asked.entries()) {
      for (const other of asked.slice(0, index)) expect(distance(one, other)).toBeGreaterThan(20);
    }
    expect(distance(await ask(strategy), asked[7] ?? null)).toBe(1);
  });

  it('repeats questions only where repeats are allowed', async () => {
    const distinct = async (settings: object) => {
      const space = toySpace(repeat(bool(), 8));
      const strategy = regularizedEvolution.create({
        space,
        settings: { populationSize: 5, sampleSize: 5, ...settings },
        seed: 1,
      });
      const asked = new Set<string>();
      for (let trial = 0; trial < 256; trial++) {
        const architecture = await ask(strategy);
        asked.add(JSON.stringify(architecture));
        await strategy.tell(trial, { state: 'completed', score: ones(architecture) });
      }
      return { count: asked.size, next: await strategy.ask() };
    };
    expect(await distinct({})).toEqual({ count: 256, next: 'exhausted' });
    expect((await distinct({ repeats: true })).count).toBeLessThan(200);
  });

  it("solves most of the paper's toy problem, noisy one-max of 100 bits, where random search cannot", async () => {
    const best = { evolution: 0, random: 0 };
    for (const name of ['evolution', 'random'] as const) {
      const strategy =
        name === 'random'
          ? random.create({ space: oneMax, settings: {}, seed: 1 })
          : evolution({ populationSize: 100, sampleSize: 10 });
      const noise = new Random(9);
      for (let trial = 0; trial < 1000; trial++) {
        const architecture = await ask(strategy);
        best[name] = Math.max(best[name], ones(architecture));
        await strategy.tell(trial, { state: 'completed', score: ones(architecture) + 0.01 * noise.normal() });
      }
    }
    expect(best.random).toBeLessThan(0.7);
    expect(best.evolution).toBeGreaterThan(0.85);
  });
});
