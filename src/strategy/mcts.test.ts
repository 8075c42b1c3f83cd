/** @file Tree search: bounds, closed parts, learned regions, and what is found. */
import { describe, expect, it } from 'vitest';
import { learn, learningTasks } from '../../test/learning-task.js';
import { describeStrategyLaws } from '../../test/strategy-laws.js';
import { toySpace } from '../../test/toy-space.js';
import { Random } from '../random.js';
import { int } from '../space/decisions/choice.js';
import { repeat } from '../space/decisions/repeat.js';
import { mcts } from './mcts.js';
import { random } from './random.js';
import { ScoreRanks } from './score-ranks.js';
import { DecisionNode, DecisionTree } from './tree/decision-tree.js';
import { learnPartition, selectRegion } from './tree/learned-partition.js';
import { fitRidge } from './tree/ridge.js';

describeStrategyLaws({ ...mcts, name: 'mcts with learned regions' }, { settings: { partition: 'learned' } });

const { decisions } = toySpace(repeat(int({ min: 0, max: 2 }), 2));

/** Scores that are rewards as they are. */
const identity = { known: 0, rewardOf: Number };

describe('the tree of decisions', () => {
  it('takes every option once, then the one of the highest bound', () => {
    const tree = new DecisionTree(decisions, 0.5, identity);
    const random = new Random(1);
    const first = Array.from({ length: 3 }, () => {
      const descent = tree.descend(random);
      tree.take(descent);
      tree.backUp(descent, Array.isArray(descent.architecture) ? Number(descent.architecture[0]) / 2 : 0);
      return Array.isArray(descent.architecture) ? descent.architecture[0] : null;
    });
    expect([...first].sort()).toEqual([0, 1, 2]);
    // All were taken once: the bonus is the same, 2·C_p·√(2 ln 3), and the mean decides.
    const second = tree.descend(random);
    expect(second.architecture).toMatchObject([2, expect.anything()]);
    tree.take(second);
    // N = 4: 1 + √(2 ln 4 / 2) = 2.18 for the best with two visits, 0.5 + √(2 ln 4) = 2.17 for the second with one.
    const third = tree.descend(random);
    expect(third.architecture).toMatchObject([2, expect.anything()]);
    tree.take(third);
    // N = 5: 1 + √(2 ln 5 / 3) = 2.04 against 0.5 + √(2 ln 5) = 2.29.
    expect(tree.descend(random).architecture).toMatchObject([1, expect.anything()]);
  });

  it('never comes back to what is closed, and is closed when all of it is', () => {
    const tree = new DecisionTree(decisions, 0.5, identity);
    const random = new Random(2);
    const seen = new Set<string>();
    for (let descents = 0; descents < 9; descents++) {
      expect(tree.isClosed).toBe(false);
      const descent = tree.descend(random);
      seen.add(JSON.stringify(descent.architecture));
      tree.take(descent);
      tree.backUp(descent, 1);
    }
    expect(seen.size).toBe(9);
    expect(tree.isClosed).toBe(true);
  });
});

describe('a node of the tree', () => {
  it('has the mean of what its scores are worth by now, and counts what is infeasible as the worst', () => {
    const ranks = new ScoreRanks();
    const node = new DecisionNode();
    expect(node.isKnown).toBe(false);
    const learn = (score: number | null) => {
      ranks.add(score);
      node.add(score);
    };
    learn(3);
    learn(null);
    expect(node.meanReward(ranks)).toBe(0.25);
    learn(5);
    // Of 3 and 5 one exceeds nothing and half of itself, the other one more: (1/4 + 3/4 + 0) / 3.
    expect(node.meanReward(ranks)).toBeCloseTo(1 / 3, 12);
    ranks.add(1);
    expect(node.meanReward(ranks)).toBeCloseTo((3 / 6 + 5 / 6) / 3, 12);
    node.add(5);
    expect(node.meanReward(ranks)).toBeCloseTo((3 / 6 + 5 / 6 + 5 / 6) / 4, 12);
  });

  it('ranks each of its scores once between two answers', () => {
    let ranked = 0;
    const rewards = { known: 1, rewardOf: () => ++ranked / ranked };
    const node = new DecisionNode();
    for (let score = 0; score < 50; score++) {
      node.add(score);
      for (let look = 0; look < 10; look++) expect(node.meanReward(rewards)).toBe(1);
    }
    expect(ranked).toBe(50);
    rewards.known = 2;
    node.meanReward(rewards);
    expect(ranked).toBe(100);
  });
});

describe('a ridge regression', () => {
  it('has the slope of the closed form in one dimension', () => {
    // x = 0, 1, 2, 3 and y = 1, 3, 2, 6: S_xy = 7, S_xx = 5, λ = 0.1 · 4; the line passes through the means, 1.5 and 3.
    const line = fitRidge([[0], [1], [2], [3]], [1, 3, 2, 6]);
    const slope = 7 / 5.4;
    expect(line([1.5])).toBeCloseTo(3, 10);
    expect(line([4])).toBeCloseTo(3 + 2.5 * slope, 10);
  });

  it('tells features apart that matter and that do not', () => {
    const random = new Random(3);
    const rows = Array.from({ length: 400 }, () => [random.normal(), random.normal(), random.normal()]);
    const plane = fitRidge(
      rows,
      rows.map(([a = 0, , c = 0]) => 2 * a - c),
    );
    const weights = [0, 1, 2].map(
      (axis) => plane([0, 1, 2].map((other) => (other === axis ? 1 : 0))) - plane([0, 0, 0]),
    );
    // Unit variance and a ridge of a tenth of it: weights are 1 / 1.1 of the truth, up to sampling.
    for (const [axis, truth] of [2, 0, -1].entries()) expect(weights[axis]).toBeCloseTo(truth / 1.1, 1);
  });
});

describe('learned regions', () => {
  const samples = Array.from({ length: 64 }, (_, index) => {
    const features = [0, 1, 2, 3, 4, 5].map((bit) => (index >> bit) & 1);
    return { architecture: index, features, reward: features.reduce((sum, bit) => sum + bit, 0) / 6 };
  });

  it('lead to ever better samples', () => {
    const region = selectRegion(learnPartition(samples, 3), 0);
    expect(region.depth).toBe(3);
    expect(region.depthOf([1, 1, 1, 1, 1, 1])).toBe(3);
    expect(region.depthOf([0, 0, 0, 0, 0, 0])).toBe(0);
  });

  it('are left for what is hardly known where exploration counts', () => {
    const sample = (bit: number) => ({ architecture: bit, features: [bit], reward: bit });
    const partition = learnPartition([...new Array(50).fill(1), 0, 0, 0].map(sample), 1);
    // 1 + 2·C_p·√(2 ln 53 / 50) against 0 + 2·C_p·√(2 ln 53 / 3).
    expect(selectRegion(partition, 0.1).depthOf([0])).toBe(0);
    expect(selectRegion(partition, 5).depthOf([0])).toBe(1);
  });

  it('are one where all is alike', () => {
    const alike = samples.map((sample) => ({ ...sample, reward: 0.5 }));
    expect(selectRegion(learnPartition(alike, 5), 0.1).depth).toBe(0);
  });
});

describe('tree search', () => {
  it.each(['decisions', 'learned'] as const)(
    'by %s finds better architectures than random search',
    async (partition) => {
      const task = learningTasks.rightAnswers;
      let [found, drawn] = [0, 0];
      for (const seed of [1, 2, 3, 4, 5]) {
        found += (await learn(mcts, task, { settings: { partition }, questions: 300, seed })).best.at(-1) ?? 0;
        drawn += (await learn(random, task, { questions: 300, seed })).best.at(-1) ?? 1;
      }
      expect(found / 5).toBeGreaterThan(drawn / 5 + 0.1);
    },
  );

  it('asks about the roll-out that the regression expects most of', async () => {
    const task = learningTasks.rightAnswers;
    const meanOf = async (rollouts: number) => {
      const scores = [];
      for (const seed of [1, 2, 3]) {
        const { asked } = await learn(mcts, task, { settings: { rollouts, exploration: 2 }, questions: 100, seed });
        scores.push(...asked.slice(50).map(task.score));
      }
      return scores.reduce((sum, score) => sum + score, 0) / scores.length;
    };
    expect(await meanOf(10)).toBeGreaterThan((await meanOf(1)) + 0.05);
  });
});
