/** @file Tree cells in writing, and those that path-level transformation found (Cai et al. 2018, figure 4). */
import { UsageError } from '../../error.js';
import type { Json } from '../../json.js';
import type { Merge, TreeBranch, TreeCell, TreeNode } from './tree-cell.js';

/** How a node splits its map: what its way to merge implies. */
const splits: Readonly<Record<Merge, string>> = { none: 'none', add: 'copy', concat: 'split' };

/** `["copy", "add", [["conv_1x1", null], ["max_pool_3x3", ["none", "none", [["identity", null]]]]]]`. */
export const formatTree = (node: TreeNode): string => JSON.stringify(toLists(node));

function toLists(node: TreeNode): Json {
  if (node.merge === 'leaf') return null;
  return [splits[node.merge], node.merge, node.branches.map(({ edge, node: child }) => [edge, toLists(child)])];
}

/**
 * Reads nested lists `[split, merge, [[edge, node], …]]`, `null` for a leaf, from parsed JSON. Whether a space has the tree
 * is not asked.
 * @throws {UsageError} where it is wrong, with what and at which place
 */
export function parseTree(value: unknown, path = 'tree'): TreeNode {
  if (value === null) return { merge: 'leaf' };
  if (!Array.isArray(value) || value.length !== 3) {
    throw new UsageError(`${path} is ${shown(value)}; a node reads [split, merge, [[edge, node], …]] or null.`);
  }
  const [split, merge, branches]: readonly unknown[] = value;
  if ((merge !== 'none' && merge !== 'add' && merge !== 'concat') || splits[merge] !== split) {
    const allowed = Object.entries(splits).map(([m, s]) => `"${s}" with "${m}"`);
    throw new UsageError(`${path} splits and merges by ${shown([split, merge])}; allowed: ${allowed.join(', ')}.`);
  }
  if (!Array.isArray(branches)) {
    throw new UsageError(`${path}[2] is ${shown(branches)}; a list of branches is expected.`);
  }
  return {
    merge,
    branches: branches.map((branch: unknown, index: number) => parseBranch(branch, `${path}[2][${index}]`)),
  };
}

function parseBranch(value: unknown, path: string): TreeBranch {
  if (Array.isArray(value) && value.length === 2 && typeof value[0] === 'string') {
    return { edge: value[0].replace('(group)', ''), node: parseTree(value[1], `${path}[1]`) };
  }
  throw new UsageError(`${path} is ${shown(value)}; a branch reads ["conv_1x1", node].`);
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'missing').slice(0, 80);

const LEAF: TreeNode = { merge: 'leaf' };

const node = (merge: Merge, ...branches: readonly (readonly [edge: string, node?: TreeNode])[]): TreeCell => ({
  merge,
  branches: branches.map(([edge, child = LEAF]) => ({ edge, node: child })),
});

/** Found on CIFAR-10. */
export const treeCellA: TreeCell = node(
  'add',
  [
    'conv_3x3',
    node(
      'add',
      ['conv_1x1', node('concat', ['avg_pool_3x3'], ['dsep_conv_7x7'])],
      ['max_pool_3x3', node('add', ['dsep_conv_3x3'], ['dsep_conv_5x5'])],
    ),
  ],
  [
    'conv_3x3',
    node(
      'add',
      ['dsep_conv_5x5', node('add', ['dsep_conv_5x5'], ['avg_pool_3x3'], ['avg_pool_3x3'])],
      ['dsep_conv_3x3', node('add', ['avg_pool_3x3'], ['dsep_conv_3x3'])],
    ),
  ],
);

/** Found on CIFAR-10 as well; the paper trains it on ImageNet. */
export const treeCellB: TreeCell = node(
  'add',
  [
    'conv_3x3',
    node('add', ['conv_1x1', node('none', ['dsep_conv_5x5'])], ['dsep_conv_7x7', node('none', ['avg_pool_3x3'])]),
  ],
  [
    'conv_3x3',
    node(
      'add',
      ['avg_pool_3x3', node('add', ['dsep_conv_7x7'], ['conv_1x1'])],
      ['dsep_conv_7x7', node('none', ['avg_pool_3x3'])],
    ),
  ],
);
