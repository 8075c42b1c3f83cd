/** @file The space of once-for-all networks: its size, its encoding, its sub-networks, its mutation. */
import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { relax } from './decisions/relax.js';
import { onceForAll } from './once-for-all.js';

const imagenet = { channels: 3, height: 224, width: 224, classes: 1000 };
const space = onceForAll();

describe('once-for-all', () => {
  it('has (9² + 9³ + 9⁴)^5 networks at each of 25 resolutions', () => {
    expect(space.decisions.size()).toBe(25n * 21_758_655_492_572_485_851n);
  });

  it.each([
    ['K7E6D4', 7_664_760, 566_170_656],
    ['K3E4D3', 4_481_136, 225_006_656],
  ])('%s costs what it costs in the supernet of the authors', (name, params, macs) => {
    expect(space.build(space.parse(name), imagenet).cost()).toMatchObject({ params, macs });
  });

  it('reads the encoding of the authors, in which blocks left out have any numbers', () => {
    const blocks = (first: number, second: number) => [3, 5, 7, 3, 5].flatMap((kernel) => [kernel, first, second, 9]);
    const text = JSON.stringify({ wid: null, ks: blocks(3, 7), e: 6, d: [3, 3, 3, 3, 3], r: [160] });
    const architecture = space.parse(text);
    expect(architecture.resolution).toBe(160);
    expect(architecture.stages[2]).toEqual([
      { kernel: 7, expansion: 6 },
      { kernel: 3, expansion: 6 },
      { kernel: 7, expansion: 6 },
    ]);
    expect(JSON.parse(space.format(architecture))).toEqual({
      ks: [3, 5, 7, 3, 5].flatMap((kernel) => [kernel, 3, 7, 0]),
      e: [0, 1, 2, 3, 4].flatMap(() => [6, 6, 6, 0]),
      d: [3, 3, 3, 3, 3],
      image_size: 160,
    });
    expect(space.build(architecture, imagenet).input).toEqual({ channels: 3, height: 160, width: 160 });
  });

  it('says why an encoding is illegal', () => {
    const encoding = { ks: 3, e: 6, d: 2, image_size: 224 };
    const parse = (changes: object) => () => space.parse(JSON.stringify({ ...encoding, ...changes }));
    expect(parse({})).not.toThrow();
    expect(parse({ ks: [3, 3] })).toThrow('"ks" is a list of 2; allowed: a list of 20 numbers, or one number');
    expect(parse({ ks: null })).toThrow('"ks" is null; allowed: a list of 20');
    expect(parse({ ks: 9 })).toThrow('architecture.stages[0][0].kernel is 9; allowed: 3, 5, 7.');
    expect(parse({ d: [2, 2, 5, 2, 2] })).toThrow('"d[2]" is 5; allowed are whole numbers up to 4.');
    expect(parse({ d: 1 })).toThrow('architecture.stages[0] has 1 items; allowed: 2 to 4 items.');
    expect(parse({ image_size: 130 })).toThrow('architecture.resolution is 130; allowed: 128, 132,');
  });

  it('mutates the resolution in half of the cases and other genes in a tenth', () => {
    const random = new Random(1);
    const parent = space.parse('K7E6D4');
    const children = Array.from({ length: 600 }, () => space.mutate(parent, random));
    for (const child of children) expect(child).not.toEqual(parent);
    const share = (changed: (child: typeof parent) => boolean) => children.filter(changed).length / children.length;
    // A gene drawn anew keeps its value with one chance in as many as it has options.
    expect(Math.abs(share(({ resolution }) => resolution !== 224) - 0.5 * (24 / 25))).toBeLessThan(0.06);
    expect(Math.abs(share(({ stages }) => stages[0]?.[0]?.kernel !== 7) - 0.1 * (2 / 3))).toBeLessThan(0.04);
    expect(Math.abs(share(({ stages }) => stages[4]?.length !== 4) - 0.1 * (2 / 3))).toBeLessThan(0.04);
  });

  it('relaxes to the supernet of the largest kernels, expansions and depths', () => {
    expect(space.build(relax(space.decisions), imagenet).cost().params).toBe(7_664_760);
  });
});
