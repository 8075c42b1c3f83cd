/** @file The space of ProxylessNAS: its size, its notation, its published network, its supernet. */
import { describe, expect, it } from 'vitest';
import { proxylessTables } from '../nn/presets/proxylessnas.js';
import { relax } from './decisions/relax.js';
import { proxyless } from './proxyless.js';

const imagenet = { channels: 3, height: 224, width: 224, classes: 1000 };
const cifar = { channels: 3, height: 32, width: 32, classes: 10 };
const space = proxyless();

const mobile =
  '5x5_MBConv3,3x3_MBConv3,Zero,Zero;7x7_MBConv3,3x3_MBConv3,5x5_MBConv3,5x5_MBConv3;' +
  '7x7_MBConv6,5x5_MBConv3,5x5_MBConv3,5x5_MBConv3;5x5_MBConv6,5x5_MBConv3,5x5_MBConv3,5x5_MBConv3;' +
  '7x7_MBConv6,7x7_MBConv6,7x7_MBConv3,7x7_MBConv3;7x7_MBConv6';

describe('proxyless', () => {
  it('has 6 options for the first block of each stage and 7 for the 15 others', () => {
    expect(space.decisions.size()).toBe(6n ** 6n * 7n ** 15n);
  });

  it('has the network for phones, in the names of its operators', () => {
    const architecture = space.parse('proxylessnas_mobile');
    expect(space.format(architecture)).toBe(mobile);
    expect(space.parse(mobile)).toEqual(architecture);
    expect(space.build(architecture, imagenet).cost()).toMatchObject({ params: 4_080_512, macs: 320_427_584 });
  });

  it('has the networks of the other published widths', () => {
    const cpu = proxyless({ widths: proxylessTables.proxylessnas_cpu.widths });
    const architecture = cpu.parse('proxylessnas_cpu');
    expect(cpu.format(architecture).split(';')[2]).toBe('3x3_MBConv6,Zero,Zero,3x3_MBConv3');
    expect(cpu.build(architecture, imagenet).cost()).toMatchObject({ params: 4_361_648, macs: 439_243_864 });
    const large = proxyless({ widths: proxylessTables.proxylessnas_mobile14.widths });
    expect(large.published.map(({ name }) => name)).toEqual(['ProxylessNAS-mobile14']);
    expect(large.build(large.parse(mobile), imagenet).cost().params).toBe(6_857_568);
  });

  it('says why an architecture is illegal', () => {
    expect(() => space.parse(mobile.replace('5x5_MBConv3', 'Zero'))).toThrow(
      'architecture[0][0] is "Zero"; allowed: 3x3_MBConv3,',
    );
    expect(() => space.parse(mobile.replace('7x7_MBConv6', '9x9_MBConv6'))).toThrow(
      'architecture[2][0] is "9x9_MBConv6"; allowed:',
    );
    expect(() => space.parse('3x3_MBConv3;3x3_MBConv6')).toThrow('architecture has 2 items');
  });

  it('takes networks as one that differ only in which block of a stage is left out', () => {
    const [one, other] = [mobile, mobile.replace('3x3_MBConv3,Zero,Zero', 'Zero,3x3_MBConv3,Zero')].map(space.parse);
    if (one === undefined || other === undefined) throw new Error('two were parsed');
    expect(space.canonical(one)).toBe(space.canonical(other));
    expect(space.build(one, cifar).cost()).toEqual(space.build(other, cifar).cost());
    expect(space.canonical(one)).not.toBe(space.canonical(space.parse(mobile.replace('7x7', '5x5'))));
  });

  it('opens every block of its supernet, where leaving out is the input itself', () => {
    const network = space.build(relax(space.decisions), { ...cifar, widthMultiplier: 0.25 });
    expect(network.architectureParameters.map(({ shape }) => shape[0])).toEqual(
      [4, 4, 4, 4, 4, 1].flatMap((depth) => [6, ...new Array<number>(depth - 1).fill(7)]),
    );
    const names = new Set(network.parameters.map(({ name }) => name));
    const decided = space.build(space.parse(mobile), { ...cifar, widthMultiplier: 0.25 });
    for (const { name } of decided.parameters) expect(names).toContain(name);
  });

  it('leaves out the first strides for small images', () => {
    const { layers } = space.build(space.parse(mobile), cifar);
    const ends = ['stem', 'stage1', 'stage2', 'stage3', 'stage6'].map((name) =>
      layers.findLast((layer) => layer.name.startsWith(name)),
    );
    expect(ends.map((layer) => layer?.shape[1])).toEqual([32, 32, 16, 8, 4]);
  });
});
