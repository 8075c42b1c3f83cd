/** @file How cells of NAS-Bench-201 are written: by the benchmark's string, NASLib's numbers, or their number in the benchmark. */
import { UsageError } from '../../error.js';
import type { Notation } from '../notations/notation.js';
import { literalIn } from '../notations/python-literal.js';
import { NAS_BENCH_201_CELLS, nasBench201Order } from './nas-bench-201-order.js';

/** Entry `[i][j]` is the operator on the edge from node `j` to node `i + 1`. */
type Cell = readonly (readonly string[])[];

/** The benchmark's own notation, which any operators have. */
export const archString: Notation<Cell> = {
  name: 'arch-string',
  description: '|OP~0|+|OP~0|OP~1|+|OP~0|OP~1|OP~2|, where OP~J is the operator on the edge from node J',
  format: (cell) => cell.map((edges) => `|${edges.map((name, from) => `${name}~${from}`).join('|')}|`).join('+'),
  parse(text) {
    // The authors' code prints cells within such words.
    const [, words = text] = /^\s*\w+\(\d+ nodes with (.*)\)\s*$/s.exec(text) ?? [];
    // Text in quotes is read without them, and lists are another notation.
    if (!words.includes('~') || /^[^|]*['"[({]/.test(words)) return undefined;
    return words
      .replaceAll(/\s/g, '')
      .split('+')
      .map((node, index) => {
        if (!/^\|.*\|$/.test(node))
          throw new UsageError(
            `Node ${index + 1} of "${text.slice(0, 80)}" is "${node.slice(0, 80)}"; it must be within "|" and "|".`,
          );
        return node
          .slice(1, -1)
          .split('|')
          .map((edge, from) => {
            const [name, source] = edge.split('~');
            if (source === String(from)) return name;
            throw new UsageError(
              `Edge ${from + 1} into node ${index + 1} of "${text.slice(0, 80)}" is "${edge.slice(0, 80)}"; it must end in "~${from}".`,
            );
          });
      });
  },
};

/** By the numbers of NASLib (naslib/search_spaces/nasbench201/conversions.py, OP_NAMES_NB201). */
const NASLIB_OPERATORS = ['skip_connect', 'none', 'nor_conv_3x3', 'nor_conv_1x1', 'avg_pool_3x3'];

/** Where NASLib's numbers stand in a cell, `[node, from]`: it sorts edges by their start (EDGE_LIST). */
const NASLIB_EDGES = [
  [0, 0],
  [1, 0],
  [2, 0],
  [1, 1],
  [2, 1],
  [2, 2],
] as const;

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'number');

/** Operators in the order of the benchmark's enumeration. */
const OPERATORS = ['none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3'];

/** Notations that know the benchmark's five operators alone. */
export const numberedNotations: readonly Notation<Cell>[] = [
  {
    name: 'naslib',
    description: `NASLib's six numbers, such as (4, 0, 3, 1, 4, 3), of the edges 1-2, 1-3, 1-4, 2-3, 2-4 and 3-4: ${numbered(NASLIB_OPERATORS)}`,
    format: (cell) =>
      `(${NASLIB_EDGES.map(([node, from]) => NASLIB_OPERATORS.indexOf(cell[node]?.[from] ?? '')).join(', ')})`,
    parse(text) {
      const numbers = literalIn(text);
      if (!isNumbers(numbers)) return undefined;
      if (numbers.length !== NASLIB_EDGES.length)
        throw new UsageError(
          `"${text.slice(0, 80)}" has ${numbers.length} numbers; NASLib's notation has ${NASLIB_EDGES.length}, one for each edge.`,
        );
      const names = numbers.map((number, index) => {
        const name = NASLIB_OPERATORS[number];
        if (name !== undefined) return name;
        throw new UsageError(
          `Number ${index + 1} of "${text.slice(0, 80)}" is ${number}; allowed: ${numbered(NASLIB_OPERATORS)}.`,
        );
      });
      return [0, 1, 2].map((node) => names.filter((_, index) => NASLIB_EDGES[index]?.[0] === node));
    },
  },
  {
    name: 'index',
    description: `the cell's number in the benchmark and in NATS-Bench, 0 to ${NAS_BENCH_201_CELLS - 1}`,
    format: (cell) => {
      const place = cell.flat().reduce((sum, name) => sum * OPERATORS.length + OPERATORS.indexOf(name), 0);
      return String(nasBench201Order().indexOf(place));
    },
    parse(text) {
      const index = literalIn(text);
      if (typeof index !== 'number') return undefined;
      const place = nasBench201Order()[index];
      if (place === undefined)
        throw new UsageError(
          `There is no cell ${index} of NAS-Bench-201; they are numbered from 0 to ${NAS_BENCH_201_CELLS - 1}.`,
        );
      const names = Array.from(
        place.toString(OPERATORS.length).padStart(NASLIB_EDGES.length, '0'),
        (digit) => OPERATORS[Number(digit)] ?? '',
      );
      return [names.slice(0, 1), names.slice(1, 3), names.slice(3)];
    },
  },
];

function numbered(names: readonly string[]): string {
  return names.map((name, number) => `${number} ${name}`).join(', ');
}
