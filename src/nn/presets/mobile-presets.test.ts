/** @file MnasNet, ProxylessNAS and once-for-all networks cost what was published; their builders take other settings. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBlockString, parseBlockString, skips } from './block-string.js';
import { presets } from './index.js';
import { buildMnasNet } from './mnasnet.js';
import { buildOnceForAll, uniformStages } from './once-for-all.js';
import type { Preset } from './preset.js';

const preset = (name: string): Preset => {
  const found = presets[name];
  if (found === undefined) throw new Error(`no preset ${name}`);
  return found;
};

/**
 * Parameters: of MnasNet-B1 with multipliers from torchvision's table of weights; of the others from pytorchcv's model
 * list. MACs: counted by torchvision, or summed by hand from the block tables.
 */
const published: [name: string, params: number, macs: number | null][] = [
  ['mnasnet0_5', 2_218_512, null],
  ['mnasnet0_75', 3_170_208, null],
  ['mnasnet1_0', 4_383_312, 314_415_872],
  ['mnasnet1_3', 6_282_256, null],
  ['mnasnet_b1', 4_383_312, 314_415_872],
  ['mnasnet_a1', 3_887_038, 311_579_072],
  ['mnasnet_small', 2_030_264, null],
  ['proxylessnas_cpu', 4_361_648, 439_243_864],
  ['proxylessnas_gpu', 7_119_848, null],
  ['proxylessnas_mobile', 4_080_512, 320_427_584],
  ['proxylessnas_mobile14', 6_857_568, null],
  ['ofa_mbv3_max', 7_664_760, 566_170_656],
  ['ofa_mbv3_k3e4d3', 4_481_136, 225_006_656],
  ['mobilenet_v2_w0_35_r144', 750_280, 23_499_152],
];

describe('mobile presets', () => {
  it.each(published)('%s has the published parameters and multiply-accumulates', (name, params, macs) => {
    const cost = preset(name).build(preset(name)).cost();
    expect(cost.params).toBe(params);
    if (macs !== null) expect(cost.macs).toBe(macs);
  });

  it('MnasNet-A1 0.35× has the 1.7 M parameters of the paper', () => {
    expect(preset('mnasnet_a1_0_35').build(preset('mnasnet_a1_0_35')).cost().params / 1e6).toBeCloseTo(1.7, 1);
  });

  it('builds a MnasNet of other blocks as counted by hand', () => {
    const network = buildMnasNet({
      input: { channels: 1, height: 8, width: 8 },
      classes: 10,
      stem: 8,
      blocks: ['r1_k3_s22_e2_i8_o16_se0.25', 'r2_k5_s11_e1_i16_o16_noskip'],
    });
    const first = 8 * 16 + 32 + 9 * 16 + 32 + (16 * 2 + 2) + (2 * 16 + 16) + 16 * 16 + 32;
    const other = 25 * 16 + 32 + 16 * 16 + 32;
    expect(network.cost().params).toBe(9 * 8 + 16 + first + 2 * other + 16 * 1280 + 2560 + 1280 * 10 + 10);
    expect(network.layers.some(({ kind }) => kind.kind === 'add')).toBe(false);
    const regular = buildMnasNet({
      input: { channels: 1, height: 8, width: 8 },
      classes: 10,
      stem: 8,
      blocks: ['r2_k3_s22_conv_i8_o8_poolskip'],
    });
    expect(regular.cost().params).toBe(9 * 8 + 16 + 2 * (9 * 64 + 16) + 8 * 1280 + 2560 + 1280 * 10 + 10);
    expect(regular.layers.filter(({ kind }) => kind.kind === 'avgPool2d').map(({ shape }) => shape)).toEqual([
      [8, 2, 2],
      [8, 2, 2],
    ]);
  });

  it('shrinks a once-for-all network in every dimension', () => {
    const params = (kernel: number, expansion: number, depth: number, widthMultiplier: number) => {
      const stages = uniformStages(kernel, expansion, depth);
      return buildOnceForAll({ ...preset('ofa_mbv3_max'), stages, widthMultiplier }).cost().params;
    };
    const largest = params(7, 6, 4, 1.2);
    for (const smaller of [params(5, 6, 4, 1.2), params(7, 4, 4, 1.2), params(7, 6, 3, 1.2), params(7, 6, 4, 1)]) {
      expect(smaller).toBeLessThan(largest);
    }
  });

  it('writes block strings that it reads, and says what is none', () => {
    const run = fc.record({
      repeats: fc.integer({ min: 1, max: 9 }),
      kernel: fc.constantFrom(3, 5, 7),
      stride: fc.constantFrom(1, 2),
      expansion: fc.constantFrom(undefined, 1, 3, 6),
      input: fc.integer({ min: 8, max: 320 }),
      out: fc.integer({ min: 8, max: 320 }),
      squeezeRatio: fc.constantFrom(undefined, 0.25, 0.5),
      skip: fc.constantFrom(...skips),
    });
    fc.assert(
      fc.property(run, (value) => {
        expect(parseBlockString(formatBlockString(value))).toEqual(value);
      }),
      { seed: 1 },
    );
    expect(() => parseBlockString('r3_k5_s21_e6_i40_o80')).toThrow('"r3_k5_s21_e6_i40_o80" is no block string');
  });
});
