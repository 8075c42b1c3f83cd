/** @file The space of PNAS (Liu et al. 2018): one cell of five blocks, which a reduction runs with stride 2. */
import { blockStates } from './cells/block-cell.js';
import { BLOCKS, blockCell } from './cells/block-decisions.js';
import { type BlockSpaceOptions, blockSpace } from './cells/block-space.js';
import { pnasnet5 } from './cells/nasnet-genotypes.js';
import { pnasFamily } from './cells/nasnet-presets.js';
import type { OperatorSet } from './cells/operator.js';
import type { Infer } from './decisions/decision.js';
import { object } from './decisions/product.js';
import type { SearchSpace } from './space.js';

/** The decisions of the space. */
const decisionsAmong = (operators: OperatorSet, blocks: number | { min: number; max: number }) =>
  object({ cell: blockCell(operators, blocks) });

/** The cell. State 0 is the output of the previous cell, state 1 that of the one before it, state 2 + i is block i. */
export type PnasArchitecture = Infer<ReturnType<typeof decisionsAmong>>;

export interface PnasOptions extends BlockSpaceOptions {
  /** Blocks of the cell. Default 5; with a range it is decided how many, as the paper's search needs it, which lets cells grow. */
  readonly blocks?: number | { readonly min: number; readonly max: number };
}

/** The space in a small skeleton for small images, and in that of the paper's mobile network (N = 3, F = 54) for large ones. */
export function pnas(options: PnasOptions = {}): SearchSpace<PnasArchitecture> {
  const { operators = pnasFamily.operators, blocks = BLOCKS } = options;
  const growing = typeof blocks === 'number' ? null : `${blocks.min} to ${blocks.max}`;
  return blockSpace({
    name: growing === null ? 'pnas' : 'pnas-growing',
    title: growing === null ? 'PNAS' : 'PNAS, cells that grow',
    paper: pnasFamily.paper,
    description:
      `One cell of ${growing ?? blocks} blocks. A block takes two earlier states, applies one of eight operators to each, and adds ` +
      "the results; the states of all blocks are the output. The paper's 5.6e14 cells of five blocks: (2·3·4·5·6)²·8^10. The " +
      'default skeleton for small images has five cells, of which the second and the fourth halve the map, and 8 channels. A ' +
      `mutation changes one state or one operator${growing === null ? '' : ', or adds or drops the last block'}.`,
    decisions: decisionsAmong(operators, blocks),
    cellNames: ['cell'],
    combines: false,
    published: [{ name: 'PNASNet-5', architecture: { cell: pnasnet5.blocks }, source: 'Liu et al. 2018, figure 1' }],
    cells: ({ cell }) => ({ normal: cell, reduction: cell }),
    joined: blockStates,
    skeletons: { cifar: { channels: 8, cells: 5 }, imagenet: { channels: 54, cells: 9 } },
    operators,
    reductions: 'instead',
    options,
  });
}
