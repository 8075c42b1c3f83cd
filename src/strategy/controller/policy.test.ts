/** @file The controller's policy: its gradient, its growth, and its draws. */

import { afterEach, describe, expect, it } from 'vitest';
import { learningTasks } from '../../../test/learning-task.js';
import { toySpace } from '../../../test/toy-space.js';
import type { Engine, EngineArray, EngineModel } from '../../engine/engine.js';
import { nodeEngine } from '../../engine/node-engine.js';
import type { Json } from '../../json.js';
import { Random } from '../../random.js';
import { int } from '../../space/decisions/choice.js';
import type { Decision } from '../../space/decisions/decision.js';
import { repeat } from '../../space/decisions/repeat.js';
import { stepModel } from './graphs.js';
import { parameterCount } from './parameters.js';
import { type Experience, Policy, type PolicyOptions } from './policy.js';

const options: PolicyOptions = {
  hidden: 6,
  bound: 0.5,
  batch: 3,
  objective: { clip: null, entropy: 0.3 },
  gradientClip: 1e9,
  learningRate: 0.01,
};
const size = { hidden: 6, embedding: 6, rows: 64 };
const { decisions } = learningTasks.conditional.space;

/** What the update was fed with. */
const fed: Record<string, EngineArray>[] = [];
let loaded = 0;
const engine: Engine = {
  ...nodeEngine(),
  async load(bytes: Uint8Array): Promise<EngineModel> {
    const session = await nodeEngine().load(bytes);
    loaded++;
    return {
      inputs: session.inputs,
      outputs: session.outputs,
      run(inputs) {
        if ('learningRate' in inputs) fed.push({ ...inputs });
        return session.run(inputs);
      },
      release() {
        loaded--;
        return session.release();
      },
    };
  },
};

const policies: Policy[] = [];
function policy(changes: Partial<PolicyOptions> = {}): Policy {
  const made = new Policy(engine, { ...options, ...changes }, new Random(1));
  policies.push(made);
  return made;
}

afterEach(async () => {
  for (const one of policies.splice(0)) await one.close();
  fed.length = 0;
});

/** Episodes of different lengths. */
async function batchFrom(drawer: Policy): Promise<Experience[]> {
  const random = new Random(3);
  const batch: Experience[] = [];
  for (const advantage of [0.7, -0.4, 0.2]) {
    batch.push({ episode: (await drawer.draw(decisions, random)).episode, advantage });
  }
  expect(new Set(batch.map(({ episode }) => episode.length)).size).toBeGreaterThan(1);
  return batch;
}

/** The loss of REINFORCE with an entropy bonus, step by step. */
async function lossOf(step: EngineModel, batch: readonly Experience[], parameters: Float32Array): Promise<number> {
  let loss = 0;
  for (const { episode, advantage } of batch) {
    let state = { hidden: new Float32Array(6), cell: new Float32Array(6) };
    for (const { previous, options: rows, answer } of episode) {
      const mask = new Float32Array(64);
      for (const row of rows) mask[row] = 1;
      const result = await step.run({
        parameters: { shape: [parameters.length], data: parameters },
        previous: { shape: [1], data: Int32Array.of(previous) },
        options: { shape: [1, 64], data: mask },
        hidden: { shape: [1, 6], data: state.hidden },
        cell: { shape: [1, 6], data: state.cell },
      });
      const logs = Array.from(rows, (row) => result.logProbabilities?.data[row] ?? Number.NaN);
      const entropy = -logs.reduce((sum, log) => sum + log * Math.exp(log), 0);
      loss -= ((logs[rows.indexOf(answer)] ?? Number.NaN) * advantage + 0.3 * entropy) / batch.length;
      state = {
        hidden: Float32Array.from(result.nextHidden?.data ?? []),
        cell: Float32Array.from(result.nextCell?.data ?? []),
      };
    }
  }
  return loss;
}

describe('the gradient', () => {
  it('is that of the loss through all steps of sequences of different lengths', async () => {
    const learner = policy();
    const batch = await batchFrom(learner);
    await learner.learn(batch);
    const gradient = Float32Array.from(fed[0]?.gradient?.data ?? []);
    const parameters = Float32Array.from(fed[0]?.parameters?.data ?? []);
    expect(gradient).toHaveLength(parameterCount(size));
    const step = await nodeEngine().load(stepModel(size, 1));
    const random = new Random(7);
    for (let probe = 0; probe < 5; probe++) {
      const direction = Float32Array.from(parameters, () => random.normal());
      const moved = (by: number) => parameters.map((value, index) => value + by * (direction[index] ?? 0));
      const difference = (await lossOf(step, batch, moved(1e-2))) - (await lossOf(step, batch, moved(-1e-2)));
      const slope = gradient.reduce((sum, value, index) => sum + value * (direction[index] ?? 0), 0);
      expect(slope).toBeCloseTo(difference / 2e-2, 2);
      expect(Math.abs(slope)).toBeGreaterThan(0.05);
    }
    await step.release();
  });

  it('of PPO is that of REINFORCE in the first epoch, and differs in the next', async () => {
    const gradients: Float32Array[][] = [];
    for (const clip of [null, 0.01]) {
      const learner = policy({ objective: { clip, entropy: 0 }, learningRate: 0.3 });
      const batch = await batchFrom(learner);
      await learner.learn(batch);
      await learner.learn(batch);
      gradients.push(fed.splice(0).map(({ gradient }) => Float32Array.from(gradient?.data ?? [])));
    }
    const [[first, second] = [], [firstClipped, secondClipped] = []] = gradients;
    first?.forEach((value, index) => {
      expect(firstClipped?.[index]).toBeCloseTo(value, 6);
    });
    expect(secondClipped).not.toEqual(second);
  });

  it('of what is clipped on its better side is zero', async () => {
    const learner = policy({ objective: { clip: 0.2, entropy: 0 }, batch: 1 });
    const { episode } = await learner.draw(decisions, new Random(3));
    // Each answer has become e times as likely as it was.
    const likelier = episode.map((step) => ({ ...step, logProbability: step.logProbability - 1 }));
    await learner.learn([{ episode: likelier, advantage: 1 }]);
    await learner.learn([{ episode: likelier, advantage: -1 }]);
    const norms = fed.map(({ gradient }) => Math.hypot(...Array.from(gradient?.data ?? [])));
    expect(norms[0]).toBe(0);
    expect(norms[1]).toBeGreaterThan(0.1);
  });
});

/** The probabilities of the answers to a space of one question, as enough draws tell them. */
async function probabilitiesOf(learner: Policy, question: Decision<Json>): Promise<Map<Json, number>> {
  const probabilities = new Map<Json, number>();
  const random = new Random(6);
  for (let draw = 0; draw < 100; draw++) {
    const { architecture, episode } = await learner.draw(question, random);
    probabilities.set(architecture, Math.exp(episode[0]?.logProbability ?? Number.NaN));
  }
  return probabilities;
}

describe('the policy', () => {
  it('makes what was rewarded more likely', async () => {
    const learner = policy({ batch: 1, objective: { clip: null, entropy: 0 } });
    const die = toySpace(int({ min: 0, max: 3 })).decisions;
    const { architecture: rewarded, episode } = await learner.draw(die, new Random(5));
    const likelihood = async () => (await probabilitiesOf(learner, die)).get(rewarded) ?? Number.NaN;
    const before = await likelihood();
    await learner.learn([{ episode, advantage: 1 }]);
    const after = await likelihood();
    expect(after).toBeGreaterThan(before);
    await learner.learn([{ episode, advantage: -20 }]);
    await learner.learn([{ episode, advantage: -20 }]);
    expect(await likelihood()).toBeLessThan(after);
  });

  it('weighs what an earlier policy drew by how likely it still is, and never by more than 1', async () => {
    const norms: number[] = [];
    for (const shift of [0, 0.5, -0.5]) {
      const learner = policy({ batch: 1, objective: { clip: null, entropy: 0 } });
      const { episode } = await learner.draw(decisions, new Random(3));
      const [first, ...others] = episode;
      if (first === undefined) throw new Error('an episode has a step');
      const earlier = [{ ...first, logProbability: first.logProbability + shift }, ...others];
      await learner.learn([{ episode: earlier, advantage: 1 }]);
      norms.push(Math.hypot(...Array.from(fed.splice(0)[0]?.gradient?.data ?? [])));
    }
    const [same = Number.NaN, rarer = Number.NaN, likelier = Number.NaN] = norms;
    expect(rarer / same).toBeCloseTo(Math.exp(-0.5), 4);
    expect(likelier / same).toBeCloseTo(1, 4);
  });

  it('draws by its probabilities', async () => {
    const learner = policy({ batch: 1, learningRate: 0.2 });
    const die = toySpace(int({ min: 0, max: 3 })).decisions;
    await learner.learn([{ episode: (await learner.draw(die, new Random(1))).episode, advantage: 1 }]);
    const found = await probabilitiesOf(learner, die);
    const probabilities = [0, 1, 2, 3].map((face) => found.get(face) ?? Number.NaN);
    const random = new Random(2);
    const counts = [0, 0, 0, 0];
    for (let draw = 0; draw < 2_000; draw++) {
      const { architecture } = await learner.draw(die, random);
      counts[Number(architecture)] = (counts[Number(architecture)] ?? 0) + 1;
    }
    expect(Math.max(...probabilities) - Math.min(...probabilities)).toBeGreaterThan(0.1);
    for (const [face, probability] of probabilities.entries()) {
      expect((counts[face] ?? 0) / 2_000).toBeCloseTo(probability, 1);
    }
  });

  it('keeps what it knows when it meets more answers than its table has rows, and frees the smaller models', async () => {
    const learner = policy();
    const drawn = await learner.draw(decisions, new Random(4));
    const many = repeat(int({ min: 0, max: 39 }), 5);
    await learner.draw(many, new Random(1));
    expect(await learner.draw(decisions, new Random(4))).toEqual(drawn);
    const batch = await batchFrom(learner);
    await learner.learn(batch);
    expect(fed[0]?.parameters?.shape).toEqual([parameterCount({ ...size, rows: 512 })]);
    expect(loaded).toBe(4);
    await learner.close();
    expect(loaded).toBe(0);
  });
});
