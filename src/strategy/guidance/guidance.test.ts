/** @file What guidance leads to, and what it leaves alone. */
import { describe, expect, it } from 'vitest';
import { toySpace } from '../../../test/toy-space.js';
import { canonicalJson, type Json } from '../../json.js';
import { Random } from '../../random.js';
import { bool } from '../../space/decision-choice.js';
import { repeat } from '../../space/decision-repeat.js';
import { guided } from '../guided.js';
import { random } from '../random.js';
import { guidedSpace } from './guided-space.js';
import { hardReward, rewardOf, softReward } from './reward.js';

const bits = toySpace(repeat(bool(), 12));
const ones = (architecture: Json): number => canonicalJson(architecture).split('true').length - 1;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a guided space', () => {
  it('draws the best of several samples, but for the share that is left as it is', () => {
    const draw = (unscreened: number) => {
      const space = guidedSpace(bits, ones, { samples: 64, unscreened });
      const stream = new Random(1);
      return Array.from({ length: 200 }, () => ones(space.decisions.sample(stream)));
    };
    // The largest of 64 binomial (12, 1/2) numbers is 10.0 on average.
    expect(mean(draw(0))).toBeGreaterThan(9.7);
    expect(mean(draw(1))).toBeCloseTo(6, 0);
    expect(mean(draw(0.5))).toBeGreaterThan(7.5);
    expect(Math.min(...draw(0.5))).toBeLessThan(6);
  });

  it('proposes the best of several mutations', () => {
    const space = guidedSpace(bits, ones, { mutations: 8, unscreened: 0 });
    const start = bits.decisions.rebuild(Array.from({ length: 12 }, (_, index) => index % 2));
    const stream = new Random(2);
    const better = Array.from({ length: 100 }, () => ones(space.mutate(start, stream)) > 6);
    expect(better.filter(Boolean).length).toBeGreaterThan(95);
  });
});

describe('a guided strategy', () => {
  it('keeps the questions of the strategy that it guides new, and led by the score', async () => {
    const cost = (architecture: Json) => ({ macs: 1 + ones(architecture) });
    const strategy = guided([random]).create({
      space: bits,
      settings: { proposer: { name: 'random' }, score: 'macs' },
      seed: 1,
      constraints: { limits: { macs: 11 }, cost },
    });
    const asked: Json[] = [];
    for (let trial = 0; trial < 50; trial++) {
      const proposal = await strategy.ask();
      if (typeof proposal === 'string') throw new Error(proposal);
      asked.push(proposal.architecture);
      await strategy.tell(trial, { state: 'completed', score: 0 });
    }
    expect(new Set(asked.map(canonicalJson)).size).toBe(50);
    expect(mean(asked.map(ones))).toBeGreaterThan(7);
    expect(Math.max(...asked.map(ones))).toBe(10);
  });

  it('refuses to guide by costs that are not known', () => {
    expect(() => guided([random]).create({ space: bits, settings: { score: 'macs' }, seed: 1 })).toThrow(
      'needs to know what architectures cost',
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
