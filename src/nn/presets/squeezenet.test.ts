/** @file SqueezeNets of other widths, images and classes, and their pools that reach over the end. */
import { expect, test } from 'vitest';
import { expectSameCostInOnnx } from '../../../test/onnx-cost.js';
import { buildSqueezeNet, squeezenets } from './squeezenet.js';

const stem = { out: 8, kernel: 3 };

test('fire modules grow by the increment after every second one', async () => {
  const network = buildSqueezeNet({
    input: { channels: 3, height: 40, width: 40 },
    classes: 6,
    stem,
    depths: [1, 2],
    width: 16,
    increment: 8,
    squeezeRatio: 0.25,
  });
  const fire = (input: number, out: number) => {
    const squeezed = out / 4;
    return input * squeezed + squeezed + (squeezed * out) / 2 + (9 * squeezed * out) / 2 + out;
  };
  expect(network.cost().params).toBe(27 * 8 + 8 + fire(8, 16) + fire(16, 16) + fire(16, 24) + (24 * 6 + 6));
  await expectSameCostInOnnx(network);
});

test.each([
  // Sides behind stem and pools: PyTorch's with ceil_mode; without it, 1.0 would have 109, 54, 26, 12 at 224.
  ['squeezenet1_0', 224, [109, 54, 27, 13]],
  ['squeezenet1_0', 32, [13, 6, 3, 1]],
  ['squeezenet1_1', 224, [111, 55, 27, 13]],
  ['squeezenet1_1', 28, [13, 6, 3, 1]],
] as const)('%s of %i×%i has maps of %j', (name, side, sides) => {
  const network = squeezenets[name].build({ input: { channels: 3, height: side, width: side }, classes: 10 });
  const maps = network.layers.filter(({ kind, name: layer }) => layer === 'stem.conv2d' || kind.kind === 'maxPool2d');
  expect(maps.map(({ shape }) => shape[1])).toEqual(sides);
});
