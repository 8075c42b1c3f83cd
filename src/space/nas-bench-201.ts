/** @file NAS-Bench-201 (Dong and Yang 2020): one cell of six edges, repeated in a fixed skeleton. */
import { reluConvNorm } from '../nn/blocks/index.js';
import { type Feature, scope } from '../nn/feature.js';
import { activation, add, avgPool2d, batchNorm, conv2d, globalAvgPool, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import type { ArchitectureGraph } from './architecture-graph.js';
import { statesOf } from './cells/motif.js';
import { archString, numberedNotations } from './cells/nas-bench-201-notations.js';
import { nasBench201Operators } from './cells/nas-bench-201-operators.js';
import { type OperatorSet, operatorNamed, operatorNames } from './cells/operator.js';
import { OperatorGraph } from './cells/operator-graph.js';
import { choice } from './decisions/choice.js';
import type { Relaxable } from './decisions/mixture.js';
import { branch } from './decisions/relax.js';
import { repeat } from './decisions/repeat.js';
import { defineSpace, repeatsFor, type SearchSpace, targetImage } from './space.js';

/** A cell of NAS-Bench-201: entry `[i][j]` is the operator on the edge from node `j` to node `i + 1`. */
export type NasBench201Cell = readonly (readonly string[])[];

/** Nodes of a cell beside its input. */
const NODES = 3;

/** What the space `nas-bench-201` may be made with. */
export interface NasBench201Options {
  /** Channels of the first of the three stages; each next stage has twice as many. Default 16, as in the paper. */
  readonly channels?: number;
  /** Cells in each stage. Default 5, as in the paper. */
  readonly cells?: number;
  /** What an edge may hold. Default: the paper's five, {@link nasBench201Operators}. */
  readonly operators?: OperatorSet;
}

/** The space with the paper's skeleton, or with a smaller one. */
export function nasBench201(options: NasBench201Options = {}): SearchSpace<NasBench201Cell> {
  const { channels = 16, cells = 5, operators = nasBench201Operators } = options;
  const decisions = repeat((node) => repeat(choice(operatorNames(operators)), node + 1), NODES);
  return defineSpace({
    name: 'nas-bench-201',
    title: 'NAS-Bench-201',
    paper: 'Dong and Yang, NAS-Bench-201: Extending the Scope of Reproducible Neural Architecture Search, ICLR 2020',
    description:
      'A cell of four nodes and six edges, each with one of five operators. The cell is repeated in three stages of ' +
      `${cells}, of ${channels}, ${2 * channels} and ${4 * channels} channels. Of the 15,625 cells 6,466 differ up to ` +
      'isomorphism, and 341 have no path from input to output. A mutation changes the operator of one edge.',
    decisions,
    published,
    canonical: (cell) => cellExpression(cell),
    graph: cellGraph,
    notations: [archString, ...(operators === nasBench201Operators ? numberedNotations : [])],
    hasDepth: true,
    build(cell, target) {
      const repeats = repeatsFor(cells, target);
      const width = Math.max(1, Math.round(channels * (target.widthMultiplier ?? 1)));
      return Network.build(targetImage(target), (image) => {
        let x = scope(image, 'stem', (inner) => batchNorm(conv2d(inner, { out: width, kernel: 3 })));
        for (const stage of [0, 1, 2]) {
          if (stage > 0) x = scope(x, `reduction${stage}`, (inner) => residualReduction(inner, width * 2 ** stage));
          for (let index = 0; index < repeats; index++) {
            x = scope(x, `cell${stage}_${index}`, (inner) => buildCell(inner, cell, operators));
          }
        }
        return scope(x, 'head', (inner) =>
          linear(globalAvgPool(activation(batchNorm(inner), 'relu')), { out: target.classes }),
        );
      });
    },
  });
}

const codeOfAuthors = 'Dong and Yang, AutoDL-Projects, cell_searchs/genotypes.py';

/** Cells that the authors name. */
const published = [
  {
    name: 'resnet',
    architecture: [['nor_conv_3x3'], ['none', 'nor_conv_3x3'], ['skip_connect', 'none', 'skip_connect']],
    source: codeOfAuthors,
  },
  { name: 'all_c3x3', architecture: uniform('nor_conv_3x3'), source: codeOfAuthors },
  { name: 'all_c1x1', architecture: uniform('nor_conv_1x1'), source: codeOfAuthors },
  { name: 'all_idnt', architecture: uniform('skip_connect'), source: codeOfAuthors },
];

function uniform(name: string): NasBench201Cell {
  return Array.from({ length: NODES }, (_, node) => Array.from({ length: node + 1 }, () => name));
}

/** Each node is the sum of its incoming edges; the last one is the output. */
function buildCell(input: Feature, cell: Relaxable<NasBench201Cell>, operators: OperatorSet): Feature {
  let output = input;
  const nodes = [input];
  for (const [index, edges] of cell.entries()) {
    const incoming = nodes.map((node, from) =>
      scope(node, `edge${index + 1}_${from}`, (x) =>
        branch(edges[from] ?? 'none', x, (name, y) =>
          operatorNamed(operators, name).build(y, { channels: y.shape[0] ?? 0, stride: 1 }),
        ),
      ),
    );
    output = add(incoming, { name: `node${index + 1}` });
    nodes.push(output);
  }
  return output;
}

/**
 * What the last node computes, in the notation by which the authors compare cells (section 3.1): skips are contracted,
 * sums are sorted, and what starts where nothing arrives is zero, `#`. Of the 15,625 cells 6,466 differ. Sums within sums
 * stay as they are and zeros stay in them, so that some isomorphic cells are told apart: dropping zeros leaves 5,390.
 * @param contractsZeros otherwise `none` is an operator like any other: 12,751 cells differ.
 */
export function cellExpression(cell: NasBench201Cell, contractsZeros = true): string {
  const nodes = ['0'];
  for (const edges of cell) {
    const terms = edges.map((name, from) => {
      const source = nodes[from] ?? ZERO;
      if (contractsZeros && (name === 'none' || source === ZERO)) return ZERO;
      return name === 'skip_connect' ? source : `(${source})@${name}`;
    });
    nodes.push(terms.sort().join('+'));
  }
  return nodes.at(-1) ?? ZERO;
}

const ZERO = '#';

/** A node for each edge that carries something from the input to the output. */
function cellGraph(cell: NasBench201Cell): ArchitectureGraph {
  const graph = new OperatorGraph();
  const arriving = graph.arrivals([[graph.append('input')]], statesOf(cell));
  return graph.endingWith(arriving.at(-1) ?? []);
}

/** Halves the map and doubles the channels; the shortcut has no batch norm, and no activation follows the sum. */
function residualReduction(x: Feature, out: number): Feature {
  const residual = reluConvNorm(reluConvNorm(x, { kernel: 3, stride: 2, out }), { kernel: 3, out });
  // Padding an odd map gives the size that the strided convolution gives; the paper's maps are even.
  const padding = [(x.shape[1] ?? 0) % 2, (x.shape[2] ?? 0) % 2] as const;
  const pooled = avgPool2d(x, { kernel: 2, stride: 2, padding, name: 'shortcut_pool' });
  return add([residual, conv2d(pooled, { out, kernel: 1, name: 'shortcut' })]);
}
