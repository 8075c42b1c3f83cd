/** @file The evaluation `train`: it learns, always in the same way, keeps the best weights, and fails with reasons. */
import { describe, expect, test } from 'vitest';
import { evaluationRequest, silentJob } from '../../test/evaluation/request.js';
import { loadDataset } from '../data/load.js';
import { subset } from '../data/split.js';
import { channelStatistics } from '../data/statistics.js';
import { nodeEngine } from '../engine/node-engine.js';
import { UsageError, WorkError } from '../error.js';
import type { Json } from '../json.js';
import { activation, batchNorm, conv2d, dropout, flatten, globalAvgPool, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import { initialWeights } from '../nn/weights.js';
import { Random } from '../random.js';
import type { Reference } from '../registry.js';
import { adam, sgd } from '../tensor/index.js';
import { Classifier } from '../training/classifier.js';
import type { Point } from '../training/curve.js';
import { trainNetwork } from '../training/train-network.js';
import { trainSettings } from '../training/train-settings.js';
import { Trainer } from '../training/trainer.js';
import type { EvaluationRequest } from './evaluation.js';
import { evaluationNamed } from './registry.js';
import { train } from './train.js';

const engine = nodeEngine();

interface Sizes {
  readonly channels?: number;
  readonly side?: number;
  readonly classes?: number;
}

const convolutional = ({ channels = 1, side = 8, classes = 10 }: Sizes = {}): Network =>
  Network.build({ channels, height: side, width: side }, (image) => {
    const x = activation(batchNorm(conv2d(image, { out: 16, kernel: 3 })), 'relu');
    const y = activation(batchNorm(conv2d(x, { out: 24, kernel: 3, stride: 2 })), 'hard-swish');
    return linear(dropout(flatten(y), 0.1), { out: classes });
  });

async function run(
  settings: Reference['settings'] = {},
  {
    network = convolutional(),
    signal = new AbortController().signal,
    ...rest
  }: Partial<Pick<EvaluationRequest, 'seed' | 'fidelity' | 'data'>> & {
    network?: Network;
    signal?: AbortSignal;
    onPoint?: (point: Point) => void;
  } = {},
) {
  const curve: Point[] = [];
  const result = await train.create(settings).evaluate(evaluationRequest(network, settings, { seed: 1, ...rest }), {
    ...silentJob(),
    signal,
    report: (point) => {
      curve.push(point);
      rest.onPoint?.(point);
    },
  });
  return { result, curve };
}

/** The training that the evaluation is made of, with its weights. */
async function trained(settings: Json, seed = 1) {
  const curve: Point[] = [];
  const dataset = await loadDataset('digits', { seed: 0 });
  const listener = { engine, signal: new AbortController().signal, report: (point: Point) => curve.push(point) };
  const how = { seed, threads: 1 };
  const result = await trainNetwork(convolutional(), dataset, trainSettings.parse(settings), how, listener);
  return { result, curve };
}

/** A curve without its times. */
const timeless = (curve: readonly Point[]) => curve.map(({ seconds: _, ...point }) => point);

describe('learning', () => {
  test('three epochs of digits reach 80 %, twice the same bit for bit, weights included', async () => {
    const settings = { epochs: 3, batchSize: 32 };
    const [first, second] = [await trained(settings), await trained(settings)];
    expect(first.result.metrics.validAccuracy).toBeGreaterThan(0.8);
    expect(second.result).toEqual({ ...first.result, checkpoint: expect.any(Function) });
    expect(timeless(second.curve)).toEqual(timeless(first.curve));
  });

  test('another seed gives another course', async () => {
    const [a, b] = [await run({ epochs: 1 }), await run({ epochs: 1 }, { seed: 2 })];
    expect(a.curve[0]?.values.trainLoss).not.toBe(b.curve[0]?.values.trainLoss);
  });

  test('a fidelity is a share of the steps, with all of the schedule, and ends within an epoch', async () => {
    const settings = { epochs: 3, subset: 640, batchSize: 64 };
    const { curve, result } = await run(settings, { fidelity: 1 / 2 });
    expect(curve.map(({ epoch, values }) => [epoch, values.images])).toEqual([
      [1, 640],
      [1.5, 960],
    ]);
    expect(result.metrics.epochs).toBe(1.5);
    expect(curve[1]?.values.learningRate).toBeLessThan(0.01);
    expect((await run(settings, { fidelity: 1e-6 })).curve.map(({ values }) => values.images)).toEqual([64]);
    const [full, absent] = [await run(settings, { fidelity: 1 }), await run(settings)];
    expect(timeless(full.curve)).toEqual(timeless(absent.curve));
  });

  test('the curve tells epochs, images, the falling learning rate and the falling loss', async () => {
    const { curve, result } = await run({ epochs: 4, warmup: 0.25, subset: 640, batchSize: 64 });
    expect(curve.map(({ epoch, values }) => [epoch, values.images])).toEqual([
      [1, 640],
      [2, 1280],
      [3, 1920],
      [4, 2560],
    ]);
    const rates = curve.map(({ values }) => values.learningRate ?? 0);
    expect(rates.slice(1)).toEqual([...rates.slice(1)].sort((x, y) => y - x));
    expect(curve[3]?.values.trainLoss).toBeLessThan(curve[0]?.values.trainLoss ?? 0);
    expect(result.metrics.epochs).toBe(4);
    expect(result.metrics.validAccuracy).toBe(Math.max(...curve.map(({ values }) => values.validAccuracy ?? 0)));
  });

  test.each(['adam', 'adamw'])('%s learns, too, with clipping, smoothing and augmentation', async (optimizer) => {
    const { result } = await run({
      epochs: 3,
      batchSize: 32,
      optimizer,
      learningRate: 0.01,
      schedule: 'step',
      clipNorm: 5,
      labelSmoothing: 0.1,
      augmentation: { shift: 1, cutout: 2 },
    });
    expect(result.metrics.validAccuracy).toBeGreaterThan(0.7);
  });

  test('the best weights are kept, not the last', async () => {
    // With a high learning rate that does not fall, accuracy goes up and down; processors differ in when.
    const settings = { epochs: 6, learningRate: 0.5, schedule: 'flat', subset: 400, batchSize: 32 };
    let seed = 1;
    let { result, curve } = await trained(settings, seed);
    while (seed < 10 && curve.at(-1)?.values.validAccuracy === result.metrics.validAccuracy) {
      seed++;
      ({ result, curve } = await trained(settings, seed));
    }
    const accuracies = curve.map(({ values }) => values.validAccuracy ?? 0);
    expect(accuracies.at(-1)).toBeLessThan(Math.max(...accuracies));
    expect(result.metrics.validAccuracy).toBe(Math.max(...accuracies));
    expect(accuracies[result.metrics.bestEpoch - 1]).toBe(result.metrics.validAccuracy);
    const network = convolutional();
    const dataset = await loadDataset('digits', { seed: 0 });
    const classifier = await Classifier.create(engine, network, {
      batchSize: 50,
      threads: 1,
      normalization: channelStatistics(subset(dataset.train, 400, seed)),
    });
    const rating = await classifier.rate(result.weights, dataset.valid);
    await classifier.release();
    expect(rating.accuracy).toBeCloseTo(result.metrics.validAccuracy, 10);
    expect(rating.loss).toBeCloseTo(result.metrics.validLoss, 4);
  });
});

test('twenty steps from one seed give the same bits, drop-out included', async () => {
  const network = convolutional();
  const twenty = async () => {
    const random = new Random(3);
    const trainer = await Trainer.create(engine, network, initialWeights(network, 4), {
      batchSize: 16,
      normalization: { mean: [100], std: [80] },
      optimizer: sgd({ momentum: 0.9 }),
      threads: 1,
      noise: random.stream('noise'),
    });
    const losses: number[] = [];
    for (let step = 0; step < 20; step++) {
      const pixels = Float32Array.from({ length: 16 * 64 }, () => random.integer(256));
      const labels = Int32Array.from({ length: 16 }, () => random.integer(10));
      losses.push(await trainer.step({ pixels, labels }, 0.05));
    }
    await trainer.release();
    return { losses, weights: trainer.weights };
  };
  expect(await twenty()).toEqual(await twenty());
});

test('the optimiser is told which step it is: Adam corrects its moments by it', async () => {
  const network = Network.build({ channels: 1, height: 2, width: 2 }, (image) => linear(flatten(image), { out: 2 }));
  const initial = initialWeights(network, 1);
  const trainer = await Trainer.create(engine, network, initial, {
    batchSize: 2,
    normalization: { mean: [0], std: [1] },
    optimizer: adam(),
    threads: 1,
    noise: new Random(0),
  });
  // So small a step leaves the gradient as it is, and each update is then the learning rate in size.
  const path = [initial.parameters];
  for (let step = 0; step < 3; step++) {
    await trainer.step({ pixels: Float32Array.of(1, 2, 3, 4, 4, 3, 2, 1), labels: Int32Array.of(0, 0) }, 1e-3);
    path.push(trainer.weights.parameters);
  }
  await trainer.release();
  const moves = [1, 2, 3].map((step) => Math.abs((path[step]?.[0] ?? 0) - (path[step - 1]?.[0] ?? 0)));
  for (const move of moves) expect(move).toBeCloseTo(1e-3, 5);
});

describe('fidelities', () => {
  test('a subset by number and by fraction, of training and of validation images', async () => {
    const { curve } = await run({ epochs: 1, subset: 100, validSubset: 0.5, batchSize: 30 });
    expect(curve[0]?.values.images).toBe(90);
    const half = await run({ epochs: 1, subset: 0.5, batchSize: 64 });
    const whole = await run({ epochs: 1, batchSize: 64 });
    expect(half.curve[0]?.values.images).toBeLessThan(0.6 * (whole.curve[0]?.values.images ?? 0));
  });

  test('resolution and width multiplier change what networks are built for', () => {
    const full = { channels: 1, height: 28, width: 28, classes: 10 };
    expect(train.create({}).target?.(full, 1)).toEqual({ ...full, widthMultiplier: 1, depthMultiplier: 1 });
    expect(train.create({ resolution: 14, widthMultiplier: 0.5 }).target?.(full, 1)).toEqual({
      ...full,
      widthMultiplier: 0.5,
      depthMultiplier: 1,
      resolution: 14,
    });
  });

  test('images are resized to what the network takes', async () => {
    const { result } = await run({ epochs: 2, batchSize: 32 }, { network: convolutional({ side: 6 }) });
    expect(result.metrics.validAccuracy).toBeGreaterThan(0.5);
  });
});

describe('failures', () => {
  test.each([
    [{ channels: 3 }, {}, /takes images of 3 channels, but these have 1/],
    [{ classes: 7 }, {}, /tells 7 classes apart, but digits has 10/],
    [{}, { subset: 100_000 }, /subset of 100000 cannot be taken of \d+ images/],
    [{}, { validSubset: 5000 }, /subset of 5000 cannot be taken/],
    [{}, { batchSize: 2000 }, /fewer than one batch of 2000/],
    [{}, { subset: 20, batchSize: 64 }, /20 training images, fewer than one batch of 64/],
    [{}, { augmentation: { shift: 9 } }, /shift of the augmentation is 9/],
  ] as const)('network %j with %j is wrong usage', async (sizes, settings, message) => {
    const attempt = run({ epochs: 1, ...settings }, { network: convolutional(sizes) });
    await expect(attempt).rejects.toThrow(UsageError);
    await expect(attempt).rejects.toThrow(message);
  });

  test('images that are to be oblong cannot be made so', async () => {
    const network = Network.build({ channels: 1, height: 8, width: 6 }, (image) =>
      linear(globalAvgPool(image), { out: 10 }),
    );
    await expect(run({ epochs: 1 }, { network })).rejects.toThrow(/takes 8×6 images/);
  });

  test('a huge learning rate diverges, and the reason says where and what may help', async () => {
    const network = Network.build({ channels: 1, height: 8, width: 8 }, (image) =>
      linear(activation(linear(flatten(image), { out: 30 }), 'relu'), { out: 10 }),
    );
    const attempt = run({ epochs: 2, learningRate: 100, warmup: 0 }, { network });
    await expect(attempt).rejects.toThrow(WorkError);
    await expect(attempt).rejects.toThrow(/Training diverged: the loss is .* at step \d+ of epoch 1; .*clipNorm/);
  });

  test('an aborted signal ends training at once, with its reason', async () => {
    const controller = new AbortController();
    let points = 0;
    const attempt = run(
      { epochs: 1000 },
      {
        signal: controller.signal,
        onPoint: () => {
          points++;
          controller.abort(new Error('enough'));
        },
      },
    );
    await expect(attempt).rejects.toThrow('enough');
    expect(points).toBe(1);
  });

  test('settings that are unknown or beyond their range are refused', async () => {
    await expect(run({ epoch: 3 })).rejects.toThrow(/epoch/);
    await expect(run({ learningRate: -1 })).rejects.toThrow(/learningRate/);
    await expect(run({ batchSize: 1 })).rejects.toThrow(/batchSize/);
  });

  test('a misspelt evaluation is told the nearest name', () => {
    expect(evaluationNamed('train')).toBe(train);
    expect(() => evaluationNamed('trian')).toThrow(/no evaluation "trian" \(did you mean train\?\)/);
  });
});
