/** @file DARTS against the numbers that its paper and its authors' logs give. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectLaws } from '../../test/decision-laws.js';
import { Random } from '../random.js';
import { formatGenotype, parseGenotype } from './cells/darts-genotype.js';
import { dartsOperators, searchNorm } from './cells/darts-operators.js';
import { dartsNetworks } from './cells/darts-presets.js';
import { nasnetTranscribed } from './cells/darts-published.js';
import { type CellOperator, operatorSet } from './cells/operator.js';
import { type DartsArchitecture, darts } from './darts.js';
import { relax } from './decisions/relax.js';
import { notationNamed } from './notations/notation.js';

const cifar10 = { channels: 3, height: 32, width: 32, classes: 10 };
const space = darts();

/** As quark0/darts, cnn/genotypes.py prints it. */
const V2 =
  "Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 1), " +
  "('skip_connect', 0), ('skip_connect', 0), ('dil_conv_3x3', 2)], normal_concat=[2, 3, 4, 5], reduce=[('max_pool_3x3', 0), " +
  "('max_pool_3x3', 1), ('skip_connect', 2), ('max_pool_3x3', 1), ('max_pool_3x3', 0), ('skip_connect', 2), ('skip_connect', 2), " +
  "('max_pool_3x3', 1)], reduce_concat=[2, 3, 4, 5])";

const sample = (seed: number): DartsArchitecture => space.decisions.sample(new Random(seed));

/** With node 5 of both cells taking other states. */
const withLast = (last: DartsArchitecture['normal'][number]): DartsArchitecture => {
  const nodes = [
    { 0: 'sep_conv_3x3', 1: 'skip_connect' },
    { 0: 'dil_conv_3x3', 1: 'max_pool_3x3' },
    { 0: 'sep_conv_5x5', 1: 'skip_connect' },
    last,
  ];
  return { normal: nodes, reduce: nodes };
};

describe('the published networks', () => {
  /**
   * Parameters and MACs: those of DARTS_V2 for CIFAR-10 are in the authors' training log ("param size = 3.349342MB"), ImageNet's
   * are the paper's 4.7 M; auxiliary heads add 476,426 and 1,260,776.
   */
  it.each([
    ['darts_v1', 3_169_414, 500_987_520],
    ['darts_v2', 3_349_342, 528_359_040],
    ['darts_v2_imagenet', 4_718_752, 529_911_552],
    ['nasnet_a_darts', 3_830_950, 603_452_448],
    ['amoebanet_a_darts', 3_145_078, 488_931_552],
  ])('%s has %i parameters and %i multiply-accumulates', (name, params, macs) => {
    const preset = dartsNetworks[name];
    expect(preset?.build(preset).cost()).toMatchObject({ params, macs });
  });

  it.each([
    ['darts_v1', 476_426],
    ['darts_v2', 476_426],
    ['darts_v1_imagenet', 1_260_776],
    ['darts_v2_imagenet', 1_260_776],
  ])('the auxiliary head of %s has %i parameters', (name, params) => {
    const [without, beside] = [dartsNetworks[name], dartsNetworks[`${name}_auxiliary`]];
    const [alone, both] = [without?.build(without), beside?.build(beside)];
    expect((both?.cost().params ?? 0) - (alone?.cost().params ?? 0)).toBe(params);
    expect(both?.outputShape).toEqual([without?.classes]);
  });

  it('darts_v1_imagenet has 505,864,704 multiply-accumulates', () => {
    const preset = dartsNetworks.darts_v1_imagenet;
    expect(preset?.build(preset).cost().macs).toBe(505_864_704);
  });
});

describe('darts', () => {
  it('has 180 · 7^8 cells of each type', () => {
    expect(space.decisions.size()).toBe(1_037_664_180n ** 2n);
  });

  it('keeps the laws of decisions', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => expectLaws(space.decisions, seed)),
      { seed: 1, numRuns: 20 },
    );
  });

  it('reads the published notation, writes it with the states of a node in order, and reads that again', () => {
    const read = space.parse(V2);
    expect(read.normal[3]).toEqual({ 0: 'skip_connect', 2: 'dil_conv_3x3' });
    expect(read.reduce[3]).toEqual({ 1: 'max_pool_3x3', 2: 'skip_connect' });
    expect(space.parse('darts_v2')).toEqual(read);
    const written = space.format(read);
    expect(written).toBe(
      V2.replace("('sep_conv_3x3', 1), ('skip_connect', 0)", "('skip_connect', 0), ('sep_conv_3x3', 1)")
        .replace("('skip_connect', 2), ('max_pool_3x3', 1), (", "('max_pool_3x3', 1), ('skip_connect', 2), (")
        .replace("('skip_connect', 2), ('max_pool_3x3', 1)]", "('max_pool_3x3', 1), ('skip_connect', 2)]"),
    );
    expect(space.parse(written)).toEqual(read);
    expect(space.parse(V2.replaceAll('[2, 3, 4, 5]', 'range(2, 6)'))).toEqual(read);
    expect(space.parse(JSON.stringify(read))).toEqual(read);
  });

  it('reads genotypes as they stand in code and in records', () => {
    const read = space.parse(V2);
    const named = `DARTS_V2 = ${V2.replaceAll('[2, 3, 4, 5]', 'range(2, 6)')}`;
    const inLines = V2.replaceAll('), (', '),\n    # node\n    (').replace(/\]\)$/, '],\n)\n');
    const perNode = V2.replaceAll(/(\('\w+', \d\), \('\w+', \d\))/g, '[$1]').replaceAll("'", '"');
    const dict = V2.replace('Genotype(', '{')
      .replace(/\)$/, '}')
      .replaceAll(/(\w+)=/g, "'$1': ");
    const positional = V2.replaceAll(/\w+=/g, '').replaceAll('[2, 3, 4, 5]', '(2, 3, 4, 5)');
    for (const text of [named, inLines, perNode, dict, positional, `genotypes.${V2},`, JSON.stringify(V2)]) {
      expect(space.parse(text)).toEqual(read);
    }
  });

  it('reads and writes the numbers of NASLib', () => {
    const v2 =
      '(((0, 3), (1, 3), (0, 3), (1, 3), (0, 2), (1, 3), (0, 2), (2, 5)), ((0, 0), (1, 0), (1, 0), (2, 2), (0, 0), (2, 2), (1, 0), (2, 2)))';
    const naslib = notationNamed(space, 'naslib');
    expect(naslib.format(space.parse(V2))).toBe(v2);
    expect(space.parse(v2.replaceAll('(', '[').replaceAll(')', ']'))).toEqual(space.parse(V2));
    expect(() => notationNamed(space, 'naslip')).toThrow(
      'The space "darts" has no notation "naslip" (did you mean naslib?); it has genotype, naslib, json.',
    );
  });

  it('reads and writes genotypes of other spaces as they are printed', () => {
    expect(parseGenotype(formatGenotype(nasnetTranscribed))).toEqual(nasnetTranscribed);
  });

  it.each([
    [V2.replace('dil_conv_3x3', 'none'), 'architecture.normal[3].2 is "none"; allowed: max_pool_3x3,'],
    [V2.replace("('sep_conv_3x3', 1)", "('sep_conv_3x3', 0)"), 'Node 2 of "normal" takes state 0 twice'],
    [
      V2.replace("('dil_conv_3x3', 2)", "('dil_conv_3x3', 5)"),
      'has the keys 0, 5; allowed: 2 of the keys 0, 1, 2, 3, 4',
    ],
    [
      V2.replace("('dil_conv_3x3', 2)", 'dil_conv_3x3'),
      '"dil_conv_3x3" stands for nothing, and text must be in quotes',
    ],
    [V2.replace("('dil_conv_3x3', 2)", ''), '"normal" of the genotype has 7 edges; a node takes 2'],
    [
      V2.replace("('dil_conv_3x3', 2)", "('dil_conv_3x3', -1)"),
      'normal[7] of the genotype is ["dil_conv_3x3",-1]; an edge reads',
    ],
    [V2.replace('normal_concat=[2, 3', 'normal_concat=[3'), '"normal_concat" of the genotype is [3, 4, 5]'],
    [V2.replace('reduce_concat=[2', 'reduce_concat=[-2'), '"reduce_concat" of the genotype is [-2,3,4,5]'],
    [V2.replace('reduce=', 'reduction='), 'The genotype lacks "reduce"'],
    [V2.replace('reduce_concat', 'x=1, reduce_concat'), 'The genotype has "x", which it must not'],
    [
      V2.replace("[('sep_conv_3x3', 0), ", "[[('sep_conv_3x3', 0)], "),
      'normal[0] of the genotype is [["sep_conv_3x3",0]]',
    ],
    [V2.replace(/normal=\[[^\]]*\]/, "normal=[[('skip_connect', 0)]]"), 'normal[0] of the genotype has 1 edges'],
    [V2.slice(0, -1), '"(" is not closed'],
    ['Genotype', 'neither JSON nor'],
    ['((), ())', 'The normal cell has 0 edges'],
    [
      '(((0, 3), (1, 7)), ())',
      'Edge 2 of the normal cell is [1,7]; it must be (STATE, OPERATOR), operators 0 max_pool_3x3',
    ],
    ['[1, 2, 3]', 'has 3 cells; there must be two'],
    [formatGenotype(nasnetTranscribed), '"normal_concat" of the genotype is [2, 3, 4, 5, 6]'],
  ])('refuses %s', (text, message) => {
    expect(() => space.parse(text)).toThrow(message);
  });

  it('writes isomorphic cells alike: nodes 2 to 4 of this one may change places', () => {
    const one = withLast({ 2: 'avg_pool_3x3', 3: 'skip_connect' });
    const exchanged: DartsArchitecture['normal'] = [
      { 0: 'dil_conv_3x3', 1: 'max_pool_3x3' },
      { 0: 'sep_conv_5x5', 1: 'skip_connect' },
      { 0: 'sep_conv_3x3', 1: 'skip_connect' },
      { 2: 'skip_connect', 4: 'avg_pool_3x3' },
    ];
    const other = { normal: exchanged, reduce: one.reduce };
    expect(space.canonical(other)).toBe(space.canonical(one));
    expect(space.build(other, cifar10).cost()).toEqual(space.build(one, cifar10).cost());
    for (const last of [
      { 2: 'skip_connect', 3: 'avg_pool_3x3' },
      { 2: 'avg_pool_3x3', 4: 'skip_connect' },
    ]) {
      expect(space.canonical(withLast(last))).not.toBe(space.canonical(one));
    }
  });

  it('mutates into another cell, one operator or one state away', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const parent = sample(seed);
        const child = space.mutate(parent, new Random(seed));
        const edges = ({ normal, reduce }: DartsArchitecture) =>
          [...normal, ...reduce].flatMap((node, index) =>
            Object.entries(node).map(([from, operator]) => `${index}:${from}:${operator}`),
          );
        const kept = edges(parent).filter((edge) => edges(child).includes(edge));
        expect(kept).toHaveLength(15);
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it('builds the paper’s ImageNet network for large images, and small networks for small ones', () => {
    const large = space.build(space.parse('DARTS_V2'), { channels: 3, height: 224, width: 224, classes: 1000 });
    expect(large.cost().params).toBe(4_718_752);
    expect(space.build(space.parse('DARTS_V2'), cifar10).cost().params).toBeLessThan(300_000);
    const halved = space.build(space.parse('DARTS_V2'), { ...cifar10, widthMultiplier: 0.5, resolution: 16 });
    expect(halved.input.height).toBe(16);
    for (const side of [1, 5, 28, 31]) {
      const target = { channels: 1, height: side, width: side, classes: 4 };
      expect(space.build(sample(side), target).outputShape).toEqual([4]);
    }
  });

  it('relaxes to the paper’s supernet of 1,930,618 parameters', () => {
    const supernet = space.build(relax(space.decisions), cifar10);
    expect(supernet.cost()).toMatchObject({ params: 1_930_618, macs: 300_255_744 });
    // α: 14 edges of eight operators for each of the two cells.
    expect(supernet.architectureParameters).toHaveLength(28);
    for (const { shape } of supernet.architectureParameters) expect(shape).toEqual([8]);
    expect(supernet.architectureParameters.map(({ name }) => name)).toContain('architecture.reduce[3].4');
  });

  it('has decided networks within the supernet, if they normalise as it does', () => {
    const shared = darts({ norm: searchNorm, channels: 4, cells: 3 });
    const whole = new Map(
      shared.build(relax(shared.decisions), cifar10).parameters.map(({ name, shape }) => [name, shape]),
    );
    for (const seed of [1, 2, 3]) {
      for (const { name, shape } of shared.build(sample(seed), cifar10).parameters) {
        expect(whole.get(name)).toEqual(shape);
      }
    }
  });

  it('takes other operators', () => {
    const same: CellOperator<'same'> = {
      name: 'same',
      build: (x, to) => dartsOperators(searchNorm).skip_connect.build(x, to),
    };
    const two = darts({
      operators: (norm) => ({ ...operatorSet([same]), max_pool_3x3: dartsOperators(norm).max_pool_3x3 }),
    });
    expect(two.decisions.size()).toBe((180n * 2n ** 8n) ** 2n);
    expect(() => two.decisions.validate(sample(1))).toThrow('allowed: same, max_pool_3x3');
    const architecture = two.decisions.sample(new Random(2));
    expect(two.build(architecture, cifar10).outputShape).toEqual([10]);
  });
});
