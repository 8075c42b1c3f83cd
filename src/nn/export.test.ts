/** @file Exported models run in stock ONNX Runtime on pixels and any batch, with batch norm folded or not. */

import onnxProto from 'onnx-proto';
import { describe, expect, test } from 'vitest';
import type { EngineArray } from '../engine/engine.js';
import { nodeEngine } from '../engine/node-engine.js';
import { Random } from '../random.js';
import { constant, emitModel, input } from '../tensor/index.js';
import { type ExportOptions, exportOnnx } from './export.js';
import { flatViews } from './flat-tensors.js';
import { foldBatchNorm } from './fold-batch-norm.js';
import { activation, add, batchNorm, concat, conv2d, globalAvgPool, identity, linear, zeros } from './layers/index.js';
import { lowerNetwork } from './lower.js';
import { Network } from './network.js';
import { presets } from './presets/index.js';
import { initialWeights, type Weights } from './weights.js';

const normalization = { mean: [120, 110, 100], std: [60, 50, 40] };

/** Weights whose statistics are not those of the start. */
function weightsOf(network: Network): Weights {
  const random = new Random(9);
  const { parameters, statistics } = initialWeights(network, 2);
  const shake = (value: number): number => value + 0.2 * random.uniform();
  return {
    parameters: parameters.map((value) => (value === 0 || value === 1 ? shake(value) : value)),
    statistics: statistics.map(shake),
  };
}

async function run(
  model: Uint8Array,
  shape: readonly number[],
  data: Float32Array,
): Promise<Readonly<Record<string, EngineArray>>> {
  const loaded = await nodeEngine().load(model);
  const results = await loaded.run({ images: { shape, data } });
  await loaded.release();
  return results;
}

const numbers = (array: EngineArray | undefined): number[] => [...(array?.data ?? [])];
const pixelsOf = (count: number): Float32Array => {
  const random = new Random(4);
  return Float32Array.from({ length: count }, () => random.integer(256));
};

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, index) => {
    expect(Math.abs((found[index] ?? Number.NaN) - value)).toBeLessThan(1e-4);
  });
}

/** Logits of the network on normalised pixels, by its own lowering. */
async function reference(network: Network, weights: Weights, batch: number, pixels: Float32Array): Promise<number[]> {
  const { channels, height, width } = network.input;
  const shape = [batch, channels, height, width];
  const scaled = pixels.map((value, index) => {
    const channel = Math.floor(index / (height * width)) % channels;
    return (value - (normalization.mean[channel] ?? 0)) / (normalization.std[channel] ?? 1);
  });
  const { logits } = lowerNetwork(network, {
    mode: 'inference',
    images: input('images', shape),
    parameters: flatViews(network.parameters, constant(weights.parameters, [weights.parameters.length])),
    statistics: flatViews(network.statistics, constant(weights.statistics, [weights.statistics.length])),
  });
  return numbers((await run(emitModel({ logits }), shape, scaled)).logits);
}

const small = { input: { channels: 3, height: 32, width: 32 }, classes: 10 };
const networks: [string, Network][] = [
  'resnet-32',
  'mobile-32',
  'mobilenet_v3_small',
  'shufflenet_v1_g3',
  'shufflenet_v2_x0_5',
].flatMap((name) => {
  const preset = presets[name];
  return preset === undefined ? [] : [[name, preset.build(small)]];
});

describe('exported models', () => {
  test.each(networks)('%s: folded, not folded and lowered agree on batches of 1 and 5', async (_, network) => {
    const weights = weightsOf(network);
    const folded = exportOnnx(network, weights, { normalization });
    const plain = exportOnnx(network, weights, { normalization, foldBatchNorm: false });
    for (const batch of [1, 5]) {
      const shape = [batch, 3, 32, 32];
      const pixels = pixelsOf(batch * 3 * 32 * 32);
      const expected = await reference(network, weights, batch, pixels);
      const results = await run(folded, shape, pixels);
      expect(results.logits?.shape).toEqual([batch, 10]);
      const scale = Math.max(1, ...expected.map(Math.abs));
      expectClose(
        numbers(results.logits).map((value) => value / scale),
        expected.map((value) => value / scale),
      );
      expectClose(
        numbers((await run(plain, shape, pixels)).logits).map((value) => value / scale),
        expected.map((value) => value / scale),
      );
      const first = numbers(results.probabilities).slice(0, 10);
      expect(first.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
    }
  });

  const tiny = Network.build({ channels: 1, height: 2, width: 2 }, (x) => globalAvgPool(identity(x)));
  const nothing = { parameters: new Float32Array(), statistics: new Float32Array() };
  const gray = { normalization: { mean: [100], std: [50] } };

  test('normalise pixels themselves', async () => {
    const { logits } = await run(exportOnnx(tiny, nothing, gray), [1, 1, 2, 2], Float32Array.of(0, 100, 200, 255));
    expectClose(numbers(logits), [(-2 + 0 + 2 + 3.1) / 4]);
  });

  test('carry class names, input scale and what the caller adds', () => {
    const model = onnxProto.onnx.ModelProto.decode(
      exportOnnx(tiny, nothing, { ...gray, classes: ['cat'], metadata: { seed: '7' } }),
    );
    expect(Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]))).toEqual({
      classes: '["cat"]',
      input: 'float32 [N, 1, 2, 2], pixels 0 to 255',
      seed: '7',
    });
  });

  test('have no batch norm left where all follow convolutions', () => {
    const operators = (options: ExportOptions) => {
      const [, network] = networks[0] ?? ['', tiny];
      const model = onnxProto.onnx.ModelProto.decode(exportOnnx(network, weightsOf(network), options));
      return (model.graph?.node ?? []).filter(({ opType }) => opType === 'BatchNormalization').length;
    };
    const unfolded = operators({ normalization, foldBatchNorm: false });
    expect(operators({ normalization })).toBeLessThanOrEqual(1);
    expect(unfolded).toBeGreaterThan(10);
  });

  test('fold norms into layers that have a bias already, and into linear layers', async () => {
    const network = Network.build({ channels: 3, height: 4, width: 4 }, (x) => {
      const y = batchNorm(conv2d(x, { out: 3, kernel: 3, bias: true }));
      return batchNorm(linear(globalAvgPool(y), { out: 2 }));
    });
    const weights = weightsOf(network);
    expect(foldBatchNorm({ network, weights }).network.layers.map(({ name }) => name)).toEqual([
      'conv2d',
      'globalAvgPool',
      'linear',
    ]);
    const pixels = pixelsOf(2 * 48);
    const { logits } = await run(exportOnnx(network, weights, { normalization }), [2, 3, 4, 4], pixels);
    expectClose(numbers(logits), await reference(network, weights, 2, pixels));
  });

  test('keep a norm whose convolution is read elsewhere, and one that follows none', async () => {
    const network = Network.build({ channels: 3, height: 4, width: 4 }, (x) => {
      const shared = conv2d(batchNorm(activation(x, 'relu')), { out: 3, kernel: 3 });
      return linear(globalAvgPool(add([batchNorm(shared), shared])), { out: 2 });
    });
    const weights = weightsOf(network);
    const pixels = pixelsOf(2 * 48);
    const { logits } = await run(exportOnnx(network, weights, { normalization }), [2, 3, 4, 4], pixels);
    expectClose(numbers(logits), await reference(network, weights, 2, pixels));
  });

  test('give one row an image even where no path leads from it', async () => {
    const network = Network.build({ channels: 1, height: 2, width: 2 }, (x) =>
      linear(globalAvgPool(zeros(x)), { out: 3 }),
    );
    const { logits } = await run(exportOnnx(network, initialWeights(network, 1), gray), [4, 1, 2, 2], pixelsOf(16));
    expect(logits?.shape).toEqual([4, 3]);
  });

  test('join what depends on no image to what does, for any batch', async () => {
    const network = Network.build({ channels: 1, height: 2, width: 2 }, (x) => globalAvgPool(concat([x, zeros(x), x])));
    const pixels = Float32Array.of(0, 100, 200, 300, 50, 50, 50, 50, 100, 100, 100, 150);
    const { logits } = await run(exportOnnx(network, nothing, gray), [3, 1, 2, 2], pixels);
    expect(logits?.shape).toEqual([3, 3]);
    expectClose(numbers(logits), [1, 0, 1, -1, 0, -1, 0.25, 0, 0.25]);
  });

  test('refuse what does not fit', () => {
    expect(() => exportOnnx(tiny, nothing, { normalization })).toThrow('images of 1 channels');
    expect(() => exportOnnx(tiny, nothing, { ...gray, classes: ['a', 'b'] })).toThrow(
      'tells 1 classes apart, but 2 names were given',
    );
    expect(() => exportOnnx(tiny, { ...nothing, parameters: new Float32Array(3) }, gray)).toThrow(
      '0 elements, but the vector has 3',
    );
  });
});
