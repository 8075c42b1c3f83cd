/** @file Files that counting by hand-written shape rules got wrong: their last shape, and their MACs, as ONNX Runtime has them. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { nodeEngine } from '../engine/node-engine.js';
import { countOnnx } from './count.js';

const engine = nodeEngine();

test.each<[string, readonly number[], number, number]>([
  ['ceil_AveragePool_2_2_1_5_o22', [1, 4, 3, 3], 108, 16],
  ['ceil_MaxPool_1_3_0_2_o12', [1, 4, 1, 1], 12, 16],
  ['ceil_MaxPool_2_2_1_5_o22', [1, 4, 3, 3], 108, 16],
  ['flatten_rank', [196, 1], 0, 0],
  ['reduce_noop', [1, 4, 7, 7], 0, 0],
  ['resize_axes', [1, 4, 32, 32], 16 * 16 * 8 * 27 + 32 * 32 * 4 * 72, 516],
  ['resize_axes_neg', [1, 4, 14, 14], 0, 0],
  ['shape_end', [1, 4, 49], 0, 0],
  ['shape_start_resize', [1, 4, 32, 32], 350_208, 516],
  ['tile', [1, 4, 14, 14], 0, 0],
])('%s', async (name, [, ...outputShape], macs, params) => {
  const file = new URL(`../../test/reference/onnx/${name}.onnx`, import.meta.url);
  const cost = await countOnnx(engine, await readFile(file));
  expect(cost).toMatchObject({ macs, params });
  expect(cost.layers.at(-1)?.outputShape).toEqual(outputShape);
});
