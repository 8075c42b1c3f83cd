/** @file The space regnet: legal designs alone, their notation, their networks at any size. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presets } from '../nn/presets/index.js';
import { publishedRegNets } from '../nn/presets/regnet.js';
import { Random } from '../random.js';
import { regnet } from './regnet.js';

const space = regnet();
const fashion = { channels: 1, height: 28, width: 28, classes: 10 };
const imagenet = { channels: 3, height: 224, width: 224, classes: 1000 };

/** How many widths a design has: s is the power of wm that u / w0 is nearest to in the logarithm. */
function stageCount(depth: number, w0: number, wa: number, wm: number): number {
  const widths = new Set<number>();
  for (let block = 0; block < depth; block++) {
    let power = 0;
    while ((w0 + wa * block) / w0 > wm ** (power + 0.5)) power++;
    widths.add(Math.round((w0 * wm ** power) / 8));
  }
  return widths.size;
}

describe('regnet', () => {
  it('has as many designs as have four stages', () => {
    let legal = 0;
    const rows = new Map(space.decisions.describe().map(({ path, options }) => [path, options.map(Number)]));
    const options = (name: string) => rows.get(`architecture.widths.${name}`) ?? [];
    for (const depth of options('depth')) {
      for (const w0 of options('initialWidth')) {
        for (const wa of options('slope')) {
          for (const wm of options('multiplier')) if (stageCount(depth, w0, wa, wm) === 4) legal++;
        }
      }
    }
    expect(legal).toBe(29_643);
    expect(space.decisions.size()).toBe(BigInt(legal * 6 * 2));
  });

  it('publishes the twelve designs up to 3.2 GF, which at 224×224 are the presets that round as the paper', () => {
    expect(space.published.map(({ name }) => name)).toEqual(
      ['X', 'Y'].flatMap((family) =>
        ['200MF', '400MF', '600MF', '800MF', '1.6GF', '3.2GF'].map((macs) => `RegNet${family}-${macs}`),
      ),
    );
    for (const { name, architecture } of space.published) {
      const preset = presets[publishedRegNets.find(({ title }) => title === name)?.timmName ?? name];
      expect(space.build(architecture, imagenet).cost()).toEqual(preset?.build(preset).cost());
    }
  });

  it('rounds as torchvision does on demand', () => {
    const other = regnet({ rounding: 'make-divisible' });
    expect(other.build(other.parse('RegNetX-400MF'), imagenet).cost().params).toBe(5_495_976);
    expect(space.build(space.parse('RegNetX-400MF'), imagenet).cost().params).toBe(5_157_512);
  });

  it('reads and writes the symbols of the paper', () => {
    const text = 'd=16,w0=48,wa=27.89,wm=2.09,g=8,se';
    expect(space.format(space.parse('RegNetY-400MF'))).toBe(text);
    expect(space.parse('g=8, se, wm=2.09, wa=27.89, w0=48, d=16')).toEqual(space.parse('RegNetY-400MF'));
  });

  it.each([
    [
      'd=5,w0=24,wa=8,wm=2,g=8',
      'architecture.widths is illegal: its blocks have 2 widths (24, 48), one a stage, but allowed are 4.',
    ],
    ['d=13,w0=20,wa=36.44,wm=2.49,g=8', 'architecture.widths.initialWidth is 20; allowed: 8, 16, 24'],
    ['d=13,w0=24,wa=36.44,wm=2.49', 'architecture.groupWidth is missing'],
    ['d=13,w0=24,wa=x', '"wa=x" in "d=13,w0=24,wa=x" cannot be read; allowed are, each once: d=NUMBER'],
    ['d=13,d=14', '"d=14" in'],
    ['d=13,depth=2', '"depth=2" in'],
    ['d=13,se=1', '"se=1" in'],
    ['d=13,w0=', '"w0=" in'],
    ['nothing', '"nothing" is neither JSON nor'],
  ])('refuses %s', (text, message) => {
    expect(() => space.parse(text)).toThrow(message);
  });

  it('has one canonical form for designs that give the same stages', () => {
    const random = new Random(1);
    const networks = new Map<string, string>();
    let repeated = 0;
    for (let draw = 0; draw < 400; draw++) {
      const architecture = space.decisions.sample(random);
      const key = space.canonical(architecture);
      const json = JSON.stringify(space.build(architecture, fashion).toJson());
      if (networks.has(key)) repeated++;
      expect(networks.get(key) ?? json).toBe(json);
      networks.set(key, json);
    }
    expect(new Set(networks.values()).size).toBe(networks.size);
    expect(repeated).toBeGreaterThan(0);
    const [first, second] = ['d=13,w0=24,wa=24,wm=2.49,g=8', 'd=13,w0=24,wa=24.48,wm=2.49,g=8'].map(space.parse);
    if (first !== undefined && second !== undefined) expect(space.canonical(first)).toBe(space.canonical(second));
  });

  it('on 28×28 pixels strides in the last three stages only', () => {
    const { layers } = space.build(space.parse('RegNetX-200MF'), fashion);
    const ends = ['stem.relu', ...[1, 2, 3, 4].map((stage) => `stage${stage}.block1.relu`)];
    expect(ends.map((end) => layers.find(({ name }) => name === end)?.shape[1])).toEqual([28, 28, 14, 7, 4]);
  });

  it('takes narrower layers, whose groups still fit', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(0.1, 0.25, 0.3, 0.5, 0.75), (seed, widthMultiplier) => {
        const architecture = space.decisions.sample(new Random(seed));
        const narrow = space.build(architecture, { ...fashion, widthMultiplier }).cost().params;
        expect(narrow).toBeLessThan(space.build(architecture, fashion).cost().params);
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('takes other grids', () => {
    const small = regnet({
      depth: { min: 3, max: 5 },
      initialWidths: [8],
      slopes: [8],
      multipliers: [2],
      groupWidths: [8],
      stages: [2, 3],
    });
    // Blocks are 8, 16, 24, 32, 40 wide before, and 8, 16, 32, 32, 32 after their quantisation.
    expect([...small.decisions.enumerate()].map(({ widths }) => widths.depth)).toEqual([3, 3, 4, 4, 5, 5]);
    expect(small.published).toEqual([]);
  });
});
