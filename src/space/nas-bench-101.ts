/** @file NAS-Bench-101 (Ying et al. 2019): cells that are any graph of at most seven vertices and nine edges. */
import { canonicalJson } from '../json.js';
import { convNorm } from '../nn/blocks/index.js';
import { scope } from '../nn/feature.js';
import { globalAvgPool, linear, maxPool2d } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import type { Random } from '../random.js';
import type { ArchitectureGraph } from './architecture-graph.js';
import { graphHash } from './cells/graph-hash.js';
import { buildGraphCell, type CellVertex } from './cells/nas-bench-101-cell.js';
import {
  cellOf,
  INPUT,
  naslibTuple,
  OUTPUT,
  specificationNotations,
  specificationOf,
} from './cells/nas-bench-101-specification.js';
import { type OperatorSet, operatorNames, operatorSet } from './cells/operator.js';
import type { Decision } from './decisions/decision.js';
import { grammar } from './decisions/grammar.js';
import { defineSpace, repeatsFor, type SearchSpace, targetImage } from './space.js';

/** The input and the output count as vertices. */
const MOST_VERTICES = 7;
const MOST_EDGES = 9;

/** Fewer channels could not be shared among the vertices that lead to the output. */
const FEWEST_CHANNELS = 8;

/** The vertices behind the input, in order, the last of which is the output: `{ operation: 'output', inputs }`. */
export type NasBench101Cell = readonly CellVertex[];

/** The three operations of the benchmark, in the order of its labels. */
export const nasBench101Operators = operatorSet([
  {
    name: 'conv3x3-bn-relu',
    build: (x, { channels, stride }) => convNorm(x, { out: channels, kernel: 3, stride, activation: 'relu' }),
  },
  {
    name: 'conv1x1-bn-relu',
    build: (x, { channels, stride }) => convNorm(x, { out: channels, kernel: 1, stride, activation: 'relu' }),
  },
  { name: 'maxpool3x3', build: (x, { stride }) => maxPool2d(x, { kernel: 3, stride, padding: 1 }) },
]);

/** What the space `nas-bench-101` may be made with. */
export interface NasBench101Options {
  /** Channels of the stem and of the first stack; each next stack has twice as many. Default 128, as in the paper. */
  readonly channels?: number;
  /** Default 3. */
  readonly stacks?: number;
  /** Cells in each stack. Default 3. */
  readonly cells?: number;
  /** What an interior vertex may do. Default: {@link nasBench101Operators}. */
  readonly operators?: OperatorSet;
}

/** The space with the paper's skeleton, or with a smaller one. */
export function nasBench101(options: NasBench101Options = {}): SearchSpace<NasBench101Cell> {
  const { channels = 128, stacks = 3, cells = 3, operators = nasBench101Operators } = options;
  const names = operatorNames(operators);
  const decisions = decisionsAmong(names);
  return defineSpace({
    name: 'nas-bench-101',
    title: 'NAS-Bench-101',
    paper: 'Ying et al., NAS-Bench-101: Towards Reproducible Neural Architecture Search, ICML 2019',
    description:
      'A cell is a graph of at most five operations and nine edges between its input and its output, in which each ' +
      'operation lies on a path. The 1,293,208 ways to write one are 423,624 up to isomorphism. The cell is repeated in ' +
      `${stacks} stacks of ${cells}. A mutation flips each edge with a chance of 1/7 and changes each operation with a chance of 1/5.`,
    decisions,
    published,
    notations: [...specificationNotations, ...(operators === nasBench101Operators ? [naslibTuple] : [])],
    mutate: (cell, random) => mutate(cell, names, random),
    canonical: (cell) => cellHash(cell, names),
    graph: cellGraph,
    hasDepth: true,
    build(architecture, target) {
      const repeats = repeatsFor(cells, target);
      const cell = decisions.validate(architecture);
      const width = Math.max(FEWEST_CHANNELS, Math.round(channels * (target.widthMultiplier ?? 1)));
      return Network.build(targetImage(target), (image) => {
        let x = scope(image, 'stem', (inner) => convNorm(inner, { out: width, kernel: 3, activation: 'relu' }));
        for (let stack = 0; stack < stacks; stack++) {
          if (stack > 0) {
            // Padding an odd map gives the size that TensorFlow's SAME gives.
            const [, height = 1, side = 1] = x.shape;
            x = maxPool2d(x, { name: `pool${stack}`, kernel: 2, padding: [height % 2, side % 2] });
          }
          for (let index = 0; index < repeats; index++) {
            x = scope(x, `cell${stack}_${index}`, (inner) =>
              buildGraphCell(inner, cell, { channels: width * 2 ** stack, operators }),
            );
          }
        }
        return linear(globalAvgPool(x), { name: 'classifier', out: target.classes });
      });
    },
  });
}

/**
 * The benchmark's name of a cell, by which its table is indexed: MD5, equal for isomorphic cells.
 * @param operations in the order of their labels.
 */
export function cellHash(cell: NasBench101Cell, operations = operatorNames<string>(nasBench101Operators)): string {
  const codes = new Map([...operations.entries()].map(([code, name]) => [name, code]));
  codes.set(INPUT, -1).set(OUTPUT, -2);
  return graphHash(cellGraph(cell).map(({ label, inputs }) => ({ label: `${codes.get(label)}`, inputs })));
}

/** The input and the vertices, each of which does something to the sum of what it reads. */
const cellGraph = (cell: NasBench101Cell): ArchitectureGraph => [
  { label: INPUT, inputs: [] },
  ...cell.map(({ operation, inputs }) => ({ label: operation, inputs })),
];

/**
 * Vertex by vertex: an operation and the vertices that it takes, then the output. Every vertex takes one at least, and the
 * output takes all that nothing else takes, so that each lies on a path; edges are left over for that.
 */
function decisionsAmong(operations: readonly string[]): Decision<NasBench101Cell> {
  const start = { vertex: 1, edges: 0, untaken: 1, ended: false };
  type State = typeof start;
  const after = ({ vertex, edges, untaken }: State, inputs: readonly number[]): State => ({
    vertex: vertex + 1,
    edges: edges + inputs.length,
    untaken: (untaken & ~maskOf(inputs)) | (1 << vertex),
    ended: false,
  });
  return grammar<CellVertex, State>({
    start,
    tokens(state) {
      const { vertex, edges, untaken, ended } = state;
      if (ended) return [];
      const inputs = subsetsBelow(vertex);
      const outputs = inputs.filter((set) => (untaken & ~maskOf(set)) === 0 && edges + set.length <= MOST_EDGES);
      const interior = inputs.filter((set) => {
        const next = after(state, set);
        return vertex < MOST_VERTICES - 1 && next.edges + sizeOf(next.untaken) <= MOST_EDGES;
      });
      return [
        ...interior.flatMap((set) => operations.map((operation) => ({ operation, inputs: set }))),
        ...outputs.map((set) => ({ operation: OUTPUT, inputs: set })),
      ];
    },
    next: (state, { operation, inputs }) => (operation === OUTPUT ? { ...state, ended: true } : after(state, inputs)),
    label: ({ operation, inputs }) => `${operation}(${inputs.join(',')})`,
  });
}

const maskOf = (set: readonly number[]): number => set.reduce((mask, member) => mask | (1 << member), 0);

const sizeOf = (mask: number): number => mask.toString(2).replaceAll('0', '').length;

/** All sets of one number or more below the limit. */
const subsetsBelow = (limit: number): number[][] =>
  Array.from({ length: 2 ** limit - 1 }, (_, index) =>
    Array.from({ length: limit }, (__, member) => member).filter((member) => ((index + 1) >> member) & 1),
  );

/** As the benchmark's own evolution mutates: in the matrix of all seven vertices, until another legal cell comes out. */
function mutate(cell: NasBench101Cell, operations: readonly string[], random: Random): NasBench101Cell {
  const last = MOST_VERTICES - 1;
  const spare = Array.from({ length: MOST_VERTICES - 1 - cell.length }, () => ({
    operation: random.pick(operations),
    inputs: [],
  }));
  const { matrix, ops } = specificationOf([...cell.slice(0, -1), ...spare, ...cell.slice(-1)]);
  for (;;) {
    const mutant = cellOf({
      matrix: matrix.map((row, from) =>
        row.map((edge, to) => (from < to && random.uniform() < 1 / MOST_VERTICES ? 1 - edge : edge)),
      ),
      ops: ops.map((name, vertex) => {
        if (vertex === 0 || vertex === last || random.uniform() >= 1 / (MOST_VERTICES - 2)) return name;
        return random.pick(operations.filter((other) => other !== name));
      }),
    });
    if (mutant === null || edgesOf(mutant) > MOST_EDGES) continue;
    if (canonicalJson(mutant) !== canonicalJson(cell)) return mutant;
  }
}

const edgesOf = (cell: NasBench101Cell): number => cell.reduce((sum, { inputs }) => sum + inputs.length, 0);

/** Cells that the authors print. */
const published = [
  {
    name: 'Inception-like',
    architecture: [
      { operation: 'conv1x1-bn-relu', inputs: [0] },
      { operation: 'conv3x3-bn-relu', inputs: [0] },
      { operation: 'conv3x3-bn-relu', inputs: [0] },
      { operation: 'conv3x3-bn-relu', inputs: [3] },
      { operation: 'maxpool3x3', inputs: [0] },
      { operation: OUTPUT, inputs: [1, 2, 4, 5] },
    ],
    source: 'Ying et al. 2019, README of nasbench',
  },
];
