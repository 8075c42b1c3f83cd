/** @file Hierarchical representations against the numbers of their literature. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectLaws } from '../../test/decision-laws.js';
import { Random } from '../random.js';
import { hierarchicalOperators } from './cells/hierarchical-operators.js';
import type { Hierarchy } from './cells/hierarchy.js';
import { hasPath } from './cells/motif.js';
import { operatorSet } from './cells/operator.js';
import { relax } from './decisions/relax.js';
import { hierarchical } from './hierarchical.js';

const cifar10 = { channels: 3, height: 32, width: 32, classes: 10 };
const space = hierarchical();
const published = space.parse('hierarchical_final');

/** Motifs of so many nodes with a path: for each set of edges that has one, six ways to fill each edge. */
function connected(nodes: number): bigint {
  const count = (nodes * (nodes - 1)) / 2;
  let sum = 0n;
  for (let set = 0; set < 2 ** count; set++) {
    let edge = 0;
    const motif = Array.from({ length: nodes - 1 }, (_, row) =>
      Array.from({ length: row + 1 }, () => ((set >> edge++) % 2 === 1 ? 'identity' : 'none')),
    );
    if (hasPath(motif)) sum += 6n ** BigInt(motif.flat().filter((operator) => operator !== 'none').length);
  }
  return sum;
}

/** What the edges hold, in the order of the decisions. */
const edges = (hierarchy: Hierarchy): readonly string[] => hierarchy.flat(3);

describe('hierarchical', () => {
  it('has all that have a path: six motifs, and a cell', () => {
    expect(space.decisions.size()).toBe(connected(4) ** 6n * connected(5));
  });

  it('has the paper’s flat variant of eleven nodes', () => {
    const flat = hierarchical({ levels: [{ motifs: 1, nodes: 11 }] });
    const architecture = flat.decisions.sample(new Random(1));
    expect(architecture[0]?.[0]?.flat()).toHaveLength(55);
    expect(flat.parse(flat.format(architecture))).toEqual(architecture);
    expect(flat.build(architecture, cifar10).outputShape).toEqual([10]);
  });

  it('keeps the laws of decisions', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => expectLaws(space.decisions, seed, { neighbourLimit: 60 })),
      { seed: 1, numRuns: 10 },
    );
  });

  it('counts the published cell in the large network as the literature does: 15.7 M parameters', () => {
    // Liu et al. 2019 (DARTS), table 1: "Hierarchical evolution, 15.7 M".
    const large = hierarchical({ channels: 64, cells: 2 }).build(published, cifar10);
    expect(large.cost().params).toBe(15_706_186);
    expect(Math.round(large.cost().params / 1e5) / 10).toBe(15.7);
  });

  it('reads and writes motifs as lists of edges', () => {
    const text = space.format(published);
    expect(text).toContain('o2_5(1-2:identity, 1-3:sep_conv_3x3, 2-3:identity, 1-4:sep_conv_3x3, 2-4:identity, ');
    expect(text).toContain('; o3_1(1-2:o2_5, 1-3:o2_3, ');
    expect(space.parse(text)).toEqual(published);
    expect(space.parse(JSON.stringify(published))).toEqual(published);
  });

  const text = space.format(published);
  it.each([
    [
      text.replace('1-2:max_pool_3x3', '1-2:conv_5x5'),
      'architecture[0][0][0][0] is "conv_5x5"; allowed: none, conv_1x1',
    ],
    [text.replace('1-2:max_pool_3x3', '1-5:conv_1x1'), '"1-5:conv_1x1" of o2_1 is no edge'],
    [text.replace('1-2:max_pool_3x3', '2-1:conv_1x1'), '"2-1:conv_1x1" of o2_1 is no edge'],
    [text.replace('1-2:max_pool_3x3', '1-3:max_pool_3x3'), 'o2_1 has the edge 1-3 twice'],
    [text.replace(/o2_6.*?;/, ''), 'The motif o2_6 is missing'],
    [text.replace('o2_6(', 'o2_5('), 'The motif o2_5 comes twice'],
    [`${text}; o2_7(1-2:identity)`, 'There is no motif o2_7; there are o2_1, o2_2, '],
    [`${text}; and more`, '"and more" is no motif'],
    [text.replace('1-2:o2_5', '1-2:identity'), 'architecture[1][0][0][0] is "identity"; allowed: none, o2_1'],
    [text.replace(/o3_1.*/, 'o3_1(1-2:o2_1)'), 'architecture[1][0] is illegal: no path leads from node 1 to node 5'],
  ])('refuses %s', (wrong, message) => {
    expect(() => space.parse(wrong)).toThrow(message);
  });

  it('mutates one edge, to nothing, from nothing or to something else, and never cuts the last path', () => {
    let [parent, random] = [published, new Random(1)];
    let [added, removed, changed, onCell] = [0, 0, 0, 0];
    for (let step = 0; step < 400; step++) {
      const child = space.mutate(parent, random);
      const differing = edges(parent).flatMap((edge, index) => (edge === edges(child)[index] ? [] : [index]));
      expect(differing).toHaveLength(1);
      expect(child.flat().every(hasPath)).toBe(true);
      const [index = 0] = differing;
      if (index >= 36) onCell++;
      if (edges(parent)[index] === 'none') added++;
      else if (edges(child)[index] === 'none') removed++;
      else changed++;
      parent = child;
    }
    expect([added, removed, changed].every((count) => count > 20)).toBe(true);
    // The level is drawn first: half of the mutations are of the one cell (four standard deviations are 40).
    expect(Math.abs(onCell - 200)).toBeLessThan(40);
  });

  it('draws level, motif, node, earlier node and what the edge then holds uniformly', () => {
    // In the published hierarchy every edge is there, so that a mutation is never drawn again for cutting the last path.
    const [random, draws] = [new Random(2), 6000];
    const counts = new Map<string, number>();
    const count = (event: string) => counts.set(event, (counts.get(event) ?? 0) + 1);
    const paths = space.decisions.sequence(published).map(({ path }) => path);
    for (let draw = 0; draw < draws; draw++) {
      for (const [index, operator] of edges(space.mutate(published, random)).entries()) {
        if (operator === edges(published)[index]) continue;
        const [, level, motif, edge] = /^architecture\[(\d)\]\[(\d)\](.*)$/.exec(paths[index] ?? '') ?? [];
        count(`level ${level}, motif ${motif}`);
        count(`level ${level}, edge ${edge}`);
        count(operator === 'none' ? 'removed' : 'changed');
      }
    }
    const chances = new Map([
      ['removed', 1 / 6],
      ['changed', 5 / 6],
      ...[0, 1, 2, 3, 4, 5].map((motif) => [`level 0, motif ${motif}`, 1 / 12] as const),
      ['level 1, motif 0', 1 / 2],
    ]);
    for (const [level, nodes] of [4, 5].entries()) {
      for (let row = 0; row < nodes - 1; row++) {
        for (let from = 0; from <= row; from++) {
          chances.set(`level ${level}, edge [${row}][${from}]`, 1 / 2 / (nodes - 1) / (row + 1));
        }
      }
    }
    expect([...counts.keys()].sort()).toEqual([...chances.keys()].sort());
    for (const [event, chance] of chances) {
      const error = Math.abs((counts.get(event) ?? 0) / draws - chance);
      expect(error, event).toBeLessThan(4.5 * Math.sqrt((chance * (1 - chance)) / draws));
    }
  });

  it('mutates a small hierarchy to any other, and to none without a path', () => {
    const [conv, pool] = [hierarchicalOperators.conv_1x1, hierarchicalOperators.max_pool_3x3];
    const levels = [
      { motifs: 1, nodes: 3 },
      { motifs: 1, nodes: 2 },
    ];
    const small = hierarchical({ levels, operators: operatorSet<string>([conv, pool]) });
    const random = new Random(1);
    const reached = new Set<string>();
    let one = small.decisions.sample(random);
    for (let step = 0; step < 600; step++) {
      expect(small.decisions.validate(one)).toEqual(one);
      reached.add(JSON.stringify(one));
      one = small.mutate(one, random);
    }
    expect(BigInt(reached.size)).toBe(small.decisions.size());
  });

  it('writes hierarchies alike whose motifs have other numbers, or differ where no edge holds them', () => {
    const [motifs = [], [cell = []] = []] = published;
    const renamed = cell.map((row) => row.map((name) => `o2_${(Number(name.slice(3)) % 6) + 1}`));
    const rotated = [motifs.at(-1) ?? [], ...motifs.slice(0, -1)];
    expect(space.canonical([rotated, [renamed]])).toBe(space.canonical(published));
    // The published cell holds neither motif 2 nor motif 6.
    expect(space.canonical([motifs.with(1, motifs[0] ?? []), [cell]])).toBe(space.canonical(published));
    expect(space.canonical([motifs.with(2, motifs[0] ?? []), [cell]])).not.toBe(space.canonical(published));
  });

  it('builds for images of any size', () => {
    for (const side of [1, 5, 28, 224]) {
      const network = space.build(published, { channels: 1, height: side, width: side, classes: 4 });
      expect(network.outputShape).toEqual([4]);
    }
    const halved = space.build(published, { ...cifar10, widthMultiplier: 0.5, resolution: 16 });
    expect(halved.input.height).toBe(16);
    expect(halved.cost().params).toBeLessThan(space.build(published, cifar10).cost().params / 2);
  });

  it('relaxes to mixtures of operators, in mixtures of motifs', () => {
    const tiny = hierarchical({
      channels: 2,
      levels: [
        { motifs: 2, nodes: 3 },
        { motifs: 1, nodes: 3 },
      ],
    });
    const supernet = tiny.build(relax(tiny.decisions), { ...cifar10, height: 8, width: 8 });
    const sizes = new Map(supernet.architectureParameters.map(({ name, shape }) => [name, shape[0]]));
    expect(sizes.size).toBe(2 * 3 + 3);
    expect(sizes.get('architecture[0][1][1][0]')).toBe(7);
    expect(sizes.get('architecture[1][0][0][0]')).toBe(3);
  });
});
