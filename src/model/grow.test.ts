/** @file Growing a network that a user names: the function stays, the files are those of a result, and training goes on from them. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { trainedNetwork } from '../../test/trained-network.js';
import { nodeEngine } from '../engine/node-engine.js';
import { convNorm } from '../nn/blocks/index.js';
import { add, globalAvgPool, linear } from '../nn/layers/index.js';
import { deeper } from '../nn/morphisms/index.js';
import { Network } from '../nn/network.js';
import { encodeWeights } from '../training/saved-weights.js';
import { growTarget } from './grow.js';
import { momentsOf } from './random-images.js';
import { trainTarget } from './train-target.js';

const folder = mkdtempSync(join(tmpdir(), 'nasturtium-grow-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A network for `digits`, learnt in two epochs. */
const small = (activation: 'relu' | 'silu') =>
  Network.build({ channels: 1, height: 8, width: 8 }, (image) => {
    const x = convNorm(image, { name: 'stem', out: 8, kernel: 3, activation });
    const y = add([x, convNorm(x, { name: 'residual', out: 8, kernel: 3, groups: 8, activation })]);
    return linear(globalAvgPool(convNorm(y, { name: 'head', out: 16, kernel: 3, stride: 2, activation })), { out: 10 });
  });

test('a trained result grows in all ways, and training goes on from there', { timeout: 60_000 }, async () => {
  const network = join(folder, 'small.json');
  writeFileSync(network, JSON.stringify(small('relu').toJson()));
  const settings = { epochs: 2, subset: 640, batchSize: 32 };
  const trained = join(folder, 'trained');
  const first = await trainTarget(network, { data: 'digits', settings, out: trained });
  const out = join(folder, 'grown');
  const grown = await growTarget(trained, { wider: 1.5, deeper: 2, kernel: 5, out });
  expect(grown.deviation).toBeLessThan(1e-5);
  expect(grown.params).toBeGreaterThan(grown.before.params);
  expect(grown.macs).toBeGreaterThan(grown.before.macs);
  expect(readdirSync(out).sort()).toEqual(['network.json', 'weights.safetensors']);

  const further = await trainTarget(grown.files.network, {
    data: 'digits',
    settings: { ...settings, epochs: 1, learningRate: 0.01 },
    weights: grown.files.weights,
    out: join(folder, 'further'),
  });
  expect(further.cost.params).toBe(grown.params);
  expect(further.validAccuracy).toBeGreaterThan(first.validAccuracy - 0.05);
  expect(further.curve[0]?.values.trainLoss).toBeLessThan(first.curve[1]?.values.trainLoss ?? 0);

  await expect(growTarget(trained, { wider: 1.5, out })).rejects.toThrow(/holds a result already/);
  const wrong = { data: 'digits', weights: grown.files.weights, out: join(folder, 'wrong') };
  await expect(trainTarget(network, wrong)).rejects.toThrow(/weights.safetensors holds no weights of the network/);
  expect(existsSync(wrong.out)).toBe(false);
});

test('a network without ReLU gets branches, one by name random weights', async () => {
  const result = join(folder, 'smooth');
  const { network, weights } = trainedNetwork(small('silu'), 1);
  const file = join(folder, 'smooth.json');
  writeFileSync(file, JSON.stringify(network.toJson()));
  const grown = await growTarget(file, { deeper: 2, out: result });
  expect(grown.deviation).toBeLessThan(1e-6);
  writeFileSync(join(result, 'weights.safetensors'), encodeWeights(network, weights));
  await expect(growTarget(result, { wider: 2 })).rejects.toThrow(/holds no weights of the network/);
  rmSync(join(result, 'weights.safetensors'));
  await expect(growTarget(result, { wider: 2 })).rejects.toThrow(/has no weights.safetensors: give the folder/);
  await expect(growTarget(file, {})).rejects.toThrow(/give --wider, --deeper or --kernel/);
});

test('an inserted norm is given the statistics of its place, so that training, too, begins with the identity', async () => {
  const trained = trainedNetwork(small('relu'), 1);
  const engine = nodeEngine();
  const moments = await momentsOf(engine, trained, 'stem.relu');
  const { network, weights } = deeper(trained, { after: 'stem.relu', moments });
  const after = await momentsOf(engine, { network, weights }, 'stem.relu.deeper.batchNorm');
  expect([...after.mean].map((value) => value.toFixed(4))).toEqual([...moments.mean].map((value) => value.toFixed(4)));
  const names = network.statistics.map(({ name }) => name);
  expect(names).toContain('stem.relu.deeper.batchNorm.variance');
  expect(Math.min(...moments.variance)).toBeGreaterThan(0);
});
