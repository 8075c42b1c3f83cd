/** @file Sampling and editing within limits, and limits that nothing can meet. */
import { describe, expect, it } from 'vitest';
import { toySpace } from '../../../test/toy-space.js';
import { canonicalJson } from '../../json.js';
import type { Amounts, QuantityName } from '../../quantity/quantity.js';
import { Random } from '../../random.js';
import { bool, choice, int, ordinal } from '../../space/decisions/choice.js';
import { object } from '../../space/decisions/product.js';
import { repeat, tuple } from '../../space/decisions/repeat.js';
import { variant } from '../../space/decisions/variant.js';
import { mobile } from '../../space/mobile.js';
import { nasBench201 } from '../../space/nas-bench-201.js';
import { costFunction } from '../../space/space.js';
import { FeasibleSpace } from './feasible-space.js';

const fashion = { channels: 1, height: 28, width: 28, classes: 10 };
const cifar10 = { channels: 3, height: 32, width: 32, classes: 10 };
const mobileCost = costFunction(mobile, fashion);

const within = (cost: Amounts, limits: Amounts): boolean =>
  Object.entries(limits).every(([quantity, limit]) => (cost[quantity as QuantityName] ?? Number.NaN) <= (limit ?? 0));

describe('a feasible space', () => {
  it.each<Amounts>([
    { params: 60_000, macs: 3_000_000 },
    { params: 4_000 },
    { params: 2_850 },
    { macs: 300_000, params: 10_000 },
    { peakActivationBytes: 20_000 },
  ])('of mobile holds nothing beyond %j', (limits) => {
    const space = new FeasibleSpace(mobile, { limits, cost: mobileCost });
    const random = new Random(1);
    const samples = Array.from({ length: 20 }, () => space.sample(random));
    expect(new Set(samples.map(mobile.format)).size).toBeGreaterThan(10);
    for (const [index, sample] of samples.entries()) {
      const mutant = space.mutate(sample, random);
      const child = space.crossover(sample, samples[0] ?? sample, random);
      const [neighbour] = space.neighbours(sample);
      expect(mutant).not.toBeNull();
      expect(mutant).not.toEqual(sample);
      for (const one of [sample, mutant, child, neighbour]) {
        if (one === null || one === undefined) continue;
        expect(within(mobileCost(one), limits), `${index}: ${mobile.format(one)}`).toBe(true);
      }
    }
  });

  it('is sampled uniformly where feasible architectures are common', () => {
    const decisions = repeat(int({ min: 1, max: 4 }), { min: 1, max: 3 });
    const cost = (values: readonly number[]) => ({ params: values.reduce((sum, value) => sum + value, 0) });
    const space = new FeasibleSpace(toySpace(decisions), { limits: { params: 8 }, cost });
    const counts = new Map<string, number>();
    const random = new Random(2);
    for (let draw = 0; draw < 30_000; draw++) {
      const key = canonicalJson(space.sample(random));
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const feasible = [...decisions.enumerate()].filter((values) => cost(values).params <= 8);
    expect([...counts.keys()].sort()).toEqual(feasible.map(canonicalJson).sort());
    const expected = 30_000 / feasible.length;
    const statistic = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    const degrees = feasible.length - 1;
    expect(statistic).toBeLessThan(degrees + 4 * Math.sqrt(2 * degrees));
  });

  it('is sampled by repair where feasible architectures are rare: as far as needed, and in no favourite place', () => {
    // One in 34,000 draws keeps the limit.
    const decisions = repeat(bool(), 30);
    const ones = (bits: readonly boolean[]) => bits.filter((bit) => bit).length;
    const space = new FeasibleSpace(toySpace(decisions), {
      limits: { params: 5 },
      cost: (bits) => ({ params: 1 + ones(bits) }),
    });
    const random = new Random(4);
    const samples = Array.from({ length: 600 }, () => space.sample(random));
    expect(samples.map(ones)).toEqual(Array(600).fill(4));
    const counts = Array.from({ length: 30 }, (_, place) => samples.filter((bits) => bits[place]).length);
    // 80 expected in each place, with a deviation of 8.3.
    expect(Math.min(...counts)).toBeGreaterThan(45);
    expect(Math.max(...counts)).toBeLessThan(115);
  });

  it('gives samples although single edits cannot mend what a draw gets wrong', () => {
    // Only all zeros or all ones are feasible, and each edit towards them costs before it pays.
    const decisions = repeat(bool(), 20);
    const cost = (bits: readonly boolean[]) => {
      const ones = bits.filter((bit) => bit).length;
      return { params: ones === 0 || ones === 20 ? 1 : 10 };
    };
    const space = new FeasibleSpace(toySpace(decisions), { limits: { params: 5 }, cost });
    expect(cost(space.sample(new Random(1))).params).toBe(1);
    expect(space.mutate(space.sample(new Random(1)), new Random(1))).toBeNull();
  });

  it('gives each architecture once to whom has seen the others', () => {
    const decisions = object({ x: int({ min: 0, max: 9 }), y: int({ min: 0, max: 9 }) });
    const cost = ({ x, y }: { x: number; y: number }) => ({ params: x + y + 1 });
    const space = new FeasibleSpace(toySpace(decisions), { limits: { params: 4 }, cost });
    const seen = new Map<string, { x: number; y: number }>();
    const random = new Random(1);
    for (let next = space.unseen(seen, random); next !== null; next = space.unseen(seen, random)) {
      expect(seen.has(canonicalJson(next))).toBe(false);
      seen.set(canonicalJson(next), next);
    }
    expect(seen.size).toBe(10);
  });

  it('counts nothing without limits', () => {
    const cost = () => {
      throw new Error('counted');
    };
    const space = new FeasibleSpace(mobile, { limits: {}, cost });
    expect(space.isFeasible(space.sample(new Random(1)))).toBe(true);
  });

  it('refuses limits that are no positive numbers', () => {
    const make = (params: number) => () => new FeasibleSpace(mobile, { limits: { params }, cost: mobileCost });
    expect(make(0)).toThrow('--max-params is 0; it must be a number above 0.');
    expect(make(Number.NaN)).toThrow('--max-params is NaN');
  });
});

describe('limits that nothing can meet', () => {
  const messageOf = (make: () => unknown): string => {
    try {
      make();
    } catch (error) {
      return String(error);
    }
    return 'feasible';
  };

  it('end with the smallest network of NAS-Bench-201', () => {
    const space = nasBench201();
    const cost = costFunction(space, cifar10);
    expect(messageOf(() => new FeasibleSpace(space, { limits: { params: 73_305 }, cost }))).toBe(
      'UsageError: No network has at most 73,305 parameters (--max-params): the smallest that the search space can reach ' +
        'is 73,306 parameters. Raise the limit or choose another search space.',
    );
    expect(messageOf(() => new FeasibleSpace(space, { limits: { params: 73_306 }, cost }))).toBe('feasible');
    expect(messageOf(() => new FeasibleSpace(space, { limits: { macs: 7_000_000 }, cost }))).toContain('7,783,040');
  });

  const stage = (widths: readonly number[], kernels: readonly (3 | 5)[]) =>
    object({
      depth: int({ min: 1, max: 2 }),
      width: ordinal(widths),
      kernel: choice(kernels),
      expansion: ordinal([1, 3]),
      squeezeExcite: bool(),
      activation: choice(['relu']),
    });
  const reduced = object({
    resolution: ordinal([0.75, 1]),
    stem: object({ width: ordinal([8]), stride: ordinal([1, 2]) }),
    stages: tuple(stage([8, 24], [5]), stage([16, 32], [3, 5]), stage([24], [3])),
    head: object({ width: ordinal([48]) }),
  });

  it('are told from those that some network of a reduced mobile space meets', () => {
    const all = [...reduced.enumerate()].map((architecture) => mobileCost(architecture));
    expect(BigInt(all.length)).toBe(reduced.size());
    const quantities = ['params', 'macs', 'peakActivationBytes'] as const;
    for (const quantity of quantities) {
      const smallest = Math.min(...all.map((cost) => cost[quantity]));
      const attempt = (limit: number) =>
        messageOf(() => new FeasibleSpace(toySpace(reduced), { limits: { [quantity]: limit }, cost: mobileCost }));
      expect(attempt(smallest - 1)).toContain(`can reach is ${smallest.toLocaleString('en-US')} `);
      expect(attempt(smallest)).toBe('feasible');
    }
  });

  it('may conflict only jointly', () => {
    // Either quantity can be small, but what one saves the other one spends.
    const decisions = tuple(int({ min: 1, max: 9 }), choice(['a', 'b']));
    const cost = ([x]: readonly [number, string]) => ({ params: x, macs: 10 - x });
    const message = messageOf(() => new FeasibleSpace(toySpace(decisions), { limits: { params: 4, macs: 4 }, cost }));
    expect(message).toContain('at most 4 parameters (--max-params) and 4 multiply-accumulates (--max-macs)');
    expect(message).toContain('the smallest reach 1 parameters, 1 multiply-accumulates');
    expect(messageOf(() => new FeasibleSpace(toySpace(decisions), { limits: { params: 5, macs: 5 }, cost }))).toBe(
      'feasible',
    );
  });

  it('are not blamed on cases whose decisions are opened at a bad option', () => {
    const decisions = variant('kind', {
      first: { width: int({ min: 50, max: 99 }) },
      small: { width: choice([100, 20, 10]) },
      last: { width: int({ min: 50, max: 99 }) },
    });
    const cost = ({ width }: { width: number }) => ({ params: width });
    expect(messageOf(() => new FeasibleSpace(toySpace(decisions), { limits: { params: 5 }, cost }))).toContain(
      'reach is 10 ',
    );
  });
});
