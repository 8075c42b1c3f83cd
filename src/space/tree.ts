/** @file Path-level network transformation (Cai et al. 2018): trees of branches that split, merge and hold an operator each. */
import { conv2d } from '../nn/layers/index.js';
import type { ArchitectureGraph } from './architecture-graph.js';
import { type OperatorSet, operatorNames } from './cells/operator.js';
import { OperatorGraph } from './cells/operator-graph.js';
import { pyramidNetwork } from './cells/pyramid-network.js';
import { type Stem, stemFor } from './cells/stem.js';
import { type BuildEdge, buildTree, type TreeCell, type TreeNode } from './cells/tree-cell.js';
import { formatTree, parseTree, treeCellA, treeCellB } from './cells/tree-genotype.js';
import { mutateTree } from './cells/tree-mutation.js';
import { normRelu, treeOperators } from './cells/tree-operators.js';
import { choice } from './decisions/choice.js';
import type { Decision } from './decisions/decision.js';
import { object } from './decisions/product.js';
import { recursive } from './decisions/recursive.js';
import { repeat } from './decisions/repeat.js';
import { variant } from './decisions/variant.js';
import { literalIn } from './notations/python-literal.js';
import { defineSpace, repeatsFor, type SearchSpace, targetImage } from './space.js';

/** What the root's edges hold: the convolution that the cell replaces, grouped, with the stride of its bottleneck. */
const ROOT_EDGE = 'conv_3x3';

/** What the space `tree` may be made with. */
export interface TreeOptions {
  /** Channels of the stem. Default 16, as in the paper. */
  readonly channels?: number;
  /**
   * By how many channels the cells grow from the stem to the last one (α). Default 24, half of what the paper searches with, so
   * that a cell costs about as much as one of `darts`; 84 or 150 in its final networks.
   */
  readonly growth?: number;
  /** Bottlenecks in each of the three stages (N). Default 1, as in the paper's search; 18 in its final networks. */
  readonly blocks?: number;
  /** Groups of the root's convolutions (G). Default 2, as in the paper. */
  readonly groups?: number;
  /** Edges on the longest path through a cell. Default 3, as in the paper. */
  readonly height?: number;
  /** Default: `imagenet` for images wider or higher than 64 pixels, else `cifar`. */
  readonly stem?: Stem;
  /** What edges below the root's may hold; each keeps the shape of a map. Default: {@link treeOperators}. */
  readonly operators?: OperatorSet;
}

const branches = (edge: Decision<string>, node: Decision<TreeNode>) => {
  const branch = object({ edge, node });
  return {
    none: { branches: repeat(branch, 1) },
    concat: { branches: repeat(branch, 2) },
    add: { branches: repeat(branch, { min: 2, max: 3 }) },
  };
};

function decisionsOf(height: number, operators: readonly string[]): Decision<TreeCell> {
  const edge = choice(operators);
  const node = recursive<TreeNode>(height - 1, variant('merge', { leaf: {} }), (child) =>
    variant('merge', { leaf: {}, ...branches(edge, child) }),
  );
  return variant('merge', branches(choice([ROOT_EDGE]), node));
}

/** The space in the skeleton of the paper's search, or in others. */
export function tree(options: TreeOptions = {}): SearchSpace<TreeCell> {
  const { channels = 16, growth = 24, blocks = 1, groups = 2, height = 3, operators = treeOperators } = options;
  const edges = operatorNames(operators);
  const decisions = decisionsOf(height, edges);
  return defineSpace<TreeCell>({
    name: 'tree',
    title: 'Tree cells by path-level transformation',
    paper:
      'Cai, Yang, Zhang, Han and Yu, Path-Level Network Transformation for Efficient Architecture Search, ICML 2018',
    description:
      'A tree in place of the 3×3 convolution of a PyramidNet’s bottlenecks, with at most three edges from the root to a leaf. A ' +
      'node copies its map to two or three branches and averages them, splits its channels among two and joins them, or has one ' +
      'branch; a branch holds an operator and a node or leaf. A mutation is one path-level transformation or its inverse.',
    decisions,
    published: [
      { name: 'TreeCell-A', architecture: treeCellA, source: 'Cai et al. 2018, figure 4' },
      { name: 'TreeCell-B', architecture: treeCellB, source: 'Cai et al. 2018, figure 4' },
    ],
    notations: [
      {
        name: 'lists',
        description:
          '[split, merge, [[operator, node], …]] for each node and null for a leaf, such as ["copy", "add", [["conv_1x1", null], …]]',
        parse(text) {
          const value = literalIn(text);
          return Array.isArray(value) ? parseTree(value) : undefined;
        },
        format: formatTree,
      },
    ],
    mutate: (cell, random) => mutateTree(cell, { height, edges }, random),
    canonical: canonicalTree,
    graph: treeGraph,
    hasDepth: true,
    build(cell, target) {
      const input = targetImage(target);
      const scaled = (width: number) => Math.max(1, Math.round(width * (target.widthMultiplier ?? 1)));
      return pyramidNetwork({
        input,
        classes: target.classes,
        stem: options.stem ?? stemFor(input),
        // Three nodes may halve the channels one below the other.
        channels: Math.max(2 ** height, scaled(channels)),
        growth: scaled(growth),
        blocks: repeatsFor(blocks, target),
        groups,
        cell: (x, to) => buildTree(x, cell, to, edgeBuilder(operators, groups)),
      });
    },
  });
}

const edgeBuilder =
  (operators: OperatorSet, groups: number): BuildEdge =>
  (name, x, to, sharers) => {
    if (name === ROOT_EDGE) {
      // A grouped convolution whose groups are split among branches is the same with fewer groups.
      return conv2d(normRelu(x), {
        out: to.channels,
        kernel: 3,
        stride: to.stride,
        groups: Math.max(1, groups / sharers),
      });
    }
    const operator = operators[name];
    if (operator === undefined)
      throw new RangeError(`an edge holds ${name}, but there are ${Object.keys(operators).join(', ')}`);
    return operator.build(x, to);
  };

/**
 * What happens to a map in words: chains of nodes with one branch are one chain, identities are nothing, and the order of
 * branches that are averaged is none. Branches that are joined keep theirs, since each has its own channels.
 */
function canonicalTree(node: TreeNode): string {
  if (node.merge === 'leaf') return '';
  const words = node.branches.map(({ edge, node: child }) =>
    [edge === 'identity' ? '' : edge, canonicalTree(child)].filter((word) => word !== '').join(' > '),
  );
  const [only = '', ...others] = words;
  if (others.length === 0 || words.every((word) => word === '')) return only;
  return node.merge === 'add' ? `(${words.sort().join(' + ')})` : `[${words.join(', ')}]`;
}

/** The operators, the splits and the merges; identities and what merges nothing but them are none. */
function treeGraph(cell: TreeCell): ArchitectureGraph {
  const graph = new OperatorGraph();
  const behind = (x: number, node: TreeNode): number => {
    if (node.merge === 'leaf') return x;
    const start = node.merge === 'concat' ? graph.append('split', [x]) : x;
    const ends = node.branches.map(({ edge, node: child }) =>
      behind(edge === 'identity' ? start : graph.append(edge, [start]), child),
    );
    if (ends.every((end) => end === start)) return x;
    const [end = x, ...others] = ends;
    return others.length === 0 ? end : graph.append(node.merge, ends);
  };
  return graph.endingWith([behind(graph.append('input'), cell)]);
}
