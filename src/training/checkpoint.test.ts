/** @file A training in parts is the training that was never interrupted, bit for bit. */
import { describe, expect, test } from 'vitest';
import { bars } from '../../test/bars.js';
import { nodeEngine } from '../engine/node-engine.js';
import { UsageError, WorkError } from '../error.js';
import { activation, batchNorm, conv2d, dropout, flatten, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import type { Point } from './curve.js';
import { TensorFile } from './tensor-file.js';
import { type TrainingRun, trainNetwork } from './train-network.js';
import { trainSettings } from './train-settings.js';

const classifier = (rate: number): Network =>
  Network.build({ channels: 1, height: 6, width: 6 }, (image) => {
    const x = activation(batchNorm(conv2d(image, { out: 4, kernel: 3 })), 'relu');
    return linear(dropout(flatten(dropout(x, rate)), rate), { out: 3 });
  });

const engine = nodeEngine();
const dataset = bars(6);

// Seven steps an epoch and 28 in all: 3, 9 and 28 steps end within epochs and at the end of one.
const usual = { epochs: 4, batchSize: 8, learningRate: 0.02, augmentation: { shift: 1, cutout: 2 } };
const shares = [1 / 9, 1 / 3, 1];

async function train(run: Omit<TrainingRun, 'threads' | 'seed'>, settings: object = {}, { seed = 5, rate = 0.3 } = {}) {
  const curve: Omit<Point, 'seconds'>[] = [];
  const result = await trainNetwork(
    classifier(rate),
    dataset,
    trainSettings.parse({ ...usual, ...settings }),
    { ...run, seed, threads: 1 },
    { engine, signal: new AbortController().signal, report: ({ seconds: _, ...point }) => curve.push(point) },
  );
  const { checkpoint, ...rest } = result;
  return { ...rest, curve, checkpoint: checkpoint() };
}

describe.each([
  ['SGD with momentum', { optimizer: 'sgd' }],
  ['Adam', { optimizer: 'adam', schedule: 'step', clipNorm: 1 }],
])('with %s, drop-out and augmentation', (_, settings) => {
  test('parts from checkpoint to checkpoint give the weights, curve, metrics and checkpoint of one training', async () => {
    const whole = await train({ milestones: shares }, settings);
    const curve = [];
    let trainedEpochs = 0;
    let part: Awaited<ReturnType<typeof train>> | undefined;
    for (const milestone of shares) {
      part = await train({ milestones: [milestone], ...(part && { checkpoint: part.checkpoint }) }, settings);
      curve.push(...part.curve);
      trainedEpochs += part.trainedEpochs;
    }
    expect(whole).toEqual({ ...part, curve, trainedEpochs: expect.closeTo(trainedEpochs, 9) });
    expect(trainedEpochs).toBeCloseTo(4, 9);
    expect(whole.curve.map(({ epoch }) => epoch)).toEqual([3 / 7, 1, 1 + 2 / 7, 2, 3, 4]);
    // Another noise, or another order of the batches, would show.
    const other = await train({ milestones: shares }, settings, { seed: 6 });
    expect(other.weights).not.toEqual(whole.weights);
  });
});

test('each milestone ends a cycle of the learning rate', async () => {
  const { curve } = await train({ milestones: [1 / 4, 1] }, { warmup: 0, schedule: 'cosine', learningRate: 0.01 });
  const rate = (step: number, of: number) => 0.005 * (1 + Math.cos((Math.PI * (step - 0.5)) / of));
  // A point tells the rate of its last step: one cycle has 7 steps, the other 21.
  const expected = [rate(7, 7), rate(7, 21), rate(14, 21), rate(21, 21)];
  for (const [epoch, expectation] of expected.entries()) {
    expect(curve[epoch]?.values.learningRate).toBeCloseTo(expectation, 12);
  }
});

test('a training that is not cut is the one of its last milestone alone', async () => {
  expect(await train({ milestones: [1] })).toEqual(await train({}));
});

test('a checkpoint holds everything by name', async () => {
  const { checkpoint } = await train({ milestones: [1 / 9] });
  const { names, metadata } = new TensorFile(checkpoint);
  expect(names).toEqual([
    ...['conv2d.weight', 'batchNorm.scale', 'batchNorm.shift', 'linear.weight', 'linear.bias'].map(
      (name) => `parameters ${name}`,
    ),
    'statistics batchNorm.mean',
    'statistics batchNorm.variance',
    ...['conv2d.weight', 'batchNorm.scale', 'batchNorm.shift', 'linear.weight', 'linear.bias'].map(
      (name) => `velocity ${name}`,
    ),
    ...['conv2d.weight', 'batchNorm.scale', 'batchNorm.shift', 'linear.weight', 'linear.bias'].map(
      (name) => `best ${name}`,
    ),
    'best batchNorm.mean',
    'best batchNorm.variance',
  ]);
  expect(JSON.parse(metadata.progress ?? '')).toMatchObject({ milestones: [1 / 9], steps: 3 });
});

describe('a training does not go on', () => {
  test('to where it has been', async () => {
    const { checkpoint } = await train({ milestones: [1 / 3] });
    const back = train({ milestones: [1 / 9], checkpoint });
    await expect(back).rejects.toThrow(UsageError);
    await expect(back).rejects.toThrow(/at a share of 0.33.* cannot go on to a share of 0.11/);
    await expect(train({ milestones: [2] })).rejects.toThrow(/at most 1/);
  });

  test('from another training, or from damaged bytes', async () => {
    const { checkpoint } = await train({ milestones: [1 / 9] });
    const from = (bytes: Uint8Array, ...others: [settings?: object, how?: object]) =>
      train({ milestones: [1], checkpoint: bytes }, ...others);
    await expect(from(checkpoint, { learningRate: 0.03 })).rejects.toThrow(/another value of "settings"/);
    await expect(from(checkpoint, {}, { seed: 6 })).rejects.toThrow(/another value of "seed"/);
    await expect(from(checkpoint, {}, { rate: 0.2 })).rejects.toThrow(/another value of "network"/);
    await expect(from(checkpoint.subarray(0, 999))).rejects.toThrow(WorkError);
    await expect(from(checkpoint.subarray(0, -4))).rejects.toThrow(/cannot go on from its checkpoint: it is damaged/);
  });
});
