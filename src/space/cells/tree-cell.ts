/** @file Tree cells (Cai et al. 2018): nodes that split a map among branches and merge what comes back. */
import { channelsOf } from '../../nn/blocks/index.js';
import { type Feature, scope } from '../../nn/feature.js';
import { average, concat, sliceChannels } from '../../nn/layers/index.js';
import type { Mixture } from '../decisions/mixture.js';
import { branch } from '../decisions/relax.js';
import type { CellTarget } from './operator.js';

/**
 * How a node divides its map and puts it together again: `add` copies the map to each branch and averages what they give,
 * `concat` splits its channels among the branches and joins what they give, `none` has one branch.
 */
export type Merge = 'none' | 'concat' | 'add';

/** An edge, and the node that it leads to. */
export type TreeBranch<Edge = string> = {
  readonly edge: Edge;
  readonly node: TreeNode<Edge>;
};

/** A cell: its root is no leaf. */
export type TreeCell<Edge = string> = {
  [M in Merge]: { readonly merge: M; readonly branches: readonly TreeBranch<Edge>[] };
}[Merge];

/** A leaf gives what it takes. */
export type TreeNode<Edge = string> = { readonly merge: 'leaf' } | TreeCell<Edge>;

/** Edges decided or open. */
export type OpenEdge = string | Mixture<string>;

/** What an edge does to a map, by the name that it holds. `groups` is how many branches share the map's channels. */
export type BuildEdge = (name: string, x: Feature, to: CellTarget, sharers: number) => Feature;

/**
 * Builds a node on [C, H, W], for [`channels`, H / `stride`, W / `stride`]. Edges below the root's keep the shape of their
 * map.
 */
export function buildTree(x: Feature, node: TreeNode<OpenEdge>, to: CellTarget, build: BuildEdge): Feature {
  if (node.merge === 'leaf') return x;
  const { merge, branches } = node;
  const isSplit = merge === 'concat';
  const inputs = isSplit ? split(x, branches.length) : branches.map(() => x);
  const widths = isSplit ? shares(to.channels, branches.length) : branches.map(() => to.channels);
  const outputs = branches.map(({ edge, node: child }, index) =>
    scope(inputs[index] ?? x, `branch${index}`, (input) => {
      const channels = widths[index] ?? to.channels;
      const target = { channels, stride: to.stride };
      const y = branch(edge, input, (name, z) => build(name, z, target, isSplit ? branches.length : 1));
      return buildTree(y, child, { channels, stride: 1 }, build);
    }),
  );
  const [only, ...others] = outputs;
  if (only !== undefined && others.length === 0) return only;
  return isSplit ? concat(outputs) : average(outputs);
}

/** `total` in so many parts, the larger ones first. */
const shares = (total: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.floor(total / count) + (index < total % count ? 1 : 0));

function split(x: Feature, count: number): Feature[] {
  let from = 0;
  return shares(channelsOf(x), count).map((share) => {
    from += share;
    return sliceChannels(x, from - share, from);
  });
}
