/** @file Padding gives what torch.nn.functional.pad gives, and a factorised reduction reads every other diagonal twice. */

import { describe, expect, it } from 'vitest';
import { nodeEngine } from '../../engine/node-engine.js';
import { constant, emitModel } from '../../tensor/index.js';
import { factorizedReduction } from '../blocks/index.js';
import type { Feature } from '../feature.js';
import { lowerNetwork } from '../lower.js';
import { Network } from '../network.js';
import { pad2d } from './index.js';

const engine = nodeEngine();

/** The network's output for one image of the pixels 1, 2, 3, … , all weights 1 and no mean. */
async function outputOf(side: number, body: (image: Feature) => Feature): Promise<number[]> {
  const network = Network.build({ channels: 1, height: side, width: side }, body);
  const pixels = Float32Array.from({ length: side * side }, (_, index) => index + 1);
  const filled = (value: number) => (name: string, shape: readonly number[]) =>
    [name, constant(new Float32Array(shape.reduce((count, size) => count * size, 1)).fill(value), shape)] as const;
  const { logits } = lowerNetwork(network, {
    mode: 'inference',
    images: constant(pixels, [1, 1, side, side]),
    parameters: new Map(
      network.parameters.map(({ name, shape }) => filled(name.endsWith('shift') ? 0 : 1)(name, shape)),
    ),
    statistics: new Map(
      network.statistics.map(({ name, shape }) => filled(name.endsWith('mean') ? 0 : 1)(name, shape)),
    ),
  });
  const session = await engine.load(emitModel({ logits }));
  const results = await session.run({});
  await session.release();
  return [...(results.logits?.data ?? [])].map((value) => Math.round(Number(value) * 100) / 100);
}

describe('pad2d', () => {
  it('adds rows and columns of zeros', async () => {
    expect(await outputOf(2, (x) => pad2d(x, { top: 1, right: 2 }))).toEqual([0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0]);
  });

  it('takes rows and columns away where a side is negative', async () => {
    expect(await outputOf(3, (x) => pad2d(x, { top: -1, left: -1, bottom: 1, right: 1 }))).toEqual([
      5, 6, 0, 8, 9, 0, 0, 0, 0,
    ]);
  });

  it('shifts the one pixel of a map away', async () => {
    expect(await outputOf(1, (x) => pad2d(x, { top: -1, left: -1, bottom: 1, right: 1 }))).toEqual([0]);
  });
});

describe('a factorised reduction', () => {
  it('reads one diagonal of each 2×2 square, and zeros past the border', async () => {
    expect(await outputOf(4, (x) => factorizedReduction(x, { out: 2 }))).toEqual([1, 3, 9, 11, 6, 8, 14, 16]);
    expect(await outputOf(3, (x) => factorizedReduction(x, { out: 2 }))).toEqual([1, 3, 7, 9, 5, 0, 0, 0]);
  });

  it('gives an odd number of channels', () => {
    const image = { channels: 3, height: 7, width: 8 };
    expect(Network.build(image, (x) => factorizedReduction(x, { out: 5 })).outputShape).toEqual([5, 4, 4]);
  });
});
