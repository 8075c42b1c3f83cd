/** @file The mobile space: its laws, its networks on small images, its notation. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectLaws } from '../../test/decision-laws.js';
import { Random } from '../random.js';
import { relax } from './decisions/relax.js';
import { mobile } from './mobile.js';

const fashion = { channels: 1, height: 28, width: 28, classes: 10 };
const reference = 'r1,o16_s2,d2_o16_k3_e3_relu,d2_o32_k5_e4_se_hard-swish,d1_o64_k3_e2_hard-swish,o96';

describe('mobile', () => {
  it('has the size of its decisions', () => {
    const stage = (widths: bigint) => 3n * widths * 2n * 5n * 2n * 2n;
    expect(mobile.decisions.size()).toBe(3n * 3n * 2n * stage(4n) * stage(4n) * stage(5n) * 4n);
  });

  it('keeps the laws of decisions', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => expectLaws(mobile.decisions, seed)),
      { seed: 1, numRuns: 50 },
    );
  });

  it('reads and writes its notation', () => {
    expect(mobile.parse(reference).stages[1]).toEqual({
      depth: 2,
      width: 32,
      kernel: 5,
      expansion: 4,
      squeezeExcite: true,
      activation: 'hard-swish',
    });
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const architecture = mobile.decisions.sample(new Random(seed));
        expect(mobile.parse(mobile.format(architecture))).toEqual(architecture);
        expect(mobile.parse(JSON.stringify(architecture))).toEqual(architecture);
      }),
      { seed: 1, numRuns: 50 },
    );
    expect(() => mobile.parse(reference.replace('k5', 'k7'))).toThrow(
      'architecture.stages[1].kernel is 7; allowed: 3, 5.',
    );
    expect(() => mobile.parse(reference.replace('_e2', ''))).toThrow('"d1_o64_k3_hard-swish" is no stage');
  });

  it('counts a chain as by hand', () => {
    const text = 'r1,o8_s2,d1_o16_k3_e1_relu,d1_o16_k5_e2_se_relu,d1_o24_k3_e1_relu,o48';
    const stem = 9 * 8 + 2 * 8;
    const first = 9 * 8 + 2 * 8 + 8 * 16 + 2 * 16;
    const second = 16 * 32 + 2 * 32 + 25 * 32 + 2 * 32 + (32 * 8 + 8) + (8 * 32 + 32) + 32 * 16 + 2 * 16;
    const third = 9 * 16 + 2 * 16 + 16 * 24 + 2 * 24;
    const head = 24 * 48 + 2 * 48 + 48 * 10 + 10;
    const macs =
      14 * 14 * 9 * 8 +
      14 * 14 * (9 * 8 + 8 * 16) +
      (14 * 14 * 16 * 32 + 7 * 7 * 25 * 32 + 2 * 32 * 8 + 7 * 7 * 32 * 16) +
      4 * 4 * (9 * 16 + 16 * 24) +
      (4 * 4 * 24 * 48 + 48 * 10);
    expect(mobile.build(mobile.parse(text), fashion).cost()).toMatchObject({
      params: stem + first + second + third + head,
      macs,
    });
  });

  it('has sensible candidates below 60,000 parameters and 3 million multiply-accumulates, and far smaller ones', () => {
    const { params, macs } = mobile.build(mobile.parse(reference), fashion).cost();
    expect([params > 40_000, params < 60_000, macs > 1e6, macs < 3e6]).toEqual([true, true, true, true]);
    const smallest = mobile.decisions.rebuild(mobile.decisions.sequence(mobile.parse(reference)).map(() => 0));
    expect(mobile.build(smallest, fashion).cost().params).toBeLessThan(3_000);
  });

  it('builds for images of 1×1 to 40×40, and their maps never vanish', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(1, 3),
        fc.integer({ min: 2, max: 12 }),
        (seed, height, width, channels, classes) => {
          const network = mobile.build(mobile.decisions.sample(new Random(seed)), { channels, height, width, classes });
          expect(network.outputShape).toEqual([classes]);
        },
      ),
      { seed: 1, numRuns: 50 },
    );
  });

  it.each([
    [28, [14, 14, 7, 4]],
    [32, [16, 16, 8, 4]],
    [8, [4, 4, 4, 4]],
    [5, [3, 3, 3, 3]],
    [4, [4, 4, 4, 4]],
  ])('halves images of side %i to %j, but no map below a side of 5', (side, sides) => {
    const { layers } = mobile.build(mobile.parse(reference), { ...fashion, height: side, width: side });
    const ends = ['stem', 'stage0_1', 'stage1_1', 'stage2_0'].map((scope) =>
      layers.findLast(({ name }) => name.startsWith(`${scope}.`)),
    );
    expect(ends.map((layer) => layer?.shape[1])).toEqual(sides);
  });

  it('takes smaller images and narrower layers on demand', () => {
    const architecture = { ...mobile.parse(reference), resolution: 0.875 };
    const full = mobile.build(architecture, fashion);
    expect(full.input).toEqual({ channels: 1, height: 25, width: 25 });
    const small = mobile.build(architecture, { ...fashion, resolution: 16, widthMultiplier: 0.5 });
    expect(small.input).toEqual({ channels: 1, height: 14, width: 14 });
    expect(small.cost().params).toBeLessThan(full.cost().params / 2);
  });

  it('relaxes kernels and activations of the largest network', () => {
    const network = mobile.build(relax(mobile.decisions), fashion);
    expect(network.architectureParameters.map(({ name }) => name).sort()).toEqual(
      [0, 1, 2].flatMap((stage) => ['activation', 'kernel'].map((choice) => `architecture.stages[${stage}].${choice}`)),
    );
    const decided = mobile.build({ ...mobile.parse(reference), resolution: 1 }, fashion);
    const names = new Set(network.parameters.map(({ name }) => name));
    for (const { name } of decided.parameters) expect(names).toContain(name);
  });
});
