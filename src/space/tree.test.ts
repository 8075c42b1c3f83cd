/** @file Tree cells against the numbers of their paper. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectLaws, expectSmallLaws } from '../../test/decision-laws.js';
import { Random } from '../random.js';
import { operatorSet } from './cells/operator.js';
import type { Merge, TreeCell, TreeNode } from './cells/tree-cell.js';
import { treeOperators } from './cells/tree-operators.js';
import { relax } from './decisions/relax.js';
import { tree } from './tree.js';

const cifar10 = { channels: 3, height: 32, width: 32, classes: 10 };
const space = tree();
const cellA = space.parse('treecell_a');

/** As the transcription of the authors' code has it. */
const A =
  '["copy","add",[["conv_3x3(group)",["copy","add",[["conv_1x1",["split","concat",[["avg_pool_3x3",null],["dsep_conv_7x7",null]]]],' +
  '["max_pool_3x3",["copy","add",[["dsep_conv_3x3",null],["dsep_conv_5x5",null]]]]]]],["conv_3x3(group)",["copy","add",' +
  '[["dsep_conv_5x5",["copy","add",[["dsep_conv_5x5",null],["avg_pool_3x3",null],["avg_pool_3x3",null]]]],["dsep_conv_3x3",' +
  '["copy","add",[["avg_pool_3x3",null],["dsep_conv_3x3",null]]]]]]]]]';

type Written = readonly [edge: string, node?: TreeNode];
const node = (merge: Merge, ...branches: readonly Written[]): TreeCell => ({
  merge,
  branches: branches.map(([edge, child = { merge: 'leaf' }]) => ({ edge, node: child })),
});

/** Edges and nodes of a tree, in all. */
const count = (one: TreeNode): number =>
  one.merge === 'leaf' ? 0 : one.branches.reduce((sum, branch) => sum + 1 + count(branch.node), 1);

describe('tree', () => {
  it('has as many cells as its recursion counts', () => {
    // A node has one, two or three branches, or two that are joined; each of its edges has seven operators and a node or leaf.
    const shapes = (branches: bigint) => branches + 2n * branches ** 2n + branches ** 3n;
    const lowest = shapes(7n);
    const middle = shapes(7n * (1n + lowest));
    expect(lowest).toBe(448n);
    expect(space.decisions.size()).toBe(shapes(1n + middle));
  });

  it('keeps the laws of decisions', () => {
    const [conv1x1, avgPool] = [treeOperators.conv_1x1, treeOperators.avg_pool_3x3];
    expectSmallLaws(tree({ height: 2, operators: operatorSet<string>([conv1x1]) }).decisions);
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expectLaws(tree({ height: 2, operators: operatorSet<string>([conv1x1, avgPool]) }).decisions, seed);
        expectLaws(space.decisions, seed, { neighbourLimit: 20 });
      }),
      { seed: 1, numRuns: 5 },
    );
  });

  // Cai et al. 2018, table 1: 5.7 M and 14.3 M parameters for CIFAR-10.
  it.each([
    [84, 5_724_330, 5.7],
    [150, 14_273_454, 14.3],
  ])('counts TreeCell-A in a PyramidNet that grows by %i as the paper does', (growth, params, millions) => {
    const network = tree({ growth, blocks: 18 }).build(cellA, cifar10);
    expect(network.cost().params).toBe(params);
    expect(Math.round(params / 1e5) / 10).toBe(millions);
  });

  it('reads the published cell, and writes what it reads', () => {
    expect(space.parse(A)).toEqual(cellA);
    expect(space.format(cellA)).toBe(A.replaceAll('(group)', ''));
    expect(space.parse(space.format(cellA))).toEqual(cellA);
    expect(space.parse(JSON.stringify(cellA))).toEqual(cellA);
  });

  it.each([
    [
      '["copy","concat",[["conv_3x3",null],["conv_3x3",null]]]',
      'allowed: "none" with "none", "copy" with "add", "split" with "concat"',
    ],
    ['["copy","add",[["conv_3x3",null]]]', 'architecture.branches has 1 items; allowed: 2 to 3 items'],
    ['["split","concat",[["conv_3x3",null],["conv_1x1",null]]]', 'is "conv_1x1"; allowed: conv_3x3'],
    ['["none","none",[["conv_3x3",["none","none",[["conv_5x5",null]]]]]]', 'is "conv_5x5"; allowed: conv_1x1'],
    ['["none","none",[["conv_3x3"]]]', 'tree[2][0] is ["conv_3x3"]; a branch reads'],
    ['["none","none","conv_3x3"]', 'tree[2] is "conv_3x3"; a list of branches'],
    ['["none"]', 'a node reads [split, merge, [[edge, node], …]] or null'],
    ['[]', 'a node reads'],
    ['null', 'architecture is null'],
    [
      space.format(
        node('none', ['conv_3x3', node('none', ['identity', node('none', ['identity', node('none', ['identity'])])])]),
      ),
      'merge is "none"; allowed: leaf',
    ],
    ['conv', 'neither JSON nor'],
  ])('refuses %s', (text, message) => {
    expect(() => space.parse(text)).toThrow(message);
  });

  it('mutates by one transformation or its inverse, from which every cell can be reached', () => {
    let cell: TreeCell = cellA;
    const random = new Random(1);
    const sizes = new Set<number>();
    for (let step = 0; step < 300; step++) {
      const child = space.mutate(cell, random);
      expect(space.decisions.validate(child)).toEqual(child);
      expect(child).not.toEqual(cell);
      // At most a whole node of three branches comes or goes, or a root of leaves changes its shape.
      expect(Math.abs(count(child) - count(cell))).toBeLessThanOrEqual(4);
      sizes.add(count(child));
      cell = child;
    }
    expect(sizes.size).toBeGreaterThan(10);
    const tiny = tree({ height: 2, operators: operatorSet<string>([treeOperators.conv_1x1]) });
    const reached = new Set<string>();
    let one = tiny.decisions.sample(random);
    let unchanged = 0;
    for (let step = 0; step < 40_000; step++) {
      reached.add(JSON.stringify(one));
      const mutant = tiny.mutate(one, random);
      if (JSON.stringify(mutant) === JSON.stringify(one)) unchanged++;
      one = mutant;
    }
    expect(unchanged).toBe(0);
    expect(BigInt(reached.size)).toBe(tiny.decisions.size());
  });

  it('writes cells alike that do the same', () => {
    const same = (one: TreeCell, other: TreeCell) => space.canonical(one) === space.canonical(other);
    const pools = node('add', ['avg_pool_3x3'], ['max_pool_3x3', node('none', ['conv_1x1'])]);
    const exchanged = node('add', ['max_pool_3x3', node('none', ['conv_1x1'])], ['avg_pool_3x3']);
    const root = (child: TreeNode): TreeCell => node('none', ['conv_3x3', child]);
    expect(same(root(pools), root(exchanged))).toBe(true);
    expect(same(root(node('none', ['identity', pools])), root(pools))).toBe(true);
    expect(same(root(node('add', ['identity'], ['identity'])), root({ merge: 'leaf' }))).toBe(true);
    expect(
      same(root(node('concat', ['avg_pool_3x3'], ['conv_1x1'])), root(node('concat', ['conv_1x1'], ['avg_pool_3x3']))),
    ).toBe(false);
    expect(same(root(node('add', ['conv_1x1'], ['identity'])), root(node('none', ['conv_1x1'])))).toBe(false);
  });

  it('splits channels among branches that are joined, and copies them to those that are averaged', () => {
    const params = (cell: TreeCell) => tree({ growth: 0, blocks: 1 }).build(cell, cifar10).cost().params;
    const base = params(node('none', ['conv_3x3']));
    const grouped = (9 * 16 * 16) / 2 + 2 * 16;
    // Cells of 16 channels in three bottlenecks. Two halves of a convolution in two groups are as many weights.
    expect(params(node('concat', ['conv_3x3'], ['conv_3x3']))).toBe(base);
    expect(params(node('add', ['conv_3x3'], ['conv_3x3'], ['conv_3x3']))).toBe(base + 3 * 2 * grouped);
    const halves = node('concat', ['conv_1x1'], ['identity']);
    expect(params(node('none', ['conv_3x3', halves]))).toBe(base + 3 * (8 * 8 + 2 * 8));
  });

  it('builds for images of any size and for any width', () => {
    const random = new Random(2);
    for (const side of [1, 5, 28, 224]) {
      const target = { channels: 1, height: side, width: side, classes: 4 };
      expect(space.build(space.decisions.sample(random), target).outputShape).toEqual([4]);
    }
    const deepest = node(
      'concat',
      ['conv_3x3', node('concat', ['identity', node('concat', ['conv_1x1'], ['identity'])], ['identity'])],
      ['conv_3x3'],
    );
    const narrow = space.build(deepest, { ...cifar10, widthMultiplier: 0.1, resolution: 16 });
    expect(narrow.input.height).toBe(16);
  });

  it('relaxes to the largest tree with all operators on each edge below the root', () => {
    const supernet = space.build(relax(space.decisions), cifar10);
    expect(supernet.architectureParameters).toHaveLength(9 + 27);
    for (const { shape } of supernet.architectureParameters) expect(shape).toEqual([7]);
  });
});
