/** @file The spaces of NASNet, AmoebaNet and PNAS: sizes, mutations, canonical forms and notation of cells of blocks. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../error.js';
import { avgPool2d, conv2d } from '../nn/layers/index.js';
import { Random } from '../random.js';
import { amoebanet } from './amoebanet.js';
import { pnasOperators } from './cells/nasnet-operators.js';
import { nasnetNetworks } from './cells/nasnet-presets.js';
import type { CellOperator } from './cells/operator.js';
import { relax } from './decisions/relax.js';
import { nasnet } from './nasnet.js';
import { pnas } from './pnas.js';
import { untyped } from './space.js';

const fashion = { channels: 1, height: 28, width: 28, classes: 10 };
const imagenet = (side: number) => ({ channels: 3, height: side, width: side, classes: 1000 });
const costOf = (name: string) => {
  const preset = nasnetNetworks[name];
  return preset?.build(preset).cost();
};

describe('sizes', () => {
  it('of NASNet are (2·3·4·5·6)² · 13^10 · 2^5 for each of two cells', () => {
    expect(nasnet().decisions.size()).toBe((720n ** 2n * 13n ** 10n * 2n ** 5n) ** 2n);
  });

  it('of AmoebaNet have no combiner', () => {
    expect(amoebanet().decisions.size()).toBe((720n ** 2n * 12n ** 10n) ** 2n);
  });

  it("of PNAS are the paper's 5.6e14", () => {
    expect(Number(pnas().decisions.size()).toPrecision(2)).toBe('5.6e+14');
  });

  it('of PNAS with a decided number of blocks are the sum over the numbers', () => {
    const { decisions } = pnas({ blocks: { min: 1, max: 3 } });
    // A block has (2 + i)² · 8² forms.
    expect(decisions.size()).toBe(256n * (1n + 576n * (1n + 1024n)));
  });

  it("of PNAS's first level are the paper's 136 cells of one block", () => {
    const { decisions, canonical } = pnas({ blocks: { min: 1, max: 1 } });
    expect(new Set([...decisions.enumerate()].map(canonical)).size).toBe(136);
  });
});

describe('notation', () => {
  const nasnetA =
    'sep_conv_5x5@0+sep_conv_3x3@1,sep_conv_5x5@1+sep_conv_3x3@1,avg_pool_3x3@0+identity@1,avg_pool_3x3@1+avg_pool_3x3@1,' +
    'sep_conv_3x3@0+identity@0/' +
    'sep_conv_5x5@0+sep_conv_7x7@1,max_pool_3x3@0+sep_conv_7x7@1,avg_pool_3x3@0+sep_conv_5x5@1,identity@3+avg_pool_3x3@2,' +
    'sep_conv_3x3@2+max_pool_3x3@0';

  it('prints and reads NASNet-A', () => {
    const space = nasnet();
    expect(space.format(space.parse('NASNet-A'))).toBe(nasnetA);
    expect(space.parse(nasnetA)).toEqual(space.parse('NASNet-A'));
  });

  it('tells concatenation from addition', () => {
    const space = nasnet();
    const text = nasnetA.replace('@0+identity@1', '@0:identity@1');
    expect(space.parse(text).normal[2]?.combine).toBe('concat');
    expect(space.format(space.parse(text))).toBe(text);
    expect(() => amoebanet().parse(text)).toThrow('is no block');
  });

  it.each([
    [nasnetA.replace('/', ','), 'has 1 cells'],
    [`${nasnetA}/${nasnetA}`, `"${nasnetA.slice(0, 80)}" has 4 cells`],
    [nasnetA.replace('sep_conv_5x5@0', 'sep_conv_5x5'), '"sep_conv_5x5+sep_conv_3x3@1" is no block'],
    [nasnetA.replace('sep_conv_5x5@0', 'sep_conv_9x9@0'), 'architecture.normal[0].operators[0] is "sep_conv_9x9"'],
    [nasnetA.replace('sep_conv_5x5@0', 'sep_conv_5x5@2'), 'architecture.normal[0].inputs[0] is 2; allowed: 0, 1'],
    [nasnetA.replace(',sep_conv_3x3@2+max_pool_3x3@0', ''), 'architecture.reduction has 4 items'],
  ])('refuses %s', (text, reason) => {
    expect(() => nasnet().parse(text)).toThrow(UsageError);
    expect(() => nasnet().parse(text)).toThrow(reason);
  });
});

describe('a mutation', () => {
  it.each([
    ['AmoebaNet', untyped(amoebanet()), ['inputs', 'operators']],
    ['NASNet', untyped(nasnet()), ['inputs', 'operators', 'combine']],
  ] as const)('of %s changes one value of a kind, each kind as often', (_, space, fields) => {
    const random = new Random(1);
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 3000; draw++) {
      const parent = space.decisions.sample(random);
      const before = space.decisions.sequence(parent);
      const after = space.decisions.sequence(space.mutate(parent, random));
      const changed = before.filter(({ option }, index) => option !== after[index]?.option);
      expect(changed).toHaveLength(1);
      const field = fields.find((name) => changed[0]?.path.includes(`.${name}`)) ?? 'none';
      counts.set(field, (counts.get(field) ?? 0) + 1);
    }
    const share = 3000 / fields.length;
    // Four standard deviations of a binomial count.
    for (const field of fields) expect(Math.abs((counts.get(field) ?? 0) - share)).toBeLessThan(4 * Math.sqrt(share));
  });
});

describe('the canonical form', () => {
  const space = pnas();
  const cell =
    'sep_conv_5x5@1+max_pool_3x3@1,sep_conv_7x7@0+max_pool_3x3@0,sep_conv_5x5@0+sep_conv_3x3@0,sep_conv_3x3@4+max_pool_3x3@0,' +
    'sep_conv_3x3@1+identity@0';
  const canonical = (text: string) => space.canonical(space.parse(text));

  it('is that of PNASNet-5', () => {
    expect(canonical(cell)).toBe(canonical('PNASNet-5'));
  });

  it('does not change with the order of halves and of blocks', () => {
    expect(canonical(cell.replace('sep_conv_5x5@1+max_pool_3x3@1', 'max_pool_3x3@1+sep_conv_5x5@1'))).toBe(
      canonical(cell),
    );
    const blocks = cell.split(',');
    const moved = [blocks[4], blocks[2], blocks[0], blocks[1], blocks[3]?.replace('@4', '@3')].join(',');
    expect(canonical(moved)).toBe(canonical(cell));
  });

  it('changes with inputs, operators, sharing and combiners', () => {
    const others = [
      cell.replace('sep_conv_5x5@1', 'sep_conv_5x5@0'),
      cell.replace('sep_conv_5x5@1', 'sep_conv_3x3@1'),
      cell.replace('sep_conv_3x3@4', 'sep_conv_3x3@3'),
    ];
    expect(new Set([cell, ...others].map(canonical)).size).toBe(4);
    const twice = 'identity@0+identity@1,identity@0+identity@1,';
    const rest = ',identity@0+identity@0,identity@1+identity@1';
    expect(canonical(`${twice}identity@2+identity@2${rest}`)).not.toBe(
      canonical(`${twice}identity@2+identity@3${rest}`),
    );
    const both = nasnet();
    const text = both.format(both.parse('NASNet-A'));
    expect(both.canonical(both.parse(text.replace('+', ':')))).not.toBe(both.canonical(both.parse(text)));
  });
});

describe('networks', () => {
  it('of PNASNet-5 in the skeletons of the paper cost what the paper says', () => {
    const mobile = pnas();
    expect(mobile.build(mobile.parse('PNASNet-5'), imagenet(224)).cost()).toEqual(costOf('pnasnet_5_mobile'));
    const large = pnas({ channels: 216, cells: 12, stemChannels: 96 });
    expect(large.build(large.parse('PNASNet-5'), imagenet(331)).cost()).toEqual(costOf('pnasnet_5_large'));
  });

  it('are small for small images', () => {
    for (const space of [untyped(nasnet()), untyped(amoebanet()), untyped(pnas())]) {
      for (const { architecture } of space.published) {
        const { params, macs } = space.build(architecture, fashion).cost();
        expect(params).toBeLessThan(100_000);
        expect(macs).toBeLessThan(15_000_000);
      }
    }
  });

  it('are as wide and as large as a budget allows', () => {
    const space = pnas({ channels: 8 });
    const build = (budget: object) => space.build(space.parse('PNASNet-5'), { ...fashion, ...budget });
    const narrow = pnas({ channels: 4 }).build(space.parse('PNASNet-5'), fashion);
    expect(build({ widthMultiplier: 0.5 }).cost()).toEqual(narrow.cost());
    expect(build({ widthMultiplier: 0.01 }).cost().params).toBeGreaterThan(0);
    expect(build({ resolution: 14 }).input).toEqual({ channels: 1, height: 14, width: 14 });
  });

  it('of PNAS share weights: a decided one finds all of its own in that of open choices', () => {
    const space = pnas({ channels: 4, cells: 3 });
    const supernet = space.build(relax(space.decisions), fashion);
    const weights = new Map(supernet.parameters.map(({ name, shape }) => [name, shape]));
    for (const { name, shape } of space.build(space.parse('PNASNet-5'), fashion).parameters) {
      expect(weights.get(name), name).toEqual(shape);
    }
    // A state and an operator for both halves of five blocks.
    expect(supernet.architectureParameters).toHaveLength(5 * 4);
  });

  it('take operators that a user defines', () => {
    const average: CellOperator = {
      name: 'average',
      build: (x, { channels, stride }) =>
        conv2d(avgPool2d(x, { kernel: 3, stride, padding: 1 }), { out: channels, kernel: 1 }),
    };
    const space = pnas({ operators: { ...pnasOperators, average } });
    expect(space.decisions.size()).toBe(720n ** 2n * 9n ** 10n);
    const cell =
      'average@0+identity@1,average@2+identity@1,average@0+average@0,average@3+identity@1,identity@0+identity@1';
    const { layers } = space.build(space.parse(cell), fashion);
    expect(layers.filter(({ name }) => name.includes('.average.conv2d'))).toHaveLength(5 * 5);
  });
});
