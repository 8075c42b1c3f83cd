/** @file NASNet (Zoph et al. 2018): a normal and a reduction cell of five blocks, each of five choices. */
import { type Block, unusedStates } from './cells/block-cell.js';
import { BLOCKS, blockShape } from './cells/block-decisions.js';
import { type BlockSpaceOptions, blockSpace } from './cells/block-space.js';
import { nasnetA } from './cells/nasnet-genotypes.js';
import { nasnetFamily } from './cells/nasnet-presets.js';
import type { OperatorSet } from './cells/operator.js';
import { choice } from './decisions/choice.js';
import type { Infer } from './decisions/decision.js';
import { object } from './decisions/product.js';
import { repeat } from './decisions/repeat.js';
import type { SearchSpace } from './space.js';

/** The decisions of the space. */
function decisionsAmong(operators: OperatorSet) {
  const cell = repeat(
    (index) => object({ ...blockShape(index, operators), combine: choice(['add', 'concat']) }),
    BLOCKS,
  );
  return object({ normal: cell, reduction: cell });
}

/** Both cells. State 0 is the output of the previous cell, state 1 that of the one before it, state 2 + i is block i. */
export type NasnetArchitecture = Infer<ReturnType<typeof decisionsAmong>>;

const adding = (blocks: readonly Block[]) => blocks.map((block) => ({ ...block, combine: 'add' }) as const);

/**
 * The space in a small skeleton for small images, and in that of NASNet-A (4 @ 1056) for large ones. A cell's output joins
 * the states that no block takes, as the paper says. NASNet-A's released code joins two more; the presets `nasnet_a_…` do.
 */
export function nasnet(options: BlockSpaceOptions = {}): SearchSpace<NasnetArchitecture> {
  const { operators = nasnetFamily.operators } = options;
  return blockSpace({
    name: 'nasnet',
    title: 'NASNet',
    paper: nasnetFamily.paper,
    description:
      'A normal and a reduction cell of five blocks. A block takes two earlier states, applies one of 13 operators to each, ' +
      'and adds or concatenates the results; states that no block takes are the output. The default skeleton for small ' +
      'images has three normal cells, a reduction before each of the last two, and 8 channels. A mutation changes a ' +
      'state, an operator or a combiner. NASNet-A has the blocks of the paper; the presets nasnet_a_cifar, ' +
      'nasnet_a_mobile and nasnet_a_large also join the states that the released code joins.',
    decisions: decisionsAmong(operators),
    cellNames: ['normal', 'reduction'],
    combines: true,
    published: [
      {
        name: 'NASNet-A',
        architecture: { normal: adding(nasnetA.normal.blocks), reduction: adding(nasnetA.reduction.blocks) },
        source: 'Zoph et al. 2018, figure 4',
      },
    ],
    cells: ({ normal, reduction }) => ({ normal, reduction }),
    joined: unusedStates,
    skeletons: { cifar: { channels: 8, cells: 3 }, imagenet: { channels: 44, cells: 12 } },
    operators,
    options,
  });
}
