/** @file ENAS's micro space: costs, notation, canonical form and the supernet. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../error.js';
import { Random } from '../random.js';
import { enasNetworks } from './cells/enas-presets.js';
import { relax } from './decisions/relax.js';
import { enasMicro } from './enas-micro.js';

const cifar10 = { channels: 3, height: 32, width: 32, classes: 10 };
const fashion = { channels: 1, height: 28, width: 28, classes: 10 };
const arc =
  '0 2 0 0 0 4 0 1 0 4 1 1 1 0 0 1 0 2 1 1 ' + // normal
  '1 0 1 0 0 3 0 2 1 1 3 1 1 0 0 4 0 3 1 1'; // reduction
const space = enasMicro();

describe('enas-micro', () => {
  it("builds the final network with the parameters that the authors' code counts", () => {
    const final = enasMicro({ channels: 36, cells: 15 });
    expect(final.build(final.parse(arc), cifar10).cost()).toMatchObject({ params: 3_894_372, macs: 620_907_552 });
    const [plain, both] = ['enas_micro', 'enas_micro_auxiliary'].map((name) => {
      const preset = enasNetworks[name];
      return preset?.build(preset).cost().params ?? Number.NaN;
    });
    expect(plain).toBe(3_894_372);
    expect(both).toBe(3_894_372 + 494_848);
  });

  it("builds the supernet with the parameters that the authors' code counts", () => {
    const search = enasMicro({ channels: 20, cells: 6 });
    expect(search.build(relax(search.decisions), cifar10).cost().params).toBe(5_373_140);
  });

  it('shares weights: a decided network in the shared skeleton finds all of its own in the supernet', () => {
    const shared = enasMicro({ channels: 4, skeleton: 'shared' });
    const supernet = shared.build(relax(shared.decisions), fashion);
    const weights = new Map(supernet.parameters.map(({ name, shape }) => [name, shape]));
    const random = new Random(1);
    for (let draw = 0; draw < 20; draw++) {
      const network = shared.build(shared.decisions.sample(random), fashion);
      for (const { name, shape } of network.parameters) expect(weights.get(name), name).toEqual(shape);
    }
    // A state and an operator for both halves of each block; the first operators of a path are named after it.
    expect(supernet.architectureParameters.map(({ name }) => name)).toContain('architecture.reduction[4].inputs[1]');
    expect(supernet.architectureParameters).toHaveLength(2 * 5 * 4);
  });

  it('numbers the cell before the previous one 0 and the previous one 1', () => {
    const { layers } = space.build(space.parse(arc), fashion);
    const source = (name: string) => layers.find((layer) => layer.name === name)?.inputs[0].name;
    // Cells 1 and 3 are reductions.
    expect(source('cell4.base.relu')).toBe('cell4.input1.batchNorm');
    expect(source('cell4.input1.relu')).toBe('cell3.concat');
    expect(source('cell4.input0.relu')).toBe('cell2.concat');
    expect(source('cell4.block2_right.1.sep_conv_5x5.relu')).toBe('cell4.base.batchNorm');
    expect(source('cell4.block2_left.0.identity.identity')).toBe('cell4.input0.batchNorm');
  });

  it('has ((2·3·4·5·6)²·5^10)² architectures', () => {
    expect(space.decisions.size()).toBe((720n ** 2n * 5n ** 10n) ** 2n);
  });

  it('prints and reads the numbers of the controller', () => {
    expect(space.format(space.parse('ENAS-micro'))).toBe(arc);
    const cells = [arc.slice(0, 39), arc.slice(40)].map((cell) => `[${cell.replaceAll(' ', ', ')}]`);
    for (const text of [arc, `fixed_arc="${arc}"`, `[${arc}]`, cells.join('\n'), `(${cells.join()})`]) {
      expect(space.parse(text)).toEqual(space.parse('ENAS-micro'));
    }
    expect(space.parse(arc).reduction[2]).toEqual({ inputs: [1, 3], operators: ['sep_conv_5x5', 'sep_conv_5x5'] });
  });

  it.each([
    ['0 2 0 0', 'has 4 numbers; two cells of 5 blocks have 40'],
    [arc.replace('0 2 0 0', '0 5 0 0'), 'There is no operator 5; allowed: 0 (sep_conv_3x3), 1 (sep_conv_5x5)'],
    [arc.replace('0 2 0 0', '2 2 0 0'), 'architecture.normal[0].inputs[0] is 2; allowed: 0, 1'],
  ])('refuses "%s"', (text, reason) => {
    expect(() => space.parse(text)).toThrow(UsageError);
    expect(() => space.parse(text)).toThrow(reason);
  });

  it('writes cells alike that differ in the order of blocks and halves', () => {
    // The normal cell's first two blocks change places, and the halves of its third.
    const other = arc.replace('0 2 0 0 0 4 0 1 0 4 1 1', '0 4 0 1 0 2 0 0 1 1 0 4');
    expect(space.canonical(space.parse(other))).toBe(space.canonical(space.parse(arc)));
    expect(space.canonical(space.parse(arc.replace('0 2', '1 2')))).not.toBe(space.canonical(space.parse(arc)));
  });

  it('needs a cell for each stage', () => {
    const short = enasMicro({ cells: 2 });
    expect(() => short.build(short.parse(arc), fashion)).toThrow(RangeError);
  });
});
