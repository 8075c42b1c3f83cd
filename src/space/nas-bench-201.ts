/** @file NAS-Bench-201 (Dong and Yang 2020): one cell of six edges, repeated in a fixed skeleton. */
import { UsageError } from '../error.js';
import type { Feature } from '../nn/feature.js';
import { scope } from '../nn/feature.js';
import {
  activation,
  add,
  avgPool2d,
  batchNorm,
  conv2d,
  globalAvgPool,
  identity,
  linear,
  zeros,
} from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import type { Infer } from './decision.js';
import { choice } from './decision-choice.js';
import { repeat } from './decision-repeat.js';
import type { Relaxable } from './mixture.js';
import { branch } from './relax.js';
import { defineSpace, parseJsonArchitecture, type SearchSpace, targetImage } from './space.js';

/** What an edge may do to a map; each keeps its shape. */
const operators = {
  none: (x) => zeros(x),
  skip_connect: (x) => identity(x),
  nor_conv_1x1: (x) => reluConvNorm(x, { kernel: 1 }),
  nor_conv_3x3: (x) => reluConvNorm(x, { kernel: 3 }),
  avg_pool_3x3: (x) => avgPool2d(x, { kernel: 3, stride: 1, padding: 1 }),
} satisfies { [name: string]: (x: Feature) => Feature };

type Operator = keyof typeof operators;

const operatorNames = [
  'none',
  'skip_connect',
  'nor_conv_1x1',
  'nor_conv_3x3',
  'avg_pool_3x3',
] as const satisfies readonly Operator[];

/** Entry `[i][j]` is the operator on the edge from node `j` to node `i + 1`: 5^6 = 15,625 cells. */
const decisions = repeat((node) => repeat(choice(operatorNames), node + 1), 3);

/** A cell of NAS-Bench-201. */
export type NasBench201Cell = Infer<typeof decisions>;

export interface NasBench201Options {
  /** Channels of the first of the three stages; each next stage has twice as many. Default 16, as in the paper. */
  readonly channels?: number;
  /** Cells in each stage. Default 5, as in the paper. */
  readonly cells?: number;
}

/** The space with the paper's skeleton, or with a smaller one. */
export function nasBench201({ channels = 16, cells = 5 }: NasBench201Options = {}): SearchSpace<NasBench201Cell> {
  return defineSpace({
    name: 'nas-bench-201',
    title: 'NAS-Bench-201',
    paper: 'Dong and Yang, NAS-Bench-201: Extending the Scope of Reproducible Neural Architecture Search, ICLR 2020',
    description:
      'A cell of four nodes and six edges, each with one of five operators. The cell is repeated in three stages of ' +
      `${cells}, of ${channels}, ${2 * channels} and ${4 * channels} channels.`,
    decisions,
    format: (cell) => cell.map((edges) => `|${edges.map((name, from) => `${name}~${from}`).join('|')}|`).join('+'),
    parse,
    build(cell, target) {
      const width = Math.max(1, Math.round(channels * (target.widthMultiplier ?? 1)));
      return Network.build(targetImage(target), (image) => {
        let x = scope(image, 'stem', (inner) => batchNorm(conv2d(inner, { out: width, kernel: 3 })));
        for (const stage of [0, 1, 2]) {
          if (stage > 0) x = scope(x, `reduction${stage}`, (inner) => residualReduction(inner, width * 2 ** stage));
          for (let index = 0; index < cells; index++) {
            x = scope(x, `cell${stage}_${index}`, (inner) => buildCell(inner, cell));
          }
        }
        return scope(x, 'head', (inner) =>
          linear(globalAvgPool(activation(batchNorm(inner), 'relu')), { out: target.classes }),
        );
      });
    },
  });
}

/** Each node is the sum of its incoming edges; the last one is the output. */
function buildCell(input: Feature, cell: Relaxable<NasBench201Cell>): Feature {
  let output = input;
  const nodes = [input];
  for (const [index, edges] of cell.entries()) {
    const incoming = nodes.map((node, from) =>
      scope(node, `edge${index + 1}_${from}`, (x) => branch(edges[from] ?? 'none', x, (name, y) => operators[name](y))),
    );
    output = add(incoming, { name: `node${index + 1}` });
    nodes.push(output);
  }
  return output;
}

function reluConvNorm(x: Feature, { kernel, stride = 1, out = x.shape[0] ?? 0 }: ConvNormOptions): Feature {
  return batchNorm(conv2d(activation(x, 'relu'), { out, kernel, stride }));
}

interface ConvNormOptions {
  readonly kernel: number;
  readonly stride?: number;
  readonly out?: number;
}

/** Halves the map and doubles the channels; the shortcut has no batch norm, and no activation follows the sum. */
function residualReduction(x: Feature, out: number): Feature {
  const residual = reluConvNorm(reluConvNorm(x, { kernel: 3, stride: 2, out }), { kernel: 3 });
  // Padding an odd map gives the size that the strided convolution gives; the paper's maps are even.
  const padding = [(x.shape[1] ?? 0) % 2, (x.shape[2] ?? 0) % 2] as const;
  const pooled = avgPool2d(x, { kernel: 2, stride: 2, padding, name: 'shortcut_pool' });
  return add([residual, conv2d(pooled, { out, kernel: 1, name: 'shortcut' })]);
}

/** Reads `|op~0|+|op~0|op~1|+|op~0|op~1|op~2|`. */
function parse(text: string): NasBench201Cell {
  if (!text.includes('~')) return parseJsonArchitecture(decisions, text);
  const nodes = text
    .trim()
    .split('+')
    .map((node, index) => {
      if (!/^\|.*\|$/.test(node))
        throw new UsageError(`Node ${index + 1} of "${text}" is "${node}"; it must be within "|" and "|".`);
      return node
        .slice(1, -1)
        .split('|')
        .map((edge, from) => {
          const [name, source] = edge.split('~');
          if (source === String(from)) return name;
          throw new UsageError(
            `Edge ${from + 1} into node ${index + 1} of "${text}" is "${edge}"; it must end in "~${from}".`,
          );
        });
    });
  return decisions.validate(nodes);
}
