/** @file The space of MnasNet: its size, its block strings, its published networks, its skips. */
import { describe, expect, it } from 'vitest';
import { MNASNET_A1, MNASNET_B1 } from '../nn/presets/mnasnet.js';
import { relax } from './decisions/relax.js';
import { mnasnet as mnasnetSpace } from './mnasnet.js';

const imagenet = { channels: 3, height: 224, width: 224, classes: 1000 };
const fashion = { channels: 1, height: 28, width: 28, classes: 10 };
const mnasnet = mnasnetSpace();
const a1 = MNASNET_A1.blocks.join(',');
const edited = (from: string, to: string) => mnasnet.parse(a1.replace(from, to));

describe('mnasnet', () => {
  it('has the 432^5 networks of the paper: 4 operators, 2 kernels, 2 squeezes, 3 skips, 3 widths and 3 depths a block', () => {
    expect(mnasnet.decisions.size()).toBe(15_045_919_506_432n);
    expect(mnasnet.decisions.describe().map(({ options }) => options.length)).toEqual(
      [0, 1, 2, 3, 4].flatMap(() => [4, 2, 2, 3, 3, 3]),
    );
  });

  it.each([
    ['MnasNet-A1', MNASNET_A1.blocks, 3_887_038, 311_579_072],
    ['MnasNet-B1', MNASNET_B1.blocks, 4_383_312, 314_415_872],
  ])('%s is one of its networks, in the block strings of its authors', (name, blocks, params, macs) => {
    const architecture = mnasnet.parse(name);
    expect(mnasnet.parse(blocks.join(', '))).toEqual(architecture);
    expect(mnasnet.format(architecture)).toBe(blocks.join(',').replace(/_noskip$/, ''));
    expect(mnasnet.build(architecture, imagenet).cost()).toMatchObject({ params, macs });
  });

  it('has the depth multipliers of the paper', () => {
    const space = mnasnetSpace({ widthMultiplier: 0.5 });
    const { params, macs } = space.build(space.parse('MnasNet-B1'), imagenet).cost();
    // torchvision's mnasnet0_5, whose last convolution keeps its 1280 channels.
    expect(params).toBe(2_218_512);
    expect(macs).toBeLessThan(314_415_872 / 2);
  });

  it('says what is wrong with block strings', () => {
    expect(() => edited('k5_s22_e3', 'k7_s22_e3')).toThrow('architecture[1].kernel is 7; allowed: 3, 5.');
    expect(() => edited('s22_e6_i16_o24', 's22_e4_i16_o24')).toThrow(
      'architecture[0].operator is "e4"; allowed: conv,',
    );
    expect(() => edited('r2_k3_s22', 'r2_k3_s11')).toThrow('it can only be "r2_k3_s22_e6_i16_o24"');
    expect(() => edited('i24_o40', 'i32_o40')).toThrow('Block 3');
    expect(() => edited('o320', 'o640')).toThrow('Block 7');
    expect(() => edited(',r1_k3_s11_e6_i160_o320', '')).toThrow('architecture has 4 items');
  });

  it('takes networks as one that differ in a skip without effect', () => {
    const skipping = (skip: string) => edited('r2_k3_s22_e6_i16_o24', `r1_k3_s22_e6_i16_o24${skip}`);
    const canonical = mnasnet.canonical(skipping(''));
    for (const skip of ['_noskip', '_poolskip']) {
      expect(mnasnet.canonical(skipping(skip))).toBe(canonical);
      expect(mnasnet.build(skipping(skip), fashion).cost()).toEqual(mnasnet.build(skipping(''), fashion).cost());
    }
    expect(mnasnet.canonical(edited('i40_o80', 'i40_o80_noskip'))).not.toBe(mnasnet.canonical(mnasnet.parse(a1)));
  });

  it('pools the skip of each layer that keeps its channels', () => {
    const layers = (skip: string) => mnasnet.build(edited('i40_o80', `i40_o80${skip}`), fashion).layers;
    const count = (skip: string, kind: string) => layers(skip).filter((layer) => layer.kind.kind === kind).length;
    expect(['', '_noskip', '_poolskip'].map((skip) => count(skip, 'avgPool2d'))).toEqual([0, 0, 3]);
    expect(['', '_noskip', '_poolskip'].map((skip) => count(skip, 'add'))).toEqual([9, 6, 9]);
  });

  it('leaves out the first strides for small images', () => {
    const { layers } = mnasnet.build(mnasnet.parse('MnasNet-A1'), fashion);
    const ends = [1, 2, 3, 4, 5, 6, 7].map((stage) => layers.findLast(({ name }) => name.startsWith(`stage${stage}.`)));
    expect(ends.map((layer) => layer?.shape[1])).toEqual([28, 28, 14, 7, 7, 4, 4]);
  });

  it('opens the operator, kernel and skip of each block in its supernet', () => {
    const network = mnasnet.build(relax(mnasnet.decisions), { ...fashion, widthMultiplier: 0.1 });
    expect(network.architectureParameters.map(({ name }) => name).sort()).toEqual(
      [0, 1, 2, 3, 4].flatMap((block) =>
        ['kernel', 'operator', 'skip'].map((name) => `architecture[${block}].${name}`),
      ),
    );
  });
});
