/** @file Each setting of training reaches the step: learning rate, clipping, smoothing, mirroring, new batches every epoch. */

import { describe, expect, test } from 'vitest';
import type { Dataset, Images } from '../data/dataset.js';
import { nodeEngine } from '../engine/node-engine.js';
import { flatten, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import { Random } from '../random.js';
import { sgd } from '../tensor/index.js';
import type { Point } from '../training/curve.js';
import { crossEntropy } from '../training/loss.js';
import { trainNetwork } from '../training/train-network.js';
import { trainSettings } from '../training/train-settings.js';
import { Trainer } from '../training/trainer.js';

const engine = nodeEngine();

/** 4 × 4 pixels, three classes, logits linear in the pixels. */
const network = Network.build({ channels: 1, height: 4, width: 4 }, (image) => linear(flatten(image), { out: 3 }));

function imagesOf(count: number, seed: number): Images {
  const random = new Random(seed);
  return {
    count,
    channels: 1,
    height: 4,
    width: 4,
    pixels: Uint8Array.from({ length: count * 16 }, () => random.integer(256)),
    labels: Uint16Array.from({ length: count }, (_, index) => index % 3),
  };
}

const dataset = (mirrorInvariant: boolean): Dataset => ({
  name: 'noise',
  classes: ['a', 'b', 'c'],
  origin: 'Random pixels.',
  split: 'Made up.',
  mirrorInvariant,
  notices: [],
  train: imagesOf(20, 1),
  valid: imagesOf(6, 2),
  test: imagesOf(6, 3),
});

async function curveOf(settings: object, { mirrorInvariant = false } = {}): Promise<Point[]> {
  const curve: Point[] = [];
  await trainNetwork(
    network,
    dataset(mirrorInvariant),
    trainSettings.parse({ batchSize: 8, epochs: 3, ...settings }),
    { seed: 5, threads: 1 },
    { engine, signal: new AbortController().signal, report: (point) => curve.push(point) },
  );
  return curve;
}

const lossesOf = async (...run: Parameters<typeof curveOf>) =>
  (await curveOf(...run)).map(({ values }) => values.trainLoss);

describe('the learning rate', () => {
  // 20 images are two batches of 8 an epoch; a point tells the rate of its epoch's last step, whose middle is 1.5, 3.5 and 5.5 sixths of training.
  const progress = [1.5, 3.5, 5.5].map((step) => step / 6);

  test('follows a cosine', async () => {
    const curve = await curveOf({ warmup: 0, learningRate: 0.01 });
    for (const [epoch, at] of progress.entries()) {
      expect(curve[epoch]?.values.learningRate).toBeCloseTo(0.005 * (1 + Math.cos(Math.PI * at)), 12);
    }
  });

  test('rises in the warm-up, then falls in steps', async () => {
    const curve = await curveOf({ warmup: 0.5, schedule: 'step', learningRate: 0.01 });
    expect(curve.map(({ values }) => values.learningRate?.toPrecision(6))).toEqual(
      [0.005, 0.01, 0.0001].map((rate) => rate.toPrecision(6)),
    );
  });
});

test('every epoch has other batches: what it drops differs', async () => {
  // At such a rate the weights stand still.
  const [first, second] = await lossesOf({ learningRate: 1e-12, weightDecay: 0 });
  expect(first).not.toBe(second);
});

test('images are mirrored where that is asked for, or where their classes allow it', async () => {
  const upright = await lossesOf({ augmentation: { flip: false } });
  const mirrored = await lossesOf({ augmentation: { flip: true } });
  expect(mirrored).not.toEqual(upright);
  expect(await lossesOf({}, { mirrorInvariant: false })).toEqual(upright);
  expect(await lossesOf({}, { mirrorInvariant: true })).toEqual(mirrored);
});

describe('one step', () => {
  const parameters = Float32Array.from({ length: 51 }, (_, index) => (index < 48 ? 0 : index - 48));
  const batch = {
    pixels: Float32Array.from({ length: 32 }, (_, index) => (index % 5) - 2),
    labels: Int32Array.of(0, 0),
  };

  async function step({ labelSmoothing = 0, ...options }: { clipNorm?: number; labelSmoothing?: number }) {
    const trainer = await Trainer.create(
      engine,
      network,
      { parameters, statistics: new Float32Array() },
      {
        ...options,
        terms: [crossEntropy({ labelSmoothing })],
        batchSize: 2,
        optimizer: sgd(),
        normalization: { mean: [0], std: [1] },
        threads: 1,
        noise: new Random(0),
      },
    );
    const loss = await trainer.step(batch, 1);
    const after = trainer.weights.parameters;
    await trainer.release();
    // With SGD at a rate of 1 the parameters move by the gradient.
    return { loss, gradient: Array.from(parameters, (value, index) => value - (after[index] ?? Number.NaN)) };
  }

  test('smooths the target', async () => {
    // Logits are the biases 0, 1, 2: the weights are 0.
    const logSum = Math.log(1 + Math.E + Math.E ** 2);
    expect((await step({})).loss).toBeCloseTo(logSum, 5);
    expect((await step({ labelSmoothing: 0.3 })).loss).toBeCloseTo(logSum - 0.1 * (1 + 2), 5);
  });

  test('clips the gradient of all parameters together, and leaves a short one alone', async () => {
    const { gradient } = await step({});
    const norm = Math.hypot(...gradient);
    const { gradient: clipped } = await step({ clipNorm: norm / 4 });
    expect(Math.hypot(...clipped)).toBeCloseTo(norm / 4, 4);
    clipped.forEach((value, index) => {
      expect(value).toBeCloseTo((gradient[index] ?? Number.NaN) / 4, 4);
    });
    expect((await step({ clipNorm: 4 * norm })).gradient).toEqual(gradient);
  });
});
