/** @file The micro space of ENAS (Pham et al. 2018): two cells of five blocks, whose networks may share weights. */
import { graphOfCells } from './architecture-graph.js';
import { isOpen, unusedStates } from './cells/block-cell.js';
import { blockCell, blockGraph, canonicalBlocks, mutateBlocks } from './cells/block-decisions.js';
import { channelsFor } from './cells/channels.js';
import { formatMicroArc, numbersOf, parseMicroArc, publishedMicroArc } from './cells/enas-arc.js';
import { type EnasMicroNetworkOptions, enasMicroNetwork, enasOperators } from './cells/enas-micro-network.js';
import { ENAS_PAPER } from './cells/enas-presets.js';
import type { OperatorSet } from './cells/operator.js';
import { FEWEST_CELLS } from './cells/two-reductions.js';
import type { Infer } from './decisions/decision.js';
import { object } from './decisions/product.js';
import { defineSpace, repeatsFor, type SearchSpace, targetImage } from './space.js';

/** The decisions of the space. */
function decisionsAmong(operators: OperatorSet) {
  const cell = blockCell(operators);
  return object({ normal: cell, reduction: cell });
}

/** Both cells. State 0 is the output of the cell before the previous one, state 1 that of the previous one, state 2 + i is block i. */
export type EnasMicroArchitecture = Infer<ReturnType<typeof decisionsAmong>>;

/** What the space `enas-micro` may be made with. */
export interface EnasMicroOptions {
  /** F: what the operators of the first cells give. Default 8; the paper searches with 20 and trains 36 in the end. */
  readonly channels?: number;
  /** L: normal cells. Default 3; the paper searches with 6 and trains 15 in the end. */
  readonly cells?: number;
  /** Default: `shared` where choices are open, `final` where they are decided. */
  readonly skeleton?: EnasMicroNetworkOptions['skeleton'];
  /** What a half of a block may do. Default: the paper's five, {@link enasOperators}. */
  readonly operators?: OperatorSet;
}

/**
 * The space in a small skeleton, or in the paper's. Open choices (`relax`) build the paper's supernet: for each half of a
 * block every state through every operator, with weights of its own.
 */
export function enasMicro(options: EnasMicroOptions = {}): SearchSpace<EnasMicroArchitecture> {
  const { channels = 8, cells = 3, operators = enasOperators } = options;
  const decisions = decisionsAmong(operators);
  return defineSpace({
    name: 'enas-micro',
    title: 'ENAS, micro space',
    paper: ENAS_PAPER,
    description:
      'A normal and a reduction cell of five blocks. A block adds two earlier states, each through one of five operators; ' +
      "states that no block takes are the output. There are ((2·3·4·5·6)²·5^10)² architectures; the paper's 1.3e11 do " +
      `not follow from its definition. The skeleton has ${cells} normal and two reduction cells and starts with ${channels} ` +
      'channels. A mutation changes one state or one operator.',
    decisions,
    published: [
      {
        name: 'ENAS-micro',
        architecture: parseMicroArc(publishedMicroArc, enasOperators),
        source: "Pham et al. 2018, the authors' script for the final network",
      },
    ],
    notations: [
      {
        name: 'arc',
        description:
          'for each block of the normal cell, then of the reduction cell: state, operator, state, operator, such as 0 2 0 0 0 4 …',
        parse(text) {
          const numbers = numbersOf(text);
          return numbers === undefined ? undefined : parseMicroArc(numbers, operators);
        },
        format: (architecture) => formatMicroArc(architecture, operators),
      },
    ],
    mutate: (architecture, random) => mutateBlocks(decisions, architecture, random),
    canonical: ({ normal, reduction }) => [normal, reduction].map(canonicalBlocks).join('; '),
    graph: ({ normal, reduction }) =>
      graphOfCells({
        normal: blockGraph(normal, unusedStates(normal)),
        reduction: blockGraph(reduction, unusedStates(reduction)),
      }),
    hasDepth: true,
    build({ normal, reduction }, target) {
      const { skeleton = isOpen(normal) || isOpen(reduction) ? 'shared' : 'final' } = options;
      return enasMicroNetwork(
        { normal, reduction },
        {
          input: targetImage(target),
          classes: target.classes,
          operators,
          channels: channelsFor(channels, target),
          cells: repeatsFor(cells, target, FEWEST_CELLS),
          skeleton,
        },
      );
    },
  });
}
