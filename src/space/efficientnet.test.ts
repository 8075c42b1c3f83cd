/** @file The space efficientnet: legal ratios, released coefficients, networks at any size. */
import { describe, expect, it } from 'vitest';
import { presets } from '../nn/presets/index.js';
import { efficientnet } from './efficientnet.js';

const space = efficientnet();
const fashion = { channels: 1, height: 28, width: 28, classes: 10 };
const imagenet = { channels: 3, height: 224, width: 224, classes: 1000 };

describe('efficientnet', () => {
  it('has each φ with each α, β, γ that double the MACs, and each triple of free coefficients', () => {
    let legal = 0;
    // In twentieths, so that all products are whole: 20⁵ is 1.
    for (let alpha = 20; alpha <= 40; alpha++) {
      for (let beta = 20; beta <= 28; beta++) {
        for (let gamma = 20; gamma <= 28; gamma++) {
          const growth = alpha * beta ** 2 * gamma ** 2;
          if (growth >= 1.9 * 20 ** 5 && growth <= 2.1 * 20 ** 5) legal++;
        }
      }
    }
    expect(space.decisions.size()).toBe(BigInt(11 * legal + 11 * 11 * 11));
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('builds B%i for images of ImageNet as the preset', (index) => {
    const preset = presets[`efficientnet_b${index}`];
    const network = space.build(space.parse(`efficientnet_b${index}`), imagenet);
    expect(network.input).toEqual(preset?.input);
    expect(network.cost()).toEqual(preset?.build(preset).cost());
  });

  it('scales by the ratios of the paper: MACs grow by 1.92 with φ, but for rounding', () => {
    const macs = [1, 2, 3, 4].map(
      (phi) => space.build(space.parse(`phi=${phi},alpha=1.2,beta=1.1,gamma=1.15`), imagenet).cost().macs,
    );
    expect(space.build(space.parse('phi=1,alpha=1.2,beta=1.1,gamma=1.15'), imagenet).input.height).toBe(258);
    for (const [index, count] of macs.slice(1).entries()) {
      expect(count / (macs[index] ?? 0)).toBeGreaterThan(1.6);
      expect(count / (macs[index] ?? 0)).toBeLessThan(2.3);
    }
  });

  it('reads and writes both kinds of scaling', () => {
    expect(space.format(space.parse('efficientnet_b1'))).toBe('depth=1.1,width=1,resolution=240');
    expect(space.parse('gamma=1.15,phi=0.5,beta=1.1,alpha=1.2')).toEqual({
      scaling: 'compound',
      phi: 0.5,
      ratios: { alpha: 1.2, beta: 1.1, gamma: 1.15 },
    });
  });

  it.each([
    [
      'phi=1,alpha=1.2,beta=1.2,gamma=1.2',
      'architecture.ratios is illegal: α·β²·γ² is 2.48832, but must be between 1.9 and 2.1',
    ],
    ['phi=1,alpha=1.2,beta=1.1', 'gamma is missing'],
    ['phi=0,alpha=1.2,beta=1.1,gamma=1.15', 'phi is 0; allowed: -3,'],
    ['depth=1.3,width=1,resolution=240', 'depth is 1.3; allowed: 0.25,'],
    ['depth=1,phi=1', '"depth=1" in "depth=1,phi=1" cannot be read; allowed are, each once: phi=NUMBER'],
    ['b1', '"b1" is neither JSON nor'],
  ])('refuses %s', (text, message) => {
    expect(() => space.parse(text)).toThrow(message);
  });

  it('has one canonical form where rounding gives the same network', () => {
    const canonical = (text: string) => space.canonical(space.parse(text));
    const network = (text: string) => JSON.stringify(space.build(space.parse(text), fashion).toJson());
    // ⌈n·1.1⌉ and ⌈n·1.2⌉ blocks are the same for 1 to 4.
    const same = ['depth=1.1,width=1,resolution=224', 'depth=1.2,width=1,resolution=224'] as const;
    expect(network(same[0])).toBe(network(same[1]));
    expect(canonical(same[0])).toBe(canonical(same[1]));
    const others = [
      'depth=1,width=1,resolution=224',
      'depth=1.1,width=1,resolution=240',
      'depth=1.1,width=1.1,resolution=224',
    ];
    expect(new Set([...others, same[0]].map(canonical)).size).toBe(4);
  });

  it('on 28×28 pixels strides three times, at the paper’s resolution five times', () => {
    const last = (target: typeof fashion) => {
      const { layers } = space.build(space.parse('efficientnet_b0'), target);
      return layers.find(({ name }) => name === 'last')?.shape;
    };
    expect(last(fashion)).toEqual([1280, 4, 4]);
    expect(last(imagenet)).toEqual([1280, 7, 7]);
  });

  it('takes budgets: smaller images and narrower layers', () => {
    const b1 = space.parse('efficientnet_b1');
    const small = space.build(b1, { ...fashion, resolution: 14, widthMultiplier: 0.5 });
    expect(small.input).toEqual({ channels: 1, height: 15, width: 15 });
    expect(small.cost().params).toBeLessThan(space.build(b1, fashion).cost().params / 2);
  });

  it('scales other networks', () => {
    const other = efficientnet({ stages: [{ blocks: 2, kernel: 3, stride: 2, expansion: 4, out: 24 }] });
    const { layers } = other.build(other.parse('depth=1.8,width=0.5,resolution=224'), fashion);
    expect(layers.filter(({ name }) => name.endsWith('.project')).map(({ shape }) => shape)).toEqual(
      Array.from({ length: 4 }, () => [16, 7, 7]),
    );
  });
});
