/** @file The networks of ENAS's micro space (Pham et al. 2018): one skeleton to train in the end, one that shares weights. */

import { channelsOf, convNorm, factorizedReduction, reluConvNorm } from '../../nn/blocks/index.js';
import { type Feature, type ImageShape, scope } from '../../nn/feature.js';
import {
  activation,
  add,
  avgPool2d,
  batchNorm,
  conv2d,
  globalAvgPool,
  identity,
  linear,
  maxPool2d,
} from '../../nn/layers/index.js';
import { Network } from '../../nn/network.js';
import { auxiliaryHead, bothHeads } from './auxiliary-head.js';
import { type BlockCellOptions, buildBlocks, buildCell, type OpenBlock, stateAt, unusedStates } from './block-cell.js';
import { pool, separable } from './nasnet-operators.js';
import { type CellOperator, type OperatorSet, operatorSet } from './operator.js';
import { FEWEST_CELLS } from './two-reductions.js';

const keep: CellOperator<'identity'> = {
  name: 'identity',
  build: (x, { channels, stride }) =>
    stride === 1 ? identity(x) : factorizedReduction(x, { out: channels, rectified: false }),
};

/** The five of the paper, in the order of its notation. */
export const enasOperators = operatorSet([
  separable('sep_conv_3x3', 3),
  separable('sep_conv_5x5', 5),
  pool('avg_pool_3x3', avgPool2d, 3),
  pool('max_pool_3x3', maxPool2d, 3),
  keep,
]);

/** The two cells. State 0 of a cell is the output of the cell before the previous one, state 1 that of the previous one. */
export interface EnasMicroCells {
  readonly normal: readonly OpenBlock[];
  readonly reduction: readonly OpenBlock[];
}

/** Sizes of the network around the cells of ENAS. */
export interface EnasMicroNetworkOptions {
  readonly input: ImageShape;
  readonly classes: number;
  readonly operators: OperatorSet;
  /** F: what the operators of the first cells give. Each of the two reductions doubles it. */
  readonly channels: number;
  /** L: normal cells. */
  readonly cells: number;
  /**
   * `final`: reduction cells stride, and a cell's output joins the states that no block takes. `shared`, as in the search:
   * a factorised reduction stands before a reduction cell, and a cell's output is the sum of those states through a 1×1
   * each, so that all networks have weights of the same shapes and a network with open choices has them all.
   */
  readonly skeleton: 'final' | 'shared';
  /** Whether an auxiliary classifier stands behind the cell after the second reduction: see `bothHeads`. Default false. */
  readonly auxiliary?: boolean;
}

/** What a cell takes: the outputs of the cell before the previous one and of the previous one. */
type Pair = readonly [before: Feature, previous: Feature];

/** The network of two cells. */
export function enasMicroNetwork(cells: EnasMicroCells, options: EnasMicroNetworkOptions): Network {
  const { input, classes, operators, auxiliary = false } = options;
  const third = Math.floor(options.cells / 3);
  if (options.cells < FEWEST_CELLS) {
    throw new RangeError(`a network with two reductions needs at least ${FEWEST_CELLS} cells, not ${options.cells}`);
  }
  const reductions = [third, 2 * third + 1];
  const build = options.skeleton === 'final' ? finalCell : sharedCell;
  return Network.build(input, (image) => {
    let channels = options.channels;
    const stem = scope(image, 'stem', (x) => convNorm(x, { name: 'conv', out: 3 * channels, kernel: 3 }));
    let pair: Pair = [stem, stem];
    let second: Feature | undefined;
    for (let index = 0; index < options.cells + reductions.length; index++) {
      const reduces = reductions.includes(index);
      if (reduces) channels *= 2;
      const blocks = reduces ? cells.reduction : cells.normal;
      pair = image.graph.within(`cell${index}`, () =>
        build(pair, blocks, { channels, stride: reduces ? 2 : 1, operators }),
      );
      if (auxiliary && index === (reductions[1] ?? 0) + 1) second = auxiliaryHead(pair[1], { classes, bias: false });
    }
    const logits = scope(pair[1], 'head', (x) =>
      linear(globalAvgPool(activation(x, 'relu')), { name: 'classifier', out: classes, bias: false }),
    );
    return bothHeads(logits, second);
  });
}

/** What the cell behind takes. */
type CellBuilder = (pair: Pair, blocks: readonly OpenBlock[], options: BlockCellOptions) => Pair;

const finalCell: CellBuilder = (pair, blocks, options) => {
  const [before, previous] = aligned(pair, options.channels);
  const first = scope(previous, 'base', (x) => reluConvNorm(x, { out: options.channels, kernel: 1 }));
  return [pair[1], buildCell([before, first], { blocks, joined: unusedStates(blocks) }, options)];
};

const sharedCell: CellBuilder = ([before, previous], blocks, { channels, stride, operators }) => {
  const reduced =
    stride === 1
      ? ([before, previous] as const)
      : ([previous, factorizedReduction(previous, { name: 'reduce', out: channels, rectified: false })] as const);
  const states = buildBlocks(aligned(reduced, channels), blocks, { channels, stride: 1, operators });
  const projected = unusedStates(blocks).map((state) =>
    conv2d(activation(stateAt(states, state), 'relu'), { name: `project${state}`, out: channels, kernel: 1 }),
  );
  return [reduced[1], batchNorm(add(projected))];
};

/** Both at the size of the second, with so many channels. */
function aligned([before, previous]: Pair, out: number): Pair {
  const isLarger = before.shape[1] !== previous.shape[1] || before.shape[2] !== previous.shape[2];
  return [
    isLarger ? factorizedReduction(before, { name: 'input0', out }) : fitted(before, 'input0', out),
    fitted(previous, 'input1', out),
  ];
}

const fitted = (x: Feature, name: string, out: number): Feature =>
  channelsOf(x) === out ? x : scope(x, name, (y) => reluConvNorm(y, { out, kernel: 1 }));
