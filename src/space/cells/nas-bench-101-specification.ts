/** @file Cells of NAS-Bench-101 as the benchmark writes them: a matrix of edges and a list of operations. */
import { z } from 'zod';
import { UsageError } from '../../error.js';
import { parseJson } from '../space.js';
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

/** Whether entries are edges is asked one by one, for the message. */
const specificationSchema = z
  .object({ matrix: z.array(z.array(z.unknown())), ops: z.array(z.string()).min(2) })
  .refine(({ ops }) => ops.at(0) === INPUT && ops.at(-1) === OUTPUT)
  .refine(({ matrix, ops }) => [matrix, ...matrix].every(({ length }) => length === ops.length));

/**
 * Reads `{"matrix": [[0, 1, …], …], "ops": ["input", …, "output"]}`.
 * @throws {UsageError} with what is wrong and where.
 */
export function readSpecification(text: string): Specification {
  const specification = specificationSchema.safeParse(parseJson(text));
  if (!specification.success) {
    throw new UsageError(
      'A cell of NAS-Bench-101 is {"matrix": …, "ops": …}: "ops" begins with "input" and ends with "output", and "matrix" has as many rows and columns.',
    );
  }
  const { matrix, ops } = specification.data;
  for (const [from, row] of matrix.entries()) {
    for (const [to, edge] of row.entries()) {
      if (edge === 0 || (edge === 1 && from < to)) continue;
      throw new UsageError(
        `matrix[${from}][${to}] is ${JSON.stringify(edge)}; it must be ${from < to ? '0 or 1' : '0, since edges lead to later vertices'}.`,
      );
    }
  }
  return { matrix: matrix.map((row) => row.map(Number)), ops };
}
