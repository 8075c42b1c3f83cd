/** @file The grid of MCUNet's spaces: its size, its encoding, its memory. */
import { describe, expect, it } from 'vitest';
import { int8Memory } from '../nn/int8-memory.js';
import { mcunet } from './mcunet.js';

const imagenet = { channels: 3, height: 224, width: 224, classes: 1000 };
const space = mcunet();
const smallest = { ks: 3, e: 3, d: [2, 2, 2, 2, 2, 1], image_size: 48, width: 0.2 };

describe('mcunet', () => {
  it('has 12 · 9 spaces of 7371^5 · 9 networks', () => {
    expect(mcunet({ resolution: 160, width: 0.5 }).decisions.size()).toBe(7371n ** 5n * 9n);
    expect(space.decisions.size()).toBe(108n * 7371n ** 5n * 9n);
    expect(() => mcunet({ resolution: 100 })).toThrow('100; allowed: 48, 64,');
  });

  it('says why an encoding is illegal', () => {
    const parse = (changes: object) => () => space.parse(JSON.stringify({ ...smallest, ...changes }));
    expect(parse({})).not.toThrow();
    expect(parse({ width: 0.25 })).toThrow('architecture.width is 0.25; allowed: 0.2, 0.3,');
    expect(parse({ d: [2, 2, 2, 2, 2, 0] })).toThrow('architecture.last is missing');
    expect(() => mcunet({ width: 0.5 }).parse(JSON.stringify(smallest))).toThrow(
      'architecture.width is 0.2; allowed: 0.5.',
    );
  });

  it('has the memory of its widest expansion, counted by hand', () => {
    const network = space.build(space.parse(JSON.stringify({ ...smallest, e: 6 })), imagenet);
    expect(network.input).toEqual({ channels: 3, height: 48, width: 48 });
    // Widths 8, 8, 8, 8, 16, 24, 40, 64. The first stage expands 8 channels of 24×24 to 48 and halves their maps.
    expect(int8Memory(network).sramBytes).toBe(48 * (24 * 24 + 12 * 12));
    expect(int8Memory(network, { inPlaceDepthwise: true }).sramBytes).toBe((8 + 48) * 24 * 24);
    expect(network.layers.filter(({ name }) => name.endsWith('project')).map(({ shape }) => shape)).toEqual(
      [
        [8, 24, 1],
        [8, 12, 2],
        [8, 6, 2],
        [16, 3, 2],
        [24, 3, 2],
        [40, 2, 2],
        [64, 2, 1],
      ].flatMap(([width, side, blocks]) => new Array<unknown>(blocks ?? 0).fill([width, side, side])),
    );
  });
});
