/** @file The decisions of a cell of blocks, its mutations and its notation. */
import { UsageError } from '../../error.js';
import type { Json } from '../../json.js';
import type { Random } from '../../random.js';
import type { ArchitectureGraph } from '../architecture-graph.js';
import { choice } from '../decisions/choice.js';
import type { Decision } from '../decisions/decision.js';
import { object } from '../decisions/product.js';
import { repeat, tuple } from '../decisions/repeat.js';
import type { Block } from './block-cell.js';
import { canonicalGraph, type LabelledEdge } from './canonical-graph.js';
import { type OperatorSet, operatorNames } from './operator.js';
import { cellGraph } from './operator-graph.js';

/** Blocks of a cell in NASNet, AmoebaNet, PNAS and ENAS. */
export const BLOCKS = 5;

/** The outputs of the two cells before. */
const CELL_INPUTS = 2;

/** What block `index` decides: two of the states before it, and an operator for each. */
export function blockShape(index: number, operators: OperatorSet) {
  const input = choice(Array.from({ length: CELL_INPUTS + index }, (_, state) => state));
  const operator = choice(operatorNames(operators));
  return { inputs: tuple(input, input), operators: tuple(operator, operator) };
}

/** A cell of blocks that say no more; how many may be decided. */
export const blockCell = (operators: OperatorSet, blocks: number | { min: number; max: number } = BLOCKS) =>
  repeat((index) => object(blockShape(index, operators)), blocks);

/** What a mutation changes: a field of a block, or how many blocks there are where that is decided. */
const mutable = ['inputs', 'operators', 'combine', 'length'] satisfies (keyof Block | 'length')[];

/**
 * A mutation as Real et al. 2019 define it: its kind is drawn first (hidden state or operator; combiner and number of blocks
 * where they are decided), then cell, block and side, then another value. Their third kind, the identity, makes no other architecture: leaving a
 * parent as it is belongs to the strategy.
 */
export function mutateBlocks<A extends Json>(decisions: Decision<A>, architecture: A, random: Random): A {
  const revisions = decisions.revisions(architecture);
  const kinds = mutable
    .map((field) => revisions.filter(({ path }) => path.includes(`.${field}`)))
    .filter((kind) => kind.length > 0);
  const { any, alternatives } = random.pick(random.pick(kinds));
  return any(random.pick(alternatives), random);
}

/** The two halves of a block. */
const edgesOf = ({ inputs: [from, other], operators: [left, right] }: Block): LabelledEdge[] => [
  { from, label: left },
  { from: other, label: right },
];

/** Equal for cells that differ in the order of blocks, or of the halves of a block. */
export const canonicalBlocks = (blocks: readonly Block[]): string =>
  canonicalGraph(
    CELL_INPUTS,
    blocks.map((block) =>
      edgesOf(block).map(({ from, label }) => ({ from, label: `${block.combine ?? 'add'} ${label}` })),
    ),
  );

/**
 * The cell as a graph of operators, in which concatenations are nodes.
 * @param joined the states in the cell's output.
 */
export const blockGraph = (blocks: readonly Block[], joined: readonly number[]): ArchitectureGraph =>
  cellGraph(
    CELL_INPUTS,
    blocks.map((block) => ({
      edges: edgesOf(block),
      ...(block.combine === 'concat' && { joint: block.combine }),
    })),
    joined,
  );

/** A block in words: `sep_conv_5x5@0+identity@1` adds, `sep_conv_5x5@0:identity@1` concatenates. */
const BLOCK = /^([^@]+)@(\d+)([+:])([^@]+)@(\d+)$/;

/** The blocks of a cell in words, separated by commas. */
export const formatBlocks = (blocks: readonly Block[]): string =>
  blocks
    .map(({ inputs: [from, other], operators: [left, right], combine }) =>
      [`${left}@${from}`, `${right}@${other}`].join(combine === 'concat' ? ':' : '+'),
    )
    .join(',');

/**
 * The blocks that the words describe, which may be none of the space.
 * @param combines whether blocks of the space say how they combine.
 * @throws {UsageError} where a block cannot be read, with its number
 */
export function parseBlocks(text: string, { combines }: { readonly combines: boolean }): Json[] {
  return text.split(',').map((words) => {
    const [, left = '', from, sign, right = '', other] = BLOCK.exec(words.trim()) ?? [];
    if (sign === undefined || (sign === ':' && !combines)) {
      const joints = combines ? '"+" or ":"' : '"+"';
      throw new UsageError(
        `"${words.trim().slice(0, 80)}" is no block; one is two halves OPERATOR@STATE joined by ${joints}, such as sep_conv_5x5@0+identity@1.`,
      );
    }
    const combine = sign === ':' ? 'concat' : 'add';
    return { inputs: [Number(from), Number(other)], operators: [left, right], ...(combines && { combine }) };
  });
}
