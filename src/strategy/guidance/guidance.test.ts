/** @file What guidance leads to, and what it leaves alone. */
import { describe, expect, it } from 'vitest';
import { toySpace } from '../../../test/toy-space.js';
import { canonicalJson, type Json } from '../../json.js';
import type { Amounts } from '../../quantity/quantity.js';
import { Random } from '../../random.js';
import { bool } from '../../space/decisions/choice.js';
import { repeat } from '../../space/decisions/repeat.js';
import { bayesian } from '../bayesian.js';
import type { Constraints } from '../feasible/constraints.js';
import { FeasibleSpace } from '../feasible/feasible-space.js';
import { guided } from '../guided.js';
import { random } from '../random.js';
import type { Outcome, StrategyDefinition } from '../strategy.js';
import { guidedSpace } from './guided-space.js';
import { hardReward, rewardOf, softReward } from './reward.js';

const bits = toySpace(repeat(bool(), 12));
const ones = (architecture: Json): number => canonicalJson(architecture).split('true').length - 1;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a guided space', () => {
  it('draws the best of several samples, but for the share that is left as it is', () => {
    const draw = (unscreened: number) => {
      const space = new FeasibleSpace(guidedSpace(bits, ones, { samples: 64, unscreened }));
      const stream = new Random(1);
      return Array.from({ length: 200 }, () => ones(space.sample(stream)));
    };
    // The largest of 64 binomial (12, 1/2) numbers is 10.0 on average.
    expect(mean(draw(0))).toBeGreaterThan(9.7);
    expect(mean(draw(1))).toBeCloseTo(6, 0);
    expect(mean(draw(0.5))).toBeGreaterThan(7.5);
    expect(Math.min(...draw(0.5))).toBeLessThan(6);
  });

  it('proposes the best of several mutations', () => {
    const space = new FeasibleSpace(guidedSpace(bits, ones, { mutations: 8, unscreened: 0 }));
    const start = bits.decisions.rebuild(Array.from({ length: 12 }, (_, index) => index % 2));
    const stream = new Random(2);
    const better = Array.from({ length: 100 }, () => ones(space.mutate(start, stream)) > 6);
    expect(better.filter(Boolean).length).toBeGreaterThan(95);
  });
});

describe('a guided strategy', () => {
  const costs = (architecture: Json) => ({ macs: 1 + ones(architecture), synflow: -ones(architecture) });
  const asked = async (settings: Json, limits: Amounts = {}, cost: (architecture: Json) => Amounts = costs) => {
    const strategy = guided([random, bayesian]).create({
      space: bits,
      settings,
      seed: 1,
      constraints: { limits, cost },
    });
    const architectures: Json[] = [];
    for (let trial = 0; trial < 50; trial++) {
      const proposal = await strategy.ask();
      if (typeof proposal === 'string') throw new Error(proposal);
      architectures.push(proposal.architecture);
      await strategy.tell(trial, { state: 'completed', score: 0 });
    }
    return architectures;
  };

  it('keeps the questions of the strategy that it guides new, and led by the score', async () => {
    const questions = await asked({ proposer: { name: 'random' }, score: 'macs' });
    expect(new Set(questions.map(canonicalJson)).size).toBe(50);
    expect(mean(questions.map(ones))).toBeGreaterThan(8.5);
    const downwards = await asked({ proposer: { name: 'random' }, score: 'synflow' });
    expect(mean(downwards.map(ones))).toBeLessThan(3.5);
  });

  it('screens what keeps the limits, although they exclude the half that scores higher', async () => {
    // At most six ones: of the 2,510 strings, 924 have all six; 4.89 is the mean.
    const limits = { macs: 7 };
    const unguided = await asked({ proposer: { name: 'random' } }, limits);
    const led = await asked({ proposer: { name: 'random' }, score: 'macs' }, limits);
    expect(mean(unguided.map(ones))).toBeLessThan(5.2);
    expect(mean(led.map(ones))).toBeGreaterThan(5.6);
    expect(Math.max(...led.map(ones))).toBe(6);
  });

  it('leaves as they are as many as it is told to', async () => {
    const unscreened = await asked({ proposer: { name: 'random' }, score: 'macs', unscreened: 1 });
    expect(mean(unscreened.map(ones))).toBeLessThan(6.5);
  });

  it('asks once what an architecture costs', async () => {
    const counted = new Map<string, number>();
    await asked({ score: 'macs' }, {}, (architecture) => {
      const key = canonicalJson(architecture);
      counted.set(key, (counted.get(key) ?? 0) + 1);
      return costs(architecture);
    });
    expect(Math.max(...counted.values())).toBe(1);
  });

  it('finds out at its creation whether the score is known', () => {
    const create = (score: string, constraints?: Constraints) => () =>
      guided([random]).create({ space: bits, settings: { proposer: { name: 'random' }, score }, seed: 1, constraints });
    expect(create('synflw', { limits: {}, cost: costs })).toThrow(
      'The strategy is to screen by "synflw" (did you mean synflow?), which is not known of candidates here; known are macs, synflow.',
    );
    expect(create('macs')).toThrow('known are none.');
  });

  it('weighs by a latency that evaluations measure', async () => {
    const told: Outcome[] = [];
    const listener: StrategyDefinition = {
      ...random,
      create(request) {
        const strategy = random.create(request);
        return {
          ask: () => strategy.ask(),
          async tell(trial, outcome) {
            told.push(outcome);
            await strategy.tell(trial, outcome);
          },
        };
      },
    };
    const reward = { quantity: 'latencyMs', target: 75, form: 'hard' };
    const strategy = guided([listener]).create({
      space: bits,
      settings: { proposer: { name: 'random' }, reward },
      seed: 1,
    });
    await strategy.ask();
    await strategy.tell(0, { state: 'completed', score: 0.5, costs: { latencyMs: 100 } });
    expect(told).toMatchObject([{ state: 'completed', score: expect.closeTo(0.375, 12) }]);
    await strategy.ask();
    await expect(strategy.tell(1, { state: 'completed', score: 0.5, costs: { params: 3 } })).rejects.toThrow(
      'The strategy is to weigh "latencyMs", which is not known of candidates here; known are params.',
    );
  });
});

describe("MnasNet's reward", () => {
  it('is soft on both sides of the target: twice the latency asks for 5 % more accuracy', () => {
    const reward = softReward({ quantity: 'latencyMs', target: 75 });
    expect(rewardOf(0.5, { latencyMs: 75 }, reward)).toBe(0.5);
    expect(rewardOf(0.525, { latencyMs: 150 }, reward)).toBeCloseTo(0.5, 3);
    expect(rewardOf(0.5, { latencyMs: 37.5 }, reward)).toBeCloseTo(0.525, 3);
  });

  it('is hard beyond the target only', () => {
    const reward = hardReward({ quantity: 'latencyMs', target: 75 });
    expect(rewardOf(0.5, { latencyMs: 10 }, reward)).toBe(0.5);
    expect(rewardOf(0.5, { latencyMs: 100 }, reward)).toBeCloseTo(0.375, 12);
    expect(() => rewardOf(0.5, { params: 3 }, reward)).toThrow(
      'The strategy is to weigh "latencyMs", which is not known of candidates here; known are params.',
    );
  });
});
