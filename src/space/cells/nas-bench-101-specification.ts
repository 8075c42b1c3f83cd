/** @file Cells of NAS-Bench-101 as the benchmark writes them: a matrix of edges and a list of operations. */
import { z } from 'zod';
import { UsageError } from '../../error.js';
import type { Notation } from '../notations/notation.js';
import { Call, literalIn, shown } from '../notations/python-literal.js';
import type { CellVertex } from './nas-bench-101-cell.js';

/** The operation of the first vertex. */
export const INPUT = 'input';

/** The operation of the last vertex. */
export const OUTPUT = 'output';

/** A cell as the benchmark writes it: an upper triangular matrix of edges, and an operation for each vertex. */
export interface Specification {
  readonly matrix: readonly (readonly number[])[];
  readonly ops: readonly string[];
}

/** The cell in the benchmark's notation. */
export function specificationOf(cell: readonly CellVertex[]): Specification {
  const vertices = [[], ...cell.map(({ inputs }) => inputs)];
  return {
    matrix: vertices.map((_, from) => vertices.map((inputs: readonly number[]) => (inputs.includes(from) ? 1 : 0))),
    ops: [INPUT, ...cell.map(({ operation }) => operation)],
  };
}

/** The cell without vertices that lie on no path, which the benchmark prunes; `null` if there is no path. */
export function cellOf({ matrix, ops }: Specification): CellVertex[] | null {
  const vertices = [...ops.keys()];
  const isEdge = (from: number, to: number) => matrix[from]?.[to] === 1;
  const fromInput = new Set([0]);
  for (const to of vertices) if (vertices.some((from) => fromInput.has(from) && isEdge(from, to))) fromInput.add(to);
  const toOutput = new Set([ops.length - 1]);
  for (const from of vertices.toReversed()) {
    if (vertices.some((to) => toOutput.has(to) && isEdge(from, to))) toOutput.add(from);
  }
  const kept = vertices.filter((vertex) => fromInput.has(vertex) && toOutput.has(vertex));
  if (!kept.includes(0) || !kept.includes(ops.length - 1)) return null;
  return kept.slice(1).map((vertex) => ({
    operation: ops[vertex] ?? '',
    inputs: [...kept.keys()].filter((from) => isEdge(kept[from] ?? vertex, vertex)),
  }));
}

/** How the benchmark's functions, its table and what is derived from them name the matrix and the operations. */
const FIELDS = [
  ['matrix', 'ops'],
  ['module_adjacency', 'module_operations'],
  ['original_matrix', 'original_ops'],
] as const;

/** Operations by the numbers of NASLib (naslib/search_spaces/nasbench101/conversions.py, all_ops). */
const NASLIB_OPERATIONS = [INPUT, OUTPUT, 'maxpool3x3', 'conv1x1-bn-relu', 'conv3x3-bn-relu'];

const EXPECTED =
  'a cell of NAS-Bench-101 is {"matrix": …, "ops": …}: "ops" begins with "input" and ends with "output", and "matrix" has as many rows and columns';

/** The benchmark's notations, which any operations have. */
export const specificationNotations: readonly Notation<readonly CellVertex[]>[] = [
  notation('matrix', '{"matrix": [[0, 1, …], …], "ops": ["input", …, "output"]}, as the arguments of ModelSpec', [
    'matrix',
    'ops',
  ]),
  notation(
    'module',
    '{"module_adjacency": [[0, 1, …], …], "module_operations": ["input", …, "output"]}, as the table holds them',
    ['module_adjacency', 'module_operations'],
  ),
];

/** Of the benchmark's three operations alone. */
export const naslibTuple: Notation<readonly CellVertex[]> = {
  name: 'naslib',
  description: `NASLib's tuple: the rows of the matrix one after the other, then the operations: ${NASLIB_OPERATIONS.map((name, number) => `${number} ${name}`).join(', ')}`,
  format(cell) {
    const { matrix, ops } = specificationOf(cell);
    return `(${[...matrix.flat(), ...ops.map((name) => NASLIB_OPERATIONS.indexOf(name))].join(', ')})`;
  },
  parse(text) {
    const numbers = literalIn(text);
    if (!isNumbers(numbers)) return undefined;
    // n² entries and n operations.
    const vertices = Math.round((Math.sqrt(1 + 4 * numbers.length) - 1) / 2);
    if (vertices < 2 || vertices ** 2 + vertices !== numbers.length)
      throw new UsageError(
        `"${text.slice(0, 80)}" has ${numbers.length} numbers; a cell of n vertices has n·n of its matrix and n of its operations, such as 56 for 7.`,
      );
    const row = (from: number) => numbers.slice(from * vertices, (from + 1) * vertices);
    const ops = row(vertices).map((number, vertex) => {
      const name = NASLIB_OPERATIONS[number];
      if (name !== undefined) return name;
      throw new UsageError(
        `Operation ${vertex} of "${text.slice(0, 80)}" is ${number}; allowed: ${NASLIB_OPERATIONS.map((one, index) => `${index} ${one}`).join(', ')}.`,
      );
    });
    return readCell({ matrix: Array.from({ length: vertices }, (_, from) => row(from)), ops }, ['matrix', 'ops']);
  },
};

/** Both read all spellings and write their own. */
function notation(
  name: string,
  description: string,
  [matrixName, opsName]: (typeof FIELDS)[number],
): Notation<readonly CellVertex[]> {
  return {
    name,
    description,
    format(cell) {
      const { matrix, ops } = specificationOf(cell);
      return JSON.stringify({ [matrixName]: matrix, [opsName]: ops });
    },
    parse(text) {
      const literal = literalIn(text);
      const value = literal instanceof Call ? Object.fromEntries(literal.named(['matrix', 'ops'])) : literal;
      if (typeof value !== 'object' || value === null || isList(value)) return undefined;
      const fields = FIELDS.find((names) => names.every((field) => Object.hasOwn(value, field)));
      if (fields !== undefined) return readCell(value, fields);
      throw new UsageError(`"${text.trim().slice(0, 80)}" cannot be read: ${EXPECTED}.`);
    },
  };
}

/** Whether entries are edges is asked one by one, for the message. */
const matrixSchema = z.array(z.array(z.unknown()));
const opsSchema = z.array(z.string()).min(2);

/**
 * The cell of a matrix and operations, which may stand in text of their own.
 * @throws {UsageError} where it is wrong, with what and at which place
 */
function readCell(value: { readonly [field: string]: unknown }, [matrixName, opsName]: readonly [string, string]) {
  const matrix = matrixSchema.safeParse(withoutQuotes(value[matrixName]));
  const ops = opsSchema.safeParse(withoutQuotes(value[opsName]));
  if (!matrix.success) throw new UsageError(`"${matrixName}" is ${shown(value[matrixName])}; ${EXPECTED}.`);
  if (!ops.success || ops.data.at(0) !== INPUT || ops.data.at(-1) !== OUTPUT)
    throw new UsageError(`"${opsName}" is ${shown(value[opsName])}; ${EXPECTED}.`);
  const { length } = ops.data;
  if (matrix.data.length !== length)
    throw new UsageError(
      `"${matrixName}" has ${matrix.data.length} rows, but "${opsName}" has ${length} operations; ${EXPECTED}.`,
    );
  const rows = matrix.data.map((row, from) => {
    if (row.length !== length)
      throw new UsageError(
        `${matrixName}[${from}] has ${row.length} entries, but there are ${length} rows; ${EXPECTED}.`,
      );
    return row.map((edge, to) => {
      if (edge === 0 || edge === false) return 0;
      if ((edge === 1 || edge === true) && from < to) return 1;
      throw new UsageError(
        `${matrixName}[${from}][${to}] is ${shown(edge)}; it must be ${from < to ? '0 or 1' : '0, since edges lead to later vertices'}.`,
      );
    });
  });
  const cell = cellOf({ matrix: rows, ops: ops.data });
  if (cell !== null) return cell;
  throw new UsageError('The cell has no path from its input to its output: its network would not see the image.');
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const isNumbers = (value: unknown): value is readonly number[] =>
  isList(value) && value.every((each) => typeof each === 'number');

/** Tables of text hold lists in quotes. */
const withoutQuotes = (value: unknown): unknown => (typeof value === 'string' ? literalIn(value) : value);
