/** @file An auxiliary classifier is part of the loss, and of nothing that is deployed. */
import { expect, test } from 'vitest';
import { bars } from '../../../test/bars.js';
import { nodeEngine } from '../../engine/node-engine.js';
import { exportOnnx, flatViews, initialWeights, lowerNetwork, Network, tensorViews } from '../../nn/index.js';
import { Random } from '../../random.js';
import { constant, emitModel, sgd } from '../../tensor/index.js';
import { trainNetwork } from '../../training/train-network.js';
import { trainSettings } from '../../training/train-settings.js';
import { Trainer } from '../../training/trainer.js';
import { darts } from '../darts.js';

const engine = nodeEngine();
const target = { channels: 1, height: 20, width: 20, classes: 3 };
const skeleton = { channels: 2, cells: 3 } as const;
const plain = darts(skeleton);
const space = darts({ ...skeleton, auxiliary: true });
const built = space.build(space.parse('DARTS_V2'), target);
// As a worker gets it.
const network = Network.fromJson(JSON.parse(JSON.stringify(built.toJson())));
const weights = initialWeights(network, 1);
const normalization = { mean: [0], std: [1] };
const random = new Random(2);
const pixels = Float32Array.from({ length: 4 * 400 }, () => random.normal());
const labels = Int32Array.of(0, 1, 2, 0);

/** Mean of −log softmax of the label's logit. */
function crossEntropy(logits: ArrayLike<number>): number {
  const rows = Array.from(labels, (label, row) => {
    const own = [0, 1, 2].map((index) => logits[3 * row + index] ?? Number.NaN);
    return Math.log(own.reduce((sum, logit) => sum + Math.exp(logit), 0)) - (own[label] ?? Number.NaN);
  });
  return rows.reduce((sum, loss) => sum + loss, 0) / rows.length;
}

test('the loss is that of the main classifier and 0.4 times that of the auxiliary one, which both learn', async () => {
  const lowered = lowerNetwork(network, {
    mode: 'training',
    images: constant(pixels, [4, 1, 20, 20]),
    parameters: flatViews(network.parameters, constant(weights.parameters, [weights.parameters.length])),
    statistics: new Map(),
  });
  const [beside = lowered.logits, ...others] = lowered.auxiliary;
  expect(others).toEqual([]);
  const model = await engine.load(emitModel({ main: lowered.logits, beside }));
  const outputs = await model.run({});
  await model.release();
  const [main, auxiliary] = [outputs.main, outputs.beside].map((array) => crossEntropy(array?.data ?? []));

  const options = { batchSize: 4, optimizer: sgd(), normalization, threads: 1, noise: new Random(0) };
  const trainer = await Trainer.create(engine, network, weights, options);
  const loss = await trainer.step({ pixels, labels }, 0.1);
  expect(loss).toBeCloseTo((main ?? Number.NaN) + 0.4 * (auxiliary ?? Number.NaN), 4);
  expect(main).not.toBeCloseTo(auxiliary ?? Number.NaN, 2);
  const [before, after] = [weights, trainer.weights].map(({ parameters }) =>
    tensorViews(network.parameters, parameters),
  );
  const heads = network.parameters.filter(({ name }) => name.endsWith('classifier.weight'));
  expect(heads).toHaveLength(2);
  for (const { name } of heads) expect(after?.get(name), name).not.toEqual(before?.get(name));
  await trainer.release();
});

test('such a network trains like any other, and its costs count both heads', async () => {
  const { metrics, weights: trained } = await trainNetwork(
    network,
    bars(20),
    trainSettings.parse({ epochs: 3, batchSize: 12, learningRate: 0.05 }),
    { seed: 1, threads: 1 },
    { engine, signal: new AbortController().signal, report: () => {} },
  );
  expect(metrics.validAccuracy).toBeGreaterThan(0.5);
  expect(trained.parameters).toHaveLength(network.cost().params);
  expect(network.cost().params).toBeGreaterThan(plain.build(plain.parse('DARTS_V2'), target).cost().params);
});

test('what is exported is the network without it, to the byte', () => {
  const alone = plain.build(plain.parse('DARTS_V2'), target);
  const views = tensorViews(network.parameters, weights.parameters);
  const shared = alone.parameters.flatMap(({ name }) => [...(views.get(name) ?? [])]);
  const statistics = tensorViews(network.statistics, weights.statistics);
  const own = {
    parameters: Float32Array.from(shared),
    statistics: Float32Array.from(alone.statistics.flatMap(({ name }) => [...(statistics.get(name) ?? [])])),
  };
  expect(exportOnnx(network, weights, { normalization })).toEqual(exportOnnx(alone, own, { normalization }));
});
