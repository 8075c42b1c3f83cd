/** @file Genotypes as DARTS (Liu et al. 2019) writes them: their notation, and those that its authors published. */
import { UsageError } from '../../error.js';
import type { DartsCell, DartsCells } from './darts-network.js';

/** An edge that is decided: its operator, and the state that it takes. */
type DecidedEdge = readonly [operator: string, from: number];

/** Entries 2k and 2k + 1 of the notation belong to node k + 2. */
const EDGES_OF_A_NODE = 2;

function cell(edges: readonly DecidedEdge[], concat: readonly number[]): DartsCell {
  const nodes = Array.from({ length: edges.length / EDGES_OF_A_NODE }, (_, node) =>
    edges.slice(node * EDGES_OF_A_NODE, (node + 1) * EDGES_OF_A_NODE).map(([operator, from]) => ({ operator, from })),
  );
  return { nodes, concat };
}

const EXAMPLE =
  "Genotype(normal=[('sep_conv_3x3', 0), …], normal_concat=[2, 3, 4, 5], reduce=[…], reduce_concat=[2, 3, 4, 5])";

/** Whether a text wants to be a genotype. */
export const looksLikeGenotype = (text: string): boolean => text.trim().startsWith('Genotype');

/**
 * Reads `Genotype(normal=[('sep_conv_3x3', 0), …], normal_concat=[2, 3, 4, 5], reduce=[…], reduce_concat=range(2, 6))`.
 * @throws {UsageError} with what is wrong and where.
 */
export function parseGenotype(text: string): DartsCells {
  const body = /^Genotype\((.*)\)$/s.exec(text.trim())?.[1];
  if (body === undefined) throw new UsageError(`"${text.slice(0, 80)}" is no genotype; one reads ${EXAMPLE}.`);
  const fields = new Map<string, string>();
  // A value is a list, which ends before the next name or the end; `range(…)` is what a Python list may print as.
  for (const [, name = '', value = ''] of body.matchAll(/(\w+)\s*=\s*(\[[^\]]*\]|range\([^)]*\))/g)) {
    fields.set(name, value);
  }
  const field = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined) throw new UsageError(`The genotype lacks "${name}"; one reads ${EXAMPLE}.`);
    return value;
  };
  const read = (name: string) =>
    cell(parseEdges(name, field(name)), parseConcat(`${name}_concat`, field(`${name}_concat`)));
  return { normal: read('normal'), reduce: read('reduce') };
}

function parseEdges(name: string, text: string): DecidedEdge[] {
  const edges = [...text.matchAll(/\(([^)]*)\)/g)].map(([tuple, inner = '']): DecidedEdge => {
    const [, operator, from] = /^\s*['"](\w+)['"]\s*,\s*(\d+)\s*$/.exec(inner) ?? [];
    if (operator !== undefined) return [operator, Number(from)];
    throw new UsageError(`"${name}" of the genotype has ${tuple}; an edge reads ('sep_conv_3x3', 0).`);
  });
  if (edges.length > 0 && edges.length % EDGES_OF_A_NODE === 0) return edges;
  throw new UsageError(`"${name}" of the genotype has ${edges.length} edges; a node takes ${EDGES_OF_A_NODE}.`);
}

function parseConcat(name: string, text: string): number[] {
  const numbers = [...text.matchAll(/-?\w+/g)].map(([digits]) => digits).filter((word) => word !== 'range');
  if (!numbers.every((digits) => /^\d+$/.test(digits))) {
    throw new UsageError(`"${name}" of the genotype is ${text}; it reads [2, 3, 4, 5] or range(2, 6).`);
  }
  const [first = 0, end = 0] = numbers.map(Number);
  return text.startsWith('range')
    ? Array.from({ length: end - first }, (_, index) => first + index)
    : numbers.map(Number);
}

/** The notation of cells whose choices are all decided. */
export function formatGenotype({ normal, reduce }: DartsCells): string {
  const edges = ({ nodes }: DartsCell) =>
    nodes.flatMap((node) => node.map(({ operator, from }) => `('${String(operator)}', ${from})`)).join(', ');
  const fields = Object.entries({ normal, reduce }).flatMap(([name, one]) => [
    `${name}=[${edges(one)}]`,
    `${name}_concat=[${one.concat.join(', ')}]`,
  ]);
  return `Genotype(${fields.join(', ')})`;
}

const ALL_NODES = [2, 3, 4, 5];

/** First order. */
export const dartsV1: DartsCells = {
  normal: cell(
    [
      ['sep_conv_3x3', 1],
      ['sep_conv_3x3', 0],
      ['skip_connect', 0],
      ['sep_conv_3x3', 1],
      ['skip_connect', 0],
      ['sep_conv_3x3', 1],
      ['sep_conv_3x3', 0],
      ['skip_connect', 2],
    ],
    ALL_NODES,
  ),
  reduce: cell(
    [
      ['max_pool_3x3', 0],
      ['max_pool_3x3', 1],
      ['skip_connect', 2],
      ['max_pool_3x3', 0],
      ['max_pool_3x3', 0],
      ['skip_connect', 2],
      ['skip_connect', 2],
      ['avg_pool_3x3', 0],
    ],
    ALL_NODES,
  ),
};

/** Second order. */
export const dartsV2: DartsCells = {
  normal: cell(
    [
      ['sep_conv_3x3', 0],
      ['sep_conv_3x3', 1],
      ['sep_conv_3x3', 0],
      ['sep_conv_3x3', 1],
      ['sep_conv_3x3', 1],
      ['skip_connect', 0],
      ['skip_connect', 0],
      ['dil_conv_3x3', 2],
    ],
    ALL_NODES,
  ),
  reduce: cell(
    [
      ['max_pool_3x3', 0],
      ['max_pool_3x3', 1],
      ['skip_connect', 2],
      ['max_pool_3x3', 1],
      ['max_pool_3x3', 0],
      ['skip_connect', 2],
      ['skip_connect', 2],
      ['max_pool_3x3', 1],
    ],
    ALL_NODES,
  ),
};

/** NASNet-A as DARTS's authors transcribed it: its cells concatenate fewer states than the original's. */
export const nasnetTranscribed: DartsCells = {
  normal: cell(
    [
      ['sep_conv_5x5', 1],
      ['sep_conv_3x3', 0],
      ['sep_conv_5x5', 0],
      ['sep_conv_3x3', 0],
      ['avg_pool_3x3', 1],
      ['skip_connect', 0],
      ['avg_pool_3x3', 0],
      ['avg_pool_3x3', 0],
      ['sep_conv_3x3', 1],
      ['skip_connect', 1],
    ],
    [2, 3, 4, 5, 6],
  ),
  reduce: cell(
    [
      ['sep_conv_5x5', 1],
      ['sep_conv_7x7', 0],
      ['max_pool_3x3', 1],
      ['sep_conv_7x7', 0],
      ['avg_pool_3x3', 1],
      ['sep_conv_5x5', 0],
      ['skip_connect', 3],
      ['avg_pool_3x3', 2],
      ['sep_conv_3x3', 2],
      ['max_pool_3x3', 1],
    ],
    [4, 5, 6],
  ),
};

/** AmoebaNet-A as DARTS's authors transcribed it: another graph than the official one. */
export const amoebanetTranscribed: DartsCells = {
  normal: cell(
    [
      ['avg_pool_3x3', 0],
      ['max_pool_3x3', 1],
      ['sep_conv_3x3', 0],
      ['sep_conv_5x5', 2],
      ['sep_conv_3x3', 0],
      ['avg_pool_3x3', 3],
      ['sep_conv_3x3', 1],
      ['skip_connect', 1],
      ['skip_connect', 0],
      ['avg_pool_3x3', 1],
    ],
    [4, 5, 6],
  ),
  reduce: cell(
    [
      ['avg_pool_3x3', 0],
      ['sep_conv_3x3', 1],
      ['max_pool_3x3', 0],
      ['sep_conv_7x7', 2],
      ['sep_conv_7x7', 0],
      ['avg_pool_3x3', 1],
      ['max_pool_3x3', 0],
      ['max_pool_3x3', 1],
      ['conv_7x1_1x7', 0],
      ['sep_conv_3x3', 5],
    ],
    [3, 4, 6],
  ),
};
