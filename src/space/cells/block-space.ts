/** @file What the spaces of NASNet, AmoebaNet and PNAS share: cells of blocks in one skeleton. */
import { UsageError } from '../../error.js';
import type { Json } from '../../json.js';
import { graphOfCells } from '../architecture-graph.js';
import type { Relaxable } from '../decisions/mixture.js';
import { defineSpace, repeatsFor, type SearchSpace, type SpaceDefinition, targetImage } from '../space.js';
import type { Block, OpenBlock } from './block-cell.js';
import { blockGraph, canonicalBlocks, formatBlocks, mutateBlocks, parseBlocks } from './block-decisions.js';
import { channelsFor } from './channels.js';
import { type CellKind, type NasnetNetworkOptions, nasnetNetwork } from './nasnet-network.js';
import type { OperatorSet } from './operator.js';
import { type Stem, stemFor } from './stem.js';
import { FEWEST_CELLS } from './two-reductions.js';

/** How the networks of a space are built. Whatever is left out is the space's default for the size of the images. */
export interface BlockSpaceOptions
  extends Partial<Pick<NasnetNetworkOptions, 'channels' | 'cells' | 'stem' | 'stemChannels' | 'skipReductionInput'>> {
  /** What a half of a block may do. Default: the paper's operators. */
  readonly operators?: OperatorSet;
}

/** The blocks of each cell, by its name. */
type BlockArchitecture<Cell extends string> = Json & { readonly [C in Cell]: readonly Block[] };

interface BlockSpaceDefinition<Cell extends string, A extends BlockArchitecture<Cell>>
  extends Pick<SpaceDefinition<A>, 'name' | 'title' | 'paper' | 'description' | 'published' | 'decisions'> {
  /** In the order of the notation. */
  readonly cellNames: readonly Cell[];
  /** Whether blocks say how they combine. */
  readonly combines: boolean;
  /** The blocks of the cells that are built. */
  cells(architecture: A | Relaxable<A>): Readonly<Record<CellKind, readonly OpenBlock[]>>;
  /** The states that a cell's output joins. */
  joined(blocks: readonly OpenBlock[]): readonly number[];
  /** F and N for each kind of image. */
  readonly skeletons: Readonly<Record<Stem, Pick<NasnetNetworkOptions, 'channels' | 'cells'>>>;
  readonly operators: OperatorSet;
  readonly reductions?: 'between' | 'instead';
  readonly options: BlockSpaceOptions;
}

/** A space of cells of blocks. */
export function blockSpace<Cell extends string, A extends BlockArchitecture<Cell>>(
  definition: BlockSpaceDefinition<Cell, A>,
): SearchSpace<A> {
  const { decisions, cellNames, combines, skeletons, operators, reductions = 'between', options } = definition;
  const each = (architecture: A, words: (blocks: readonly Block[]) => string): string[] =>
    cellNames.map((name) => words(architecture[name]));
  return defineSpace<A>({
    ...definition,
    mutate: (architecture, random) => mutateBlocks(decisions, architecture, random),
    canonical: (architecture) => each(architecture, canonicalBlocks).join('; '),
    notations: [
      {
        name: 'blocks',
        description:
          'OPERATOR@STATE+OPERATOR@STATE for each block, such as sep_conv_5x5@0+identity@1, commas between blocks and a slash between cells',
        parse: (text) => (text.includes('@') ? parseCells(text, cellNames, combines) : undefined),
        format: (architecture) => each(architecture, formatBlocks).join('/'),
      },
    ],
    graph: (architecture) =>
      graphOfCells(
        Object.fromEntries(
          cellNames.map((name) => [name, blockGraph(architecture[name], definition.joined(architecture[name]))]),
        ),
      ),
    hasDepth: true,
    build(architecture, target) {
      const input = targetImage(target);
      const { stem = stemFor(input) } = options;
      const skeleton = { ...skeletons[stem], ...options };
      const { normal, reduction } = definition.cells(architecture);
      const built = (blocks: readonly OpenBlock[]) => ({ blocks, joined: definition.joined(blocks) });
      return nasnetNetwork(
        { normal: built(normal), reduction: built(reduction) },
        {
          ...skeleton,
          input,
          classes: target.classes,
          operators,
          stem,
          reductions,
          channels: channelsFor(skeleton.channels, target),
          cells: repeatsFor(skeleton.cells, target, FEWEST_CELLS),
        },
      );
    },
  });
}

function parseCells(text: string, names: readonly string[], combines: boolean): Json {
  const cells = text.split('/');
  if (cells.length === names.length) {
    return Object.fromEntries(names.map((name, index) => [name, parseBlocks(cells[index] ?? '', { combines })]));
  }
  throw new UsageError(
    `"${text.slice(0, 80)}" has ${cells.length} cells, separated by "/"; ${names.length} are expected: ${names.join(', ')}.`,
  );
}
