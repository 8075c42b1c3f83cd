/** @file Mutation of tree cells: one path-level transformation (Cai et al. 2018, section 3.2), or its inverse. */
import type { Random } from '../../random.js';
import type { Merge, TreeCell, TreeNode } from './tree-cell.js';

/** The ways to merge that a node may be given, with so many branches. */
const SHAPES = [
  { merge: 'none', count: 1 },
  { merge: 'concat', count: 2 },
  { merge: 'add', count: 2 },
  { merge: 'add', count: 3 },
] as const satisfies readonly { merge: Merge; count: number }[];

const LEAF: TreeNode = { merge: 'leaf' };

/** What may stand where. */
export interface TreeBounds {
  /** Edges on the longest path that a cell may have. */
  readonly height: number;
  readonly edges: readonly string[];
}

/**
 * One of these, drawn uniformly among all places where it is possible: another operator for an edge below the root's; a new
 * node in place of a leaf, of any shape and with any operators; a leaf in place of a node that has only leaves; another shape for
 * a root that has only leaves.
 * @throws {RangeError} where there is no other cell
 */
export function mutateTree(cell: TreeCell, { height, edges }: TreeBounds, random: Random): TreeCell {
  const moves: (() => TreeCell)[] = rootMoves(cell, random);
  cell.branches.forEach((branch, index) => {
    const put = (node: TreeNode) => ({ ...cell, branches: cell.branches.with(index, { ...branch, node }) });
    moves.push(...nodeMoves(branch.node, { height: height - 1, edges }, random, put));
  });
  return random.pick(moves)();
}

const hasOnlyLeaves = ({ branches }: TreeCell): boolean => branches.every(({ node }) => node.merge === 'leaf');

function rootMoves(cell: TreeCell, random: Random): (() => TreeCell)[] {
  const [first] = cell.branches;
  if (first === undefined || !hasOnlyLeaves(cell)) return [];
  const others = SHAPES.filter(({ merge, count }) => merge !== cell.merge || count !== cell.branches.length);
  return [
    () => {
      const { merge, count } = random.pick(others);
      return { merge, branches: Array.from({ length: count }, () => first) };
    },
  ];
}

/** `put` gives the whole cell with another node in place of this one. */
function nodeMoves(
  node: TreeNode,
  { height, edges }: TreeBounds,
  random: Random,
  put: (node: TreeNode) => TreeCell,
): (() => TreeCell)[] {
  if (node.merge === 'leaf') return height === 0 ? [] : [() => put(freshNode(edges, random))];
  const moves = hasOnlyLeaves(node) ? [() => put(LEAF)] : [];
  node.branches.forEach((branch, index) => {
    const replace = (changed: typeof branch) => put({ ...node, branches: node.branches.with(index, changed) });
    const others = edges.filter((edge) => edge !== branch.edge);
    if (others.length > 0) moves.push(() => replace({ ...branch, edge: random.pick(others) }));
    moves.push(
      ...nodeMoves(branch.node, { height: height - 1, edges }, random, (child) => replace({ ...branch, node: child })),
    );
  });
  return moves;
}

function freshNode(edges: readonly string[], random: Random): TreeNode {
  const { merge, count } = random.pick(SHAPES);
  return { merge, branches: Array.from({ length: count }, () => ({ edge: random.pick(edges), node: LEAF })) };
}
