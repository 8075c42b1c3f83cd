/** @file The space of AmoebaNet (Real et al. 2019): NASNet's cells, whose blocks always add, with operators of its own. */
import { unusedStates } from './cells/block-cell.js';
import { blockCell } from './cells/block-decisions.js';
import { type BlockSpaceOptions, blockSpace } from './cells/block-space.js';
import { amoebanetA, amoebanetB, amoebanetC, amoebanetD, type PublishedCells } from './cells/nasnet-genotypes.js';
import { amoebanetFamily } from './cells/nasnet-presets.js';
import type { OperatorSet } from './cells/operator.js';
import type { Infer } from './decisions/decision.js';
import { object } from './decisions/product.js';
import type { PublishedArchitecture } from './published-architecture.js';
import type { SearchSpace } from './space.js';

/** The decisions of the space. */
function decisionsAmong(operators: OperatorSet) {
  const cell = blockCell(operators);
  return object({ normal: cell, reduction: cell });
}

/** Both cells. State 0 is the output of the previous cell, state 1 that of the one before it, state 2 + i is block i. */
export type AmoebanetArchitecture = Infer<ReturnType<typeof decisionsAmong>>;

const published = (
  name: string,
  { normal, reduction }: PublishedCells,
  source: string,
): PublishedArchitecture<AmoebanetArchitecture> => ({
  name,
  architecture: { normal: normal.blocks, reduction: reduction.blocks },
  source,
});

/**
 * The space in a small skeleton for small images, and in that of the paper's smallest ImageNet network (N = 4, F = 50) for
 * large ones. A cell's output joins the states that no block takes, as the paper says. The authors' code joins more of
 * some cells; the presets `amoebanet_…` do.
 */
export function amoebanet(options: BlockSpaceOptions = {}): SearchSpace<AmoebanetArchitecture> {
  const { operators = amoebanetFamily.operators } = options;
  return blockSpace({
    name: 'amoebanet',
    title: 'AmoebaNet',
    paper: amoebanetFamily.paper,
    description:
      'A normal and a reduction cell of five blocks. A block takes two earlier states, applies one of 12 operators to each, ' +
      'and adds the results; states that no block takes are the output. The operators are the eight of the paper and the ' +
      'four others that AmoebaNet-B to -D hold. The default skeleton for small images has three normal cells, a ' +
      'reduction before each of the last two, and 8 channels. A mutation changes one state or one operator. The ' +
      'presets amoebanet_a to amoebanet_d also join the states that the released code joins.',
    decisions: decisionsAmong(operators),
    cellNames: ['normal', 'reduction'],
    combines: false,
    published: [
      published('AmoebaNet-A', amoebanetA, 'Real et al. 2019, figure 5'),
      published('AmoebaNet-B', amoebanetB, 'Real et al. 2019, appendix'),
      published('AmoebaNet-C', amoebanetC, 'Real et al. 2019, appendix'),
      published('AmoebaNet-D', amoebanetD, "the authors' code for Cloud TPUs"),
    ],
    cells: ({ normal, reduction }) => ({ normal, reduction }),
    joined: unusedStates,
    skeletons: { cifar: { channels: 8, cells: 3 }, imagenet: { channels: 50, cells: 12 } },
    operators,
    options,
  });
}
