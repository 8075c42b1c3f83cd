/** @file Distillation follows its formula, and a network learns from a teacher alone. */
import { expect, test } from 'vitest';
import { bars } from '../../test/bars.js';
import type { Dataset } from '../data/dataset.js';
import { channelStatistics } from '../data/statistics.js';
import { nodeEngine } from '../engine/node-engine.js';
import { UsageError } from '../error.js';
import { activation, batchNorm, conv2d, flatten, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import { Random } from '../random.js';
import { sgd } from '../tensor/index.js';
import { distillation, type Teacher } from './distillation.js';
import { crossEntropy } from './loss.js';
import { type TrainingRun, trainNetwork } from './train-network.js';
import { trainSettings } from './train-settings.js';
import { Trainer } from './trainer.js';

const engine = nodeEngine();
const dataset = bars(6);
const image = { channels: 1, height: 6, width: 6 };
const large = Network.build(image, (x) =>
  linear(flatten(activation(batchNorm(conv2d(x, { out: 8, kernel: 3 })), 'relu')), { out: 3 }),
);
const small = Network.build(image, (x) => linear(flatten(x), { out: 3 }));

const softmax = (logits: readonly number[]): number[] => {
  const exponentials = logits.map(Math.exp);
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
};

test('loss and gradient are those of the softened outputs, beside those of the labels', async () => {
  const [temperature, weight] = [3, 0.7];
  const [own, teacher, label] = [[0.5, -1, 2], [4, 1, -2], 1];
  // The pixels are black: the logits are the biases.
  const parameters = Float32Array.from({ length: 111 }, (_, index) => own[index - 108] ?? 0);
  const trainer = await Trainer.create(
    engine,
    small,
    { parameters, statistics: new Float32Array() },
    {
      batchSize: 2,
      optimizer: sgd(),
      terms: [crossEntropy({ weight: 1 - weight }), distillation({ temperature, weight })],
      normalization: { mean: [0], std: [1] },
      threads: 1,
      noise: new Random(0),
    },
  );
  const batch = { pixels: new Float32Array(72), labels: Int32Array.of(label, label) };
  const teacherLogits = { shape: [2, 3], data: Float32Array.of(...teacher, ...teacher) };
  const loss = await trainer.step(batch, 1, { teacherLogits });
  const [hard, soft, target] = [softmax(own), ...[own, teacher].map((of) => softmax(of.map((z) => z / temperature)))];
  const terms = [0, 1, 2].map((index) => -(target?.[index] ?? 0) * Math.log(soft?.[index] ?? 0));
  const expected =
    -(1 - weight) * Math.log(hard?.[label] ?? 0) +
    weight * temperature ** 2 * terms.reduce((sum, term) => sum + term, 0);
  expect(loss).toBeCloseTo(expected, 4);
  // With SGD at a rate of 1 the biases move by the gradient.
  const after = trainer.weights.parameters.slice(108);
  await trainer.release();
  for (const index of [0, 1, 2]) {
    const gradient =
      (1 - weight) * ((hard?.[index] ?? 0) - (index === label ? 1 : 0)) +
      weight * temperature * ((soft?.[index] ?? 0) - (target?.[index] ?? 0));
    expect((own[index] ?? 0) - (after[index] ?? 0)).toBeCloseTo(gradient, 4);
  }
});

const train = (network: Network, data: Dataset, run: Partial<TrainingRun> = {}) =>
  trainNetwork(
    network,
    data,
    trainSettings.parse({ epochs: 8, batchSize: 8, learningRate: 0.02 }),
    { seed: 3, threads: 1, ...run },
    { engine, signal: new AbortController().signal, report: () => {} },
  );

test('a network learns from its teacher where labels tell nothing, from checkpoint to checkpoint too', async () => {
  const { weights, metrics } = await train(large, dataset);
  expect(metrics.validAccuracy).toBeGreaterThan(0.9);
  const teacher: Teacher = {
    network: large,
    weights,
    normalization: channelStatistics(dataset.train),
    temperature: 2,
    weight: 1,
  };
  const unlabelled = { ...dataset, train: { ...dataset.train, labels: new Uint16Array(60) } };
  const taught = await train(small, unlabelled, { teacher });
  expect(taught.metrics.validAccuracy).toBeGreaterThan(0.8);
  expect((await train(small, unlabelled)).metrics.validAccuracy).toBeLessThan(0.6);
  expect(weights).toEqual(teacher.weights);

  const { checkpoint } = await train(small, unlabelled, { teacher, milestones: [1 / 2] });
  const rest = await train(small, unlabelled, { teacher, checkpoint: checkpoint() });
  const whole = await train(small, unlabelled, { teacher, milestones: [1 / 2, 1] });
  expect(rest.weights).toEqual(whole.weights);
  await expect(train(small, unlabelled, { checkpoint: checkpoint() })).rejects.toThrow(/another value of "teacher"/);
});

test('a teacher of other images or classes is refused', async () => {
  const other = Network.build({ channels: 1, height: 8, width: 6 }, (x) => linear(flatten(x), { out: 4 }));
  const teacher = {
    network: other,
    weights: { parameters: new Float32Array(196), statistics: new Float32Array() },
    normalization: { mean: [0], std: [1] },
    temperature: 1,
    weight: 0.5,
  };
  const attempt = train(small, dataset, { teacher });
  await expect(attempt).rejects.toThrow(UsageError);
  await expect(attempt).rejects.toThrow('The teacher tells 4 classes of 1×8×6 images, but the network is to tell 3');
});
