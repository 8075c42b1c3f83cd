/** @file The parents that strategies name: trials from whose architecture a child descends by an edit, by a few where the nearest were asked about, or by a crossover too. */
import { describe, expect, test } from 'vitest';
import { drive } from '../../test/strategy-laws.js';
import { toySpace } from '../../test/toy-space.js';
import type { Json } from '../json.js';
import { bool } from '../space/decisions/choice.js';
import { repeat } from '../space/decisions/repeat.js';
import { strategyNamed } from './registry.js';

const bits = toySpace(repeat(bool(), 40));

/** How many bits differ. */
const distance = (one: Json, other: Json): number =>
  Array.isArray(one) && Array.isArray(other) ? one.filter((bit, place) => bit !== other[place]).length : Number.NaN;

const evolving = { populationSize: 5, sampleSize: 2 };

describe.each([
  ['regularized-evolution', evolving, 3],
  ['local-search', {}, 1],
  // Of the second parent comes anything in between.
  ['evolution', { ...evolving, crossover: 0 }, 3],
  ['evolution', evolving, 40],
  ['nsga2', { populationSize: 5, crossover: 0 }, 3],
  ['nsga2', { populationSize: 5 }, 40],
  ['guided', { proposer: { name: 'regularized-evolution', ...evolving } }, 3],
  ['asha', { proposer: { name: 'regularized-evolution', ...evolving } }, 3],
  ['hyperband', { proposer: { name: 'regularized-evolution', ...evolving } }, 3],
])('%s with %j', (name, settings, edits) => {
  test('names the parent of a mutated child', async () => {
    const strategy = strategyNamed(name).create({
      space: bits,
      settings,
      seed: 1,
      constraints: { limits: {}, cost: () => ({ params: 1 }) },
    });
    const { asked } = await drive(strategy, { questions: 60, workers: 2 });
    const children = asked.filter(
      ({ architecture, parent }) =>
        parent !== undefined && distance(architecture, asked[parent]?.architecture ?? null) > 0,
    );
    expect(children.length).toBeGreaterThan(8);
    for (const { architecture, parent = -1 } of children) {
      expect(distance(architecture, asked[parent]?.architecture ?? null)).toBeLessThanOrEqual(edits);
    }
  });
});
