import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exportOnnx } from '../nn/export.js';
import { globalAvgPool, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import { initialWeights } from '../nn/weights.js';
import { benchmarkInference } from './inference.js';

const folder = mkdtempSync(join(tmpdir(), 'nasturtium-inference-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, side: number): string {
  const network = Network.build({ channels: 1, height: side, width: side }, (image) =>
    linear(globalAvgPool(image), { out: 2 }),
  );
  const path = join(folder, name);
  writeFileSync(path, exportOnnx(network, initialWeights(network, 0), { normalization: { mean: [0], std: [1] } }));
  return path;
}

test('times files side by side', async () => {
  const files = [file('a.onnx', 8), file('b.onnx', 8)];
  const { results, batch } = await benchmarkInference({ files, batch: 3, runs: 4 });
  expect(batch).toBe(3);
  expect(results.map((row) => row.file)).toEqual(files);
  expect(results[0]?.ratio).toBe(1);
  expect(results[1]?.ratio).toBeCloseTo((results[0]?.milliseconds ?? 0) / (results[1]?.milliseconds ?? 1));
});

test('files that take other images cannot be compared', async () => {
  const files = [file('a.onnx', 8), file('c.onnx', 9)];
  await expect(benchmarkInference({ files })).rejects.toThrow('takes images [1, 1, 9, 9], but');
});
