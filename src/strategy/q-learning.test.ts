/** @file Q-learning: the schedule of MetaQNN, rewards that reach the first decision, and what is learnt. */
import { describe, expect, it } from 'vitest';
import { learn, learningTasks } from '../../test/learning-task.js';
import type { Json } from '../json.js';
import { epsilonAt, epsilonSchedule, qLearning } from './q-learning.js';
import { random } from './random.js';

const { rightAnswers, conditional } = learningTasks;
const distance = (first: Json | undefined, second: Json | undefined): number =>
  Array.isArray(first) && Array.isArray(second)
    ? first.filter((answer, place) => answer !== second[place]).length
    : Number.NaN;

describe('q-learning', () => {
  it('explores by table 2 of the paper', () => {
    expect(epsilonSchedule.reduce((sum, [, models]) => sum + models, 0)).toBe(2_700);
    const epsilons = [0, 1_499, 1_500, 1_799, 1_800, 1_950, 2_549, 2_550, 5_000].map((models) =>
      epsilonAt(models / 2_700),
    );
    expect(epsilons).toEqual([1, 1, 0.9, 0.7, 0.6, 0.5, 0.2, 0.1, 0.1]);
  });

  it('brings a reward to the first decision at once', async () => {
    // α = 1 and no replay: one pass over the only model has to tell every decision that its answer was good.
    const settings = { learningRate: 1, initial: 0, replay: 0, exploration: 1, memory: 0 };
    let total = 0;
    for (let seed = 0; seed < 40; seed++) {
      const { asked } = await learn(qLearning, rightAnswers, { settings, questions: 2, seed });
      total += distance(asked[0], asked[1]);
    }
    // Uniform draws differ in 8 of 10 answers; greedy ones with ε = 0.1 in 0.8, or one where a mutation must help.
    expect(total / 40).toBeLessThan(2);
  });

  it.each([
    ['right answers', rightAnswers],
    ['sequences that differ', conditional],
  ] as const)('learns %s: late questions are better than early ones', async (_, task) => {
    const mean = (asked: readonly Json[]) =>
      asked.reduce<number>((sum, one) => sum + task.score(one), 0) / asked.length;
    const { asked, best } = await learn(qLearning, task, { questions: 500 });
    expect(mean(asked.slice(-100))).toBeGreaterThan(1.7 * mean(asked.slice(0, 50)));
    expect(best.at(-1)).toBeGreaterThan((await learn(random, task, { questions: 500 })).best.at(-1) ?? 1);
  });
});
