/** @file ENAS's macro space: costs, notation, skips and the supernet. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../error.js';
import { Random } from '../random.js';
import { releasedOperators } from './cells/enas-macro-network.js';
import { enasNetworks } from './cells/enas-presets.js';
import { relax } from './decisions/relax.js';
import { enasMacro } from './enas-macro.js';

const cifar10 = { channels: 3, height: 32, width: 32, classes: 10 };
const fashion = { channels: 1, height: 28, width: 28, classes: 10 };

describe('enas-macro', () => {
  it("builds the released network with the parameters that the authors' code counts", () => {
    const preset = enasNetworks.enas_macro;
    expect(preset?.build(preset).cost().params).toBe(42_559_392);
    const space = enasMacro({ layers: 24, channels: 96, operators: releasedOperators });
    expect(space.build(space.parse('ENAS-macro'), cifar10).cost().params).toBe(42_559_392);
  });

  it("builds the supernet with the parameters that the authors' code counts", () => {
    const space = enasMacro({ layers: 14, channels: 36 });
    expect(space.build(relax(space.decisions), cifar10).cost().params).toBe(810_756);
  });

  it('joins what a layer takes by a 1×1, and halves only states that are taken', () => {
    const space = enasMacro({ layers: 3, channels: 4 });
    const arc = '1 4 0 0 1 0';
    expect(space.parse(arc)).toEqual([
      { operator: 'sep_conv_3x3', skips: [] },
      { operator: 'avg_pool_3x3', skips: [false] },
      { operator: 'conv_3x3', skips: [true, false] },
    ]);
    // As the authors' code and others print it.
    for (const text of ['[1]\n[4 0]\n[0 1 0]', '[[1], [4, 0], [0, 1, 0]]'])
      expect(space.parse(text)).toEqual(space.parse(arc));
    const stem = 9 * 4 + 8;
    const first = 16 + 8 + (9 * 4 + 16 + 8);
    const firstReduction = 2 * (4 * 8 + 16);
    const second = 64 + 16 + (64 + 16);
    const secondReduction = 2 * (8 * 16 + 32); // of the stem and of the second layer
    const third = 256 + 32 + (9 * 256 + 32) + (2 * 256 + 32);
    expect(space.build(space.parse(arc), fashion).cost().params).toBe(
      stem + first + firstReduction + second + secondReduction + third + 160,
    );
    const joined = space.build(space.parse(arc), fashion).layers.find(({ name }) => name === 'layer2.concat');
    expect(joined?.inputs.map(({ name }) => name)).toEqual(['reduction1_0.batchNorm', 'layer2.conv_3x3.batchNorm_2']);
  });

  it('shares weights: a decided network in the shared skeleton finds all of its own in the supernet', () => {
    const space = enasMacro({ layers: 6, channels: 4, skeleton: 'shared' });
    const supernet = space.build(relax(space.decisions), fashion);
    const weights = new Map(supernet.parameters.map(({ name, shape }) => [name, shape]));
    const random = new Random(1);
    for (let draw = 0; draw < 20; draw++) {
      const network = space.build(space.decisions.sample(random), fashion);
      for (const { name, shape } of network.parameters) expect(weights.get(name), name).toEqual(shape);
    }
    expect(supernet.architectureParameters).toHaveLength(6);
  });

  it("has the paper's 1.6e29 architectures of 12 layers", () => {
    const size = enasMacro().decisions.size();
    expect(size).toBe(6n ** 12n * 2n ** 66n);
    expect(Number(size).toPrecision(2)).toBe('1.6e+29');
  });

  it('prints and reads the numbers of the controller', () => {
    const space = enasMacro({ layers: 24 });
    const [published] = space.published;
    const text = space.format(space.parse('ENAS-macro'));
    expect(text.startsWith('0 3 0 0 1 0 2 0 0 1 2 0 0 0 0 3 1 1 0 1 0 ')).toBe(true);
    expect(text.split(' ')).toHaveLength((24 * 25) / 2);
    expect(space.parse(text)).toEqual(published?.architecture);
    expect(enasMacro().published).toEqual([]);
  });

  it.each([
    ['0 1', 'ends within layer 1, which has an operator and 1 skips, but only 0 of them'],
    ['0 1 2', 'A skip of layer 1 is 2; allowed: 0, 1'],
    ['6 1 0', 'There is no operator 6; allowed: 0 (conv_3x3)'],
    ['0 1 0', 'architecture has 2 items; allowed: 3 items'],
  ])('refuses "%s"', (text, reason) => {
    const parse = () => enasMacro({ layers: 3 }).parse(text);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(reason);
  });
});
