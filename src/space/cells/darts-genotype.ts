/** @file Cells of DARTS (Liu et al. 2019) in writing: the genotypes of its authors, and NASLib's numbers. */
import { UsageError } from '../../error.js';
import { Call, literalIn, type PythonLiteral, shown } from '../notations/python-literal.js';
import type { DartsCell, DartsCells } from './darts-network.js';

/** An edge that is decided: its operator, and the state that it takes. */
type DecidedEdge = readonly [operator: string, from: number];

/** Entries 2k and 2k + 1 of the notation belong to node k + 2. */
const EDGES_OF_A_NODE = 2;

/** Nodes come after the two inputs of a cell. */
const FIRST_NODE = 2;

/** A cell of two edges a node. @param concat the states in its output; default: all nodes. */
export function cellOfEdges(edges: readonly DecidedEdge[], concat?: readonly number[]): DartsCell {
  const nodes = Array.from({ length: edges.length / EDGES_OF_A_NODE }, (_, node) =>
    edges.slice(node * EDGES_OF_A_NODE, (node + 1) * EDGES_OF_A_NODE).map(([operator, from]) => ({ operator, from })),
  );
  return { nodes, concat: concat ?? Array.from(nodes, (_, node) => node + FIRST_NODE) };
}

const NAMES = ['normal', 'normal_concat', 'reduce', 'reduce_concat'] as const;

const EXAMPLE =
  "Genotype(normal=[('sep_conv_3x3', 0), …], normal_concat=[2, 3, 4, 5], reduce=[…], reduce_concat=[2, 3, 4, 5])";

/**
 * Reads `Genotype(normal=[('sep_conv_3x3', 0), …], normal_concat=[2, 3, 4, 5], reduce=[…], reduce_concat=range(2, 6))` or the
 * dict of the same names. Edges come one after the other or in a list for each node.
 *
 * @returns `undefined` where the text is neither
 * @throws {UsageError} where it is wrong, with what and at which place
 */
export function parseGenotype(text: string): DartsCells | undefined {
  const fields = fieldsOf(literalIn(text));
  if (fields === undefined) return undefined;
  const field = (name: (typeof NAMES)[number]): PythonLiteral => {
    const value = fields.get(name);
    if (value === undefined) throw new UsageError(`The genotype lacks "${name}"; one reads ${EXAMPLE}.`);
    return value;
  };
  const read = (name: 'normal' | 'reduce'): DartsCell => ({
    nodes: readNodes(name, field(name)),
    concat: readConcat(`${name}_concat`, field(`${name}_concat`)),
  });
  const cells = { normal: read('normal'), reduce: read('reduce') };
  const unknown = [...fields.keys()].find((name) => !NAMES.some((known) => known === name));
  if (unknown === undefined) return cells;
  throw new UsageError(`The genotype has "${unknown}", which it must not; one reads ${EXAMPLE}.`);
}

/** What a genotype's names stand for; `undefined` where a literal is none. */
function fieldsOf(literal: PythonLiteral | Call | undefined): ReadonlyMap<string, PythonLiteral> | undefined {
  if (literal instanceof Call) return literal.name === 'Genotype' ? literal.named(NAMES) : undefined;
  const isGenotype = typeof literal === 'object' && literal !== null && Object.hasOwn(literal, 'normal_concat');
  return isGenotype ? new Map(Object.entries(literal)) : undefined;
}

function readNodes(name: string, value: PythonLiteral): DartsCell['nodes'] {
  if (!isList(value)) throw new UsageError(`"${name}" of the genotype is ${shown(value)}; it must be a list of edges.`);
  const areNodes = value.length > 0 && value.every((node) => isList(node) && node.every(isList));
  if (!areNodes) {
    const edges = value.map((edge, index) => readEdge(`${name}[${index}]`, edge));
    if (edges.length > 0 && edges.length % EDGES_OF_A_NODE === 0) return cellOfEdges(edges).nodes;
    throw new UsageError(`"${name}" of the genotype has ${edges.length} edges; a node takes ${EDGES_OF_A_NODE}.`);
  }
  return value.map((node, index) => {
    const edges = isList(node) ? node.map((edge, at) => readEdge(`${name}[${index}][${at}]`, edge)) : [];
    if (edges.length === EDGES_OF_A_NODE) return edges.map(([operator, from]) => ({ operator, from }));
    throw new UsageError(
      `${name}[${index}] of the genotype has ${edges.length} edges; a node takes ${EDGES_OF_A_NODE}.`,
    );
  });
}

function readEdge(place: string, value: PythonLiteral): DecidedEdge {
  const [operator, from, ...more] = isList(value) ? value : [];
  if (typeof operator === 'string' && isState(from) && more.length === 0) return [operator, from];
  throw new UsageError(`${place} of the genotype is ${shown(value)}; an edge reads ('sep_conv_3x3', 0).`);
}

function readConcat(name: string, value: PythonLiteral): number[] {
  if (isList(value) && value.every(isState)) return [...value];
  throw new UsageError(`"${name}" of the genotype is ${shown(value)}; it reads [2, 3, 4, 5] or range(2, 6).`);
}

const isList = (value: PythonLiteral | undefined): value is readonly PythonLiteral[] => Array.isArray(value);

const isState = (value: PythonLiteral | undefined): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0;

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

/** Operators by the numbers of NASLib (naslib/search_spaces/nasbench301/conversions.py, OPS). */
const NASLIB_OPERATORS = [
  'max_pool_3x3',
  'avg_pool_3x3',
  'skip_connect',
  'sep_conv_3x3',
  'sep_conv_5x5',
  'dil_conv_3x3',
  'dil_conv_5x5',
];

/** What {@link parseCompact} reads. */
export const compactDescription = `NASLib's compact tuple: for both cells eight edges (STATE, OPERATOR), such as (0, 3): ${NASLIB_OPERATORS.map((name, number) => `${number} ${name}`).join(', ')}`;

/**
 * Reads NASLib's tuple of both cells, of edges `(state, operator)`; a cell concatenates all its nodes.
 *
 * @returns `undefined` where the text is another literal
 * @throws {UsageError} where it is wrong, with what and at which place
 */
export function parseCompact(text: string): DartsCells | undefined {
  const cells = literalIn(text);
  if (cells instanceof Call || !isList(cells)) return undefined;
  const [normal, reduce, ...more] = cells;
  if (normal === undefined || reduce === undefined || more.length > 0)
    throw new UsageError(
      `"${text.trim().slice(0, 80)}" has ${cells.length} cells; there must be two, the normal and the reduction.`,
    );
  const read = (name: string, value: PythonLiteral): DartsCell => {
    if (!isList(value)) throw new UsageError(`The ${name} cell is ${shown(value)}; it must be a list of edges.`);
    const edges = value.map((edge, index) => readNumberedEdge(`Edge ${index + 1} of the ${name} cell`, edge));
    if (edges.length > 0 && edges.length % EDGES_OF_A_NODE === 0) return cellOfEdges(edges);
    throw new UsageError(`The ${name} cell has ${edges.length} edges; a node takes ${EDGES_OF_A_NODE}.`);
  };
  return { normal: read('normal', normal), reduce: read('reduction', reduce) };
}

function readNumberedEdge(place: string, value: PythonLiteral): DecidedEdge {
  const [from, number, ...more] = isList(value) ? value : [];
  const operator = isState(number) ? NASLIB_OPERATORS[number] : undefined;
  if (operator !== undefined && isState(from) && more.length === 0) return [operator, from];
  throw new UsageError(
    `${place} is ${shown(value)}; it must be (STATE, OPERATOR), operators ${NASLIB_OPERATORS.map((name, index) => `${index} ${name}`).join(', ')}.`,
  );
}

/** NASLib's tuple of decided cells. */
export function formatCompact({ normal, reduce }: DartsCells): string {
  const edges = [normal, reduce].map(({ nodes }) =>
    nodes.flat().map(({ operator, from }) => `(${from}, ${NASLIB_OPERATORS.indexOf(String(operator))})`),
  );
  return `(${edges.map((each) => `(${each.join(', ')})`).join(', ')})`;
}
