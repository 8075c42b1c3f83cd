import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../data/dataset.js';
import { loadDataset } from '../data/load.js';
import { exportOnnx } from '../nn/export.js';
import { globalAvgPool, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import type { Weights } from '../nn/weights.js';
import { add, constant, emitModel, input, matmul, reshape, softmax } from '../tensor/index.js';
import { evaluateModel } from './evaluate.js';
import { readModelFile } from './onnx-model.js';

const folder = mkdtempSync(join(tmpdir(), 'nas-evaluate-'));
let digits: Dataset;
beforeAll(async () => {
  digits = await loadDataset('digits');
});

const normalization = { mean: [0], std: [1] };

/** A network whose logits are the mean pixel times a weight, plus a bias, for each class. */
function meanNetwork(side: number, channels = 1, classes = 10) {
  return Network.build({ channels, height: side, width: side }, (image) =>
    linear(globalAvgPool(image), { out: classes }),
  );
}

function save(name: string, bytes: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

/** Always says class 3, with probability 1 − 9·e^-8/(1 + 9·e^-8). */
const always3: Weights = {
  parameters: Float32Array.from({ length: 20 }, (_, index) => (index === 13 ? 8 : 0)),
  statistics: new Float32Array(),
};

describe('evaluateModel', () => {
  it('counts what the file says, whatever its size of images', async () => {
    for (const side of [8, 6, 20]) {
      const file = save(`always-${side}.onnx`, exportOnnx(meanNetwork(side), always3, { normalization }));
      const result = await evaluateModel(file, { data: 'digits', threads: 1 });
      const threes = digits.test.labels.filter((label) => label === 3).length;
      expect(result.images).toBe(digits.test.count);
      expect(result.accuracy).toBeCloseTo(threes / digits.test.count, 12);
      const rest = Math.log(1 + 9 * Math.exp(-8));
      expect(result.loss).toBeCloseTo(rest + 8 * (1 - threes / digits.test.count), 4);
      expect(result.splitOrigin).toBe(digits.split);
    }
  });

  it('takes the split that is asked for', async () => {
    const file = save('splits.onnx', exportOnnx(meanNetwork(8), always3, { normalization }));
    for (const split of ['train', 'valid', 'test'] as const) {
      expect((await evaluateModel(file, { data: 'digits', split, threads: 1 })).images).toBe(digits[split].count);
    }
  });

  it('understands models of others: a fixed batch, and probabilities under another name', async () => {
    const images = input('pixels', [4, 1, 8, 8]);
    // Class 0 has probability near 1 for every image with any light in its pixels.
    const weights = Array.from({ length: 64 * 10 }, (_, index) => (index % 10 === 0 ? 1 : 0));
    const scores = matmul(reshape(images, [4, 64]), constant(weights, [64, 10]));
    const file = save('probabilities.onnx', emitModel({ answers: softmax(scores) }));
    const result = await evaluateModel(file, { data: 'digits', threads: 1 });
    expect(result).toMatchObject({ batch: 4, images: digits.test.count });
    expect(result.accuracy).toBeCloseTo(
      digits.test.labels.filter((label) => label === 0).length / digits.test.count,
      12,
    );
  });

  it('measures the same loss of logits and of probabilities', async () => {
    const images = input('pixels', [4, 1, 8, 8]);
    const none = matmul(reshape(images, [4, 64]), constant(new Array(640).fill(0), [64, 10]));
    const logits = add(none, constant([0, 0, 0, 8, 0, 0, 0, 0, 0, 0], [10]));
    const threes = digits.test.labels.filter((label) => label === 3).length;
    const expected = Math.log(1 + 9 * Math.exp(-8)) + 8 * (1 - threes / digits.test.count);
    for (const [name, outputs] of Object.entries({ logits: { logits }, answers: { answers: softmax(logits) } })) {
      const file = save(`loss-of-${name}.onnx`, emitModel(outputs));
      expect((await evaluateModel(file, { data: 'digits', threads: 1 })).loss).toBeCloseTo(expected, 4);
    }
  });

  it.each([
    [
      '3 channels',
      () =>
        exportOnnx(
          meanNetwork(8, 3),
          { parameters: new Float32Array(40), statistics: new Float32Array() },
          { normalization: { mean: [0, 0, 0], std: [1, 1, 1] } },
        ),
      /takes images of 3 channel\(s\), but those of the data have 1\.$/,
    ],
    [
      '5 classes',
      () =>
        exportOnnx(
          meanNetwork(8, 1, 5),
          { parameters: new Float32Array(10), statistics: new Float32Array() },
          { normalization },
        ),
      /The output "logits" of .* has the shape \[256, 5\], but digits has 10 classes/,
    ],
    [
      '5 names',
      () =>
        exportOnnx(
          meanNetwork(8, 1, 5),
          { parameters: new Float32Array(10), statistics: new Float32Array() },
          { normalization, classes: ['a', 'b', 'c', 'd', 'e'] },
        ),
      /tells 5 classes apart, but digits has 10\.$/,
    ],
    [
      'other names',
      () => exportOnnx(meanNetwork(8), always3, { normalization, classes: Array.from('0123456798') }),
      /its class 8 is "9", that of the data "8"\.$/,
    ],
    [
      'no image',
      () => emitModel({ y: matmul(input('x', [1, 64]), constant(new Array(640).fill(0), [64, 10])) }),
      /The input "x" of the model .* has the shape \[1, 64\], but images are/,
    ],
    ['text', () => Buffer.from('no model'), /This is no ONNX model/],
    ['nothing', () => new Uint8Array(), /This is no ONNX model/],
  ] as const)('refuses a model of %s', async (name, bytes, sentence) => {
    const file = save(`${name}.onnx`, bytes());
    await expect(evaluateModel(file, { data: 'digits', threads: 1 })).rejects.toThrow(sentence);
  });
});

describe('readModelFile', () => {
  it('tells input, output and classes', async () => {
    const classes = Array.from('0123456789');
    const file = save('read.onnx', exportOnnx(meanNetwork(12), always3, { normalization, classes }));
    expect(await readModelFile(file)).toMatchObject({
      input: { name: 'images', batch: null, channels: 1, height: 12, width: 12 },
      output: 'logits',
      classes,
    });
  });
});
