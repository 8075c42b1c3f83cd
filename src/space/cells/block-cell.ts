/** @file Cells of blocks (Zoph et al. 2018): each block combines two earlier states, and what is left over is the output. */
import { channelsOf, convNorm, factorizedReduction } from '../../nn/blocks/index.js';
import { type Feature, scope } from '../../nn/feature.js';
import { add, concat } from '../../nn/layers/index.js';
import type { Shape } from '../../tensor/shape.js';
import { Mixture } from '../decisions/mixture.js';
import { branch } from '../decisions/relax.js';
import { type OperatorSet, operatorNamed } from './operator.js';

/** How the two halves of a block become one state. */
export type Combiner = 'add' | 'concat';

/** A block: two states, the operator on each, and how the results are combined. */
export interface Block {
  /** States 0 and 1 are the cell's inputs; state 2 + i is block i. */
  readonly inputs: readonly [number, number];
  readonly operators: readonly [string, string];
  /** Default `add`. */
  readonly combine?: Combiner;
}

/** A block in which choices may be left open. */
export interface OpenBlock {
  readonly inputs: readonly [number | Mixture<number>, number | Mixture<number>];
  readonly operators: readonly [string | Mixture<string>, string | Mixture<string>];
  readonly combine?: Combiner | Mixture<Combiner>;
}

/** A cell as it is built. */
export interface BlockCell {
  readonly blocks: readonly OpenBlock[];
  /** The states whose channels are the cell's output. */
  readonly joined: readonly number[];
}

/** The states that the blocks make: all but the two inputs. */
export const blockStates = (blocks: readonly OpenBlock[]): number[] => blocks.map((_, index) => 2 + index);

/** The states that no block takes. An input that is left open takes none for certain. */
export function unusedStates(blocks: readonly OpenBlock[]): number[] {
  const taken = blocks.flatMap(({ inputs }) => inputs);
  return [0, 1, ...blockStates(blocks)].filter((state) => !taken.includes(state));
}

/** Whether a block's input is left open. */
export const isOpen = (blocks: readonly OpenBlock[]): boolean =>
  blocks.some(({ inputs }) => inputs.some((input) => input instanceof Mixture));

export interface BlockCellOptions {
  /** Channels that operators give. */
  readonly channels: number;
  /** Of the operators on the cell's inputs: 2 in a reduction cell. */
  readonly stride: number;
  readonly operators: OperatorSet;
}

/** All states of a cell: its two inputs, which have one size, and what its blocks make of them. */
export function buildBlocks(
  inputs: readonly [Feature, Feature],
  blocks: readonly OpenBlock[],
  { channels, stride, operators }: BlockCellOptions,
): Feature[] {
  const states: Feature[] = [...inputs];
  const operand = (name: string, from: number | Mixture<number>, operator: string | Mixture<string>): Feature =>
    scope(inputs[0], name, (x) =>
      branch(from, x, (index) =>
        branch(operator, stateAt(states, index), (chosen, y) =>
          operatorNamed(operators, chosen).build(y, { channels, stride: index < 2 ? stride : 1 }),
        ),
      ),
    );
  for (const [index, block] of blocks.entries()) {
    const left = operand(`block${index}_left`, block.inputs[0], block.operators[0]);
    const right = operand(`block${index}_right`, block.inputs[1], block.operators[1]);
    // The two ways give different shapes and cannot be mixed: left open, a block adds.
    const combine = block.combine === 'concat' ? concat : add;
    states.push(combine([left, right], { name: `block${index}` }));
  }
  return states;
}

/** The cell's output [joined · channels, H / stride, W / stride]. */
export function buildCell(
  inputs: readonly [Feature, Feature],
  { blocks, joined }: BlockCell,
  options: BlockCellOptions,
): Feature {
  const states = buildBlocks(inputs, blocks, options);
  const { shape } = stateAt(states, states.length - 1);
  return concat(
    joined.map((index) => {
      const state = stateAt(states, index);
      return index < 2 ? fitted(state, index, options.channels, shape) : state;
    }),
  );
}

/** An input that the output joins, brought to the size and the channels of the blocks' states. */
function fitted(x: Feature, index: number, channels: number, [, height, width]: Shape): Feature {
  if (x.shape[1] !== height || x.shape[2] !== width) {
    return factorizedReduction(x, { name: `joined${index}`, out: channels, rectified: false });
  }
  return channelsOf(x) === channels ? x : convNorm(x, { name: `joined${index}`, out: channels, kernel: 1 });
}

/** @throws {RangeError} where there is no such state */
export function stateAt(states: readonly Feature[], index: number): Feature {
  const state = states[index];
  if (state === undefined) throw new RangeError(`there is no state ${index}, but only ${states.length} states`);
  return state;
}
