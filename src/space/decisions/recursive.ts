/** @file Descriptions that contain themselves: `recursive`. */
import type { Json } from '../../json.js';
import type { Decision } from './decision.js';

/**
 * Trees of a bounded height. TypeScript cannot infer a type that contains itself, so it is written out:
 * `type Tree = { kind: 'leaf' } | { kind: 'node'; children: readonly Tree[] }`, and
 * `recursive<Tree>(3, variant('kind', { leaf: {} }), (child) => variant('kind', { leaf: {}, node: { children: repeat(child, 2) } }))`.
 * @param height how many times `grow` is applied.
 * @param leaf the trees of height 0.
 * @param grow the trees of height n + 1 from those of height n; it should allow leaves if lower trees are to be allowed.
 */
export function recursive<A extends Json>(
  height: number,
  leaf: Decision<A>,
  grow: (child: Decision<A>) => Decision<A>,
): Decision<A> {
  if (!Number.isInteger(height) || height < 0) throw new RangeError(`a height is a whole number, not ${height}`);
  let tree = leaf;
  for (let level = 0; level < height; level++) tree = grow(tree);
  return tree;
}
