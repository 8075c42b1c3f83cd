/** @file Predictors of any number: in its unit, with intervals that hold what they promise, and a report on both. */
import { describe, expect, it } from 'vitest';
import { toySpace } from '../../../test/toy-space.js';
import type { Json } from '../../json.js';
import { Random } from '../../random.js';
import { choice } from '../../space/decisions/choice.js';
import { repeat } from '../../space/decisions/repeat.js';
import { untyped } from '../../space/space.js';
import { FeasibleSpace } from '../feasible/feasible-space.js';
import { type Example, Predictor } from './predictor.js';
import { createSurrogate, type SurrogateName } from './registry.js';
import { ValueScale } from './value-scale.js';

const space = new FeasibleSpace(untyped(toySpace(repeat(choice(['a', 'b', 'c', 'd']), 6))));

const engine = () => {
  throw new Error('none of these needs an engine');
};

/** A latency in milliseconds: each place adds what its operator costs, and a measurement varies by some percent. */
const costs = { a: 1, b: 3, c: 4, d: 10 };
const latency = (architecture: Json): number =>
  Object.values(architecture ?? {}).reduce<number>((sum, label, place) => {
    return sum + (place + 1) * (Object.entries(costs).find(([name]) => name === label)?.[1] ?? 0);
  }, 5);

function measured(count: number, seed: number): Example[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const architecture = space.sample(random);
    return { architecture, value: latency(architecture) * (1 + 0.05 * random.normal()) };
  });
}

const predictorBy = (name: SurrogateName, examples: readonly Example[]) =>
  Predictor.fit(examples, {
    create: (random) => createSurrogate(name, { space, engine, random, refitEvery: 1 }),
    random: new Random(3),
  });

describe.each(['gaussian-process', 'forest'] as const)('a predictor by %s', (name) => {
  it('predicts in the unit of the examples, and what it promises holds for others', async () => {
    const predictor = await predictorBy(name, measured(120, 1));
    const others = measured(200, 2);
    const predictions = await predictor.predict(others.map(({ architecture }) => architecture));
    const inside = (bounds: 'half' | 'most') =>
      others.filter(({ value }, place) => {
        const { low, high } = predictions[place]?.[bounds] ?? { low: 0, high: 0 };
        return low <= value && value <= high;
      }).length / others.length;
    const quality = await predictor.qualityOn(others);
    expect(quality.spearman).toBeGreaterThan(name === 'forest' ? 0.75 : 0.95);
    expect(quality.kendall).toBeLessThan(quality.spearman);
    expect(inside('half')).toBeCloseTo(quality.within50, 9);
    expect(inside('most')).toBeCloseTo(quality.within90, 9);
    expect(Math.abs(quality.within50 - 0.5)).toBeLessThan(0.12);
    expect(Math.abs(quality.within90 - 0.9)).toBeLessThan(0.1);
    // Cross-validation, which has seen none of the others, says about the same.
    expect(Math.abs(predictor.crossValidation.spearman - quality.spearman)).toBeLessThan(0.06);
    const errors = predictions.map(({ value }, place) => Math.abs(value - (others[place]?.value ?? 0)));
    // The latencies lie between 26 and 215, with a standard deviation of 35.
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(name === 'forest' ? 18 : 9);
  });
});

describe('a predictor', () => {
  it('is the same from the same seed, whatever order the architectures come in', async () => {
    const examples = measured(40, 1);
    const [first, second] = [await predictorBy('forest', examples), await predictorBy('forest', examples)];
    const asked = measured(5, 2).map(({ architecture }) => architecture);
    expect(await first.predict(asked)).toEqual(await second.predict(asked));
    expect(await first.predict(asked.slice(2))).toEqual((await first.predict(asked)).slice(2));
  });

  it('needs two examples for each fold', async () => {
    await expect(predictorBy('forest', measured(9, 1))).rejects.toThrow('5 folds need 10 examples');
  });
});

describe('a scale of values', () => {
  const scale = new ValueScale([10, 20, 20, 40, 80]);

  it('goes to normal scores and back, between and beyond what it knows', () => {
    for (const value of [-50, 10, 13, 20, 39, 80, 500]) {
      expect(scale.valueAt(scale.normalOf(value))).toBeCloseTo(value, 9);
    }
    expect(scale.normalOf(10)).toBeCloseTo(-1.281552, 5);
    expect(scale.normalOf(20)).toBeCloseTo(-0.253347, 5);
    expect(scale.normalOf(30)).toBeCloseTo((scale.normalOf(20) + scale.normalOf(40)) / 2, 9);
  });

  it('rises everywhere', () => {
    const normals = Array.from({ length: 60 }, (_, step) => scale.normalOf(3 * step - 40));
    expect(normals).toEqual(normals.toSorted((first, second) => first - second));
  });

  it('is one of steps of one where all values are equal', () => {
    const equal = new ValueScale([3, 3]);
    expect([equal.normalOf(3), equal.normalOf(5), equal.valueAt(-1)]).toEqual([0, 2, 2]);
  });
});
