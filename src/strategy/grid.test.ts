/** @file Grid search: all of a space in its order, or every n-th, and EfficientNet's grid of scalings. */
import { describe, expect, it } from 'vitest';
import { drive } from '../../test/strategy-laws.js';
import { toySpace } from '../../test/toy-space.js';
import type { Json } from '../json.js';
import { bool, int, ordinal } from '../space/decisions/choice.js';
import { object } from '../space/decisions/product.js';
import { repeat } from '../space/decisions/repeat.js';
import { grid } from './grid.js';

const space = toySpace(repeat(int({ min: 0, max: 2 }), 3));
const everything = [...space.decisions.enumerate()];

async function asked(strategy: ReturnType<typeof grid.create>): Promise<Json[]> {
  const { asked: proposals } = await drive(strategy, { questions: 10_000 });
  return proposals.map(({ architecture }) => architecture);
}

describe('grid search', () => {
  it('asks about every architecture in the order of the space', async () => {
    expect(await asked(grid.create({ space, settings: {}, seed: 1 }))).toEqual(everything);
  });

  it('asks about every n-th', async () => {
    const found = await asked(grid.create({ space, settings: { every: 4 }, seed: 1 }));
    expect(found).toEqual(everything.filter((_, index) => index % 4 === 0));
  });

  it("gives EfficientNet's grid of scalings: all that cost at most twice as much, and the published one among them", async () => {
    const steps = (to: number) => Array.from({ length: Math.round((to - 1) / 0.05) + 1 }, (_, k) => 1 + k / 20);
    const scalings = object({ depth: ordinal(steps(2)), width: ordinal(steps(1.4)), resolution: ordinal(steps(1.4)) });
    const macs = (scaling: Json) => {
      const { depth, width, resolution } = scalings.validate(scaling);
      return depth * width ** 2 * resolution ** 2;
    };
    const constraints = { limits: { macs: 2 }, cost: (scaling: Json) => ({ macs: macs(scaling) }) };
    const found = await asked(grid.create({ space: toySpace(scalings), settings: {}, seed: 1, constraints }));
    // Tan and Le 2019, section 3.3: α = 1.2, β = 1.1, γ = 1.15 under α·β²·γ² ≈ 2.
    expect(found).toContainEqual({ depth: 1.2, width: 1.1, resolution: 1.15 });
    expect(found).toHaveLength([...scalings.enumerate()].filter((scaling) => macs(scaling) <= 2).length);
  });

  it('is not stuck where next to nothing keeps the limits', async () => {
    const ones = (bits: Json) => (Array.isArray(bits) ? bits.filter((bit) => bit === true).length : 0);
    const constraints = { limits: { params: 1 }, cost: (bits: Json) => ({ params: 41 - ones(bits) }) };
    const strategy = grid.create({ space: toySpace(repeat(bool(), 40)), settings: {}, seed: 1, constraints });
    expect(await strategy.ask()).toEqual({ architecture: Array(40).fill(true) });
  });
});
