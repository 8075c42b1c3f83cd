/** @file DARTS (Liu, Simonyan and Yang 2019): two cells of four nodes, each of which keeps two edges to earlier states. */
import { UsageError } from '../error.js';
import { type ArchitectureGraph, graphOfCells } from './architecture-graph.js';
import { canonicalGraph, type LabelledEdge } from './cells/canonical-graph.js';
import { channelsFor } from './cells/channels.js';
import {
  compactDescription,
  formatCompact,
  formatGenotype,
  parseCompact,
  parseGenotype,
} from './cells/darts-genotype.js';
import { type DartsCell, type DartsCells, dartsNetwork } from './cells/darts-network.js';
import { absentOperator, type DartsNorm, dartsOperators, finalNorm, searchNorm } from './cells/darts-operators.js';
import { dartsV1, dartsV2 } from './cells/darts-published.js';
import { type OperatorSet, operatorNames } from './cells/operator.js';
import { cellGraph } from './cells/operator-graph.js';
import { type Stem, stemFor } from './cells/stem.js';
import { FEWEST_CELLS } from './cells/two-reductions.js';
import { choice } from './decisions/choice.js';
import type { Infer } from './decisions/decision.js';
import { Mixture, type Relaxable } from './decisions/mixture.js';
import { object } from './decisions/product.js';
import { repeat } from './decisions/repeat.js';
import { selection } from './decisions/selection.js';
import type { Notation } from './notations/notation.js';
import { defineSpace, repeatsFor, type SearchSpace, targetImage } from './space.js';

const NODES = 4;
/** The outputs of the two cells before. */
const CELL_INPUTS = 2;
const EDGES_OF_A_NODE = 2;
const CONCAT = Array.from({ length: NODES }, (_, node) => node + CELL_INPUTS);

/** Item `[k]` of a cell has node k + 2: operators by the states that it takes. */
function decisionsAmong(operators: readonly string[]) {
  const operator = choice(operators);
  const node = (index: number) =>
    selection(
      Object.fromEntries(Array.from({ length: index + CELL_INPUTS }, (_, from) => [from, operator])),
      EDGES_OF_A_NODE,
      {
        absent: absentOperator.name,
      },
    );
  return object({ normal: repeat(node, NODES), reduce: repeat(node, NODES) });
}

/** Both cells; `normal[1]` is `{ "0": "sep_conv_3x3", "2": "skip_connect" }` if node 3 takes states 0 and 2. */
export type DartsArchitecture = Infer<ReturnType<typeof decisionsAmong>>;

type OpenCell = Relaxable<DartsArchitecture>['normal'];

/** What the space `darts` may be made with. */
export interface DartsOptions {
  /**
   * Channels of the nodes of the first cells. Default: 16 for small images, as in the paper's search, and 48 for large
   * ones, as in its ImageNet networks.
   */
  readonly channels?: number;
  /** Cells, the two reductions included. Default: 8 for small images and 14 for large ones. */
  readonly cells?: number;
  /** Default: `imagenet` for images wider or higher than 64 pixels, else `cifar`. */
  readonly stem?: Stem;
  /** What an edge may hold, given how to normalise. Default: the paper's seven, {@link dartsOperators}. */
  readonly operators?: (norm: DartsNorm) => OperatorSet;
  /**
   * How operators normalise. Default: {@link searchNorm} where choices are open, {@link finalNorm} where they are decided.
   * With `searchNorm`, decided networks have exactly the weights of the supernet.
   */
  readonly norm?: DartsNorm;
  /**
   * Whether training adds the loss of a second classifier behind the second reduction, as the paper's final trainings do; costs
   * count it. It needs a map of at least 5×5 there. Default false.
   */
  readonly auxiliary?: boolean;
}

/** What the paper searches with on CIFAR-10 and trains on ImageNet. */
const skeletons: Readonly<Record<Stem, { readonly channels: number; readonly cells: number }>> = {
  cifar: { channels: 16, cells: 8 },
  imagenet: { channels: 48, cells: 14 },
};

/**
 * The space in the paper's skeletons, or in smaller ones. Open choices (`relax`) build the paper's supernet: all 14 edges
 * of a cell, each with eight options, `none` among them.
 */
export function darts(options: DartsOptions = {}): SearchSpace<DartsArchitecture> {
  const { operators = dartsOperators } = options;
  const decisions = decisionsAmong(operatorNames(operators(finalNorm)));
  return defineSpace({
    name: 'darts',
    title: 'DARTS',
    paper: 'Liu, Simonyan and Yang, DARTS: Differentiable Architecture Search, ICLR 2019',
    description:
      'A normal and a reduction cell of four nodes. Each node adds two earlier states, each through an operator; the four ' +
      'nodes are concatenated. 180 ways to connect a cell times 7^8 ways to choose operators. The default skeleton for ' +
      'small images has 8 cells and starts with 16 channels. A mutation takes one operator or one state differently.',
    decisions,
    published: [
      { name: 'DARTS_V1', architecture: architectureOf(dartsV1), source: 'Liu et al. 2019, first order' },
      {
        name: 'DARTS_V2',
        architecture: architectureOf(dartsV2),
        source: 'Liu et al. 2019, second order, figures 4 and 5',
      },
    ],
    notations: operators === dartsOperators ? [genotype, naslibCompact] : [genotype],
    canonical: ({ normal, reduce }) =>
      [normal, reduce].map((cell) => canonicalGraph(CELL_INPUTS, edgesOf(cell))).join('; '),
    graph: ({ normal, reduce }) => graphOfCells({ normal: graphOf(normal), reduce: graphOf(reduce) }),
    hasDepth: true,
    build(architecture, target) {
      const cells = cellsOf(architecture);
      const { norm = isOpen(cells) ? searchNorm : finalNorm } = options;
      const input = targetImage(target);
      const { stem = stemFor(input), auxiliary = false } = options;
      const { channels, cells: count } = { ...skeletons[stem], ...options };
      return dartsNetwork(cells, {
        input,
        classes: target.classes,
        stem,
        cells: repeatsFor(count, target, FEWEST_CELLS),
        channels: channelsFor(channels, target),
        operators: { ...operators(norm), [absentOperator.name]: absentOperator },
        affine: norm.affine,
        auxiliary,
      });
    },
  });
}

function cellsOf({ normal, reduce }: Relaxable<DartsArchitecture>): DartsCells {
  const cell = (nodes: OpenCell): DartsCell => ({
    nodes: nodes.map((node) => Object.entries(node).map(([from, operator]) => ({ operator, from: Number(from) }))),
    concat: CONCAT,
  });
  return { normal: cell(normal), reduce: cell(reduce) };
}

const isOpen = ({ normal, reduce }: DartsCells): boolean =>
  [normal, reduce].some(({ nodes }) => nodes.flat().some(({ operator }) => operator instanceof Mixture));

const genotype: Notation<DartsArchitecture> = {
  name: 'genotype',
  description:
    "Genotype(normal=[('sep_conv_3x3', 0), …], normal_concat=[2, 3, 4, 5], reduce=[…], reduce_concat=[2, 3, 4, 5])",
  parse: (text) => architectureIn(parseGenotype(text)),
  format: (architecture) => formatGenotype(cellsOf(architecture)),
};

/** Of the paper's operators alone. */
const naslibCompact: Notation<DartsArchitecture> = {
  name: 'naslib',
  description: compactDescription,
  parse: (text) => architectureIn(parseCompact(text)),
  format: (architecture) => formatCompact(cellsOf(architecture)),
};

const architectureIn = (cells: DartsCells | undefined) => (cells === undefined ? undefined : architectureOf(cells));

/** @throws {UsageError} where cells are none of this space */
function architectureOf({ normal, reduce }: DartsCells): DartsArchitecture {
  return { normal: nodesOf('normal', normal), reduce: nodesOf('reduce', reduce) };
}

function nodesOf(name: string, { nodes, concat }: DartsCell): DartsArchitecture['normal'] {
  if (concat.join() !== CONCAT.join()) {
    throw new UsageError(
      `"${name}_concat" of the genotype is [${concat.join(', ')}]; cells of this space concatenate all nodes: [${CONCAT.join(', ')}].`,
    );
  }
  return nodes.map((edges, index) => {
    const froms = edges.map(({ from }) => from);
    if (new Set(froms).size < froms.length) {
      throw new UsageError(
        `Node ${index + 2} of "${name}" takes state ${froms[0]} twice; the two edges of a node come from different states.`,
      );
    }
    return Object.fromEntries(edges.map(({ from, operator }) => [from, String(operator)]));
  });
}

/** The edges into each node. All nodes are concatenated, so that each may stand in any place behind those that it takes. */
const edgesOf = (nodes: DartsArchitecture['normal']): LabelledEdge[][] =>
  nodes.map((node) => Object.entries(node).map(([from, label]) => ({ from: Number(from), label })));

const graphOf = (nodes: DartsArchitecture['normal']): ArchitectureGraph =>
  cellGraph(
    CELL_INPUTS,
    edgesOf(nodes).map((edges) => ({ edges })),
    CONCAT,
  );
