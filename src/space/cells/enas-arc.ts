/** @file The notation of ENAS (Pham et al. 2018): architectures as the whole numbers that its controller draws. */
import { UsageError } from '../../error.js';
import { literalIn } from '../notations/python-literal.js';
import type { Block } from './block-cell.js';
import { BLOCKS } from './block-decisions.js';
import { type OperatorSet, operatorNames } from './operator.js';

/** Both cells of the micro space. */
export interface MicroArc {
  readonly normal: readonly Block[];
  readonly reduction: readonly Block[];
}

/** A layer of the macro space. */
export interface MacroLayer {
  readonly operator: string;
  readonly skips: readonly boolean[];
}

/** The cells that the authors' script for the final micro network gives. */
export const publishedMicroArc = '0 2 0 0 0 4 0 1 0 4 1 1 1 0 0 1 0 2 1 1 1 0 1 0 0 3 0 2 1 1 3 1 1 0 0 4 0 3 1 1'
  .split(' ')
  .map(Number);

/** The 24 layers that the authors' script for the final macro network gives. */
export const publishedMacroArc = [
  '0',
  '3 0',
  '0 1 0',
  '2 0 0 1',
  '2 0 0 0 0',
  '3 1 1 0 1 0',
  '2 0 0 0 0 0 1',
  '2 0 1 1 0 1 1 1',
  '1 0 1 1 1 0 1 0 1',
  '0 0 0 0 0 0 0 0 0 0',
  '2 0 0 0 0 0 1 0 0 0 0',
  '0 1 0 0 1 1 0 0 0 0 1 1',
  '2 0 1 0 0 0 0 0 1 0 1 1 0',
  '1 0 0 1 0 0 0 1 1 1 0 1 0 1',
  '0 1 1 0 1 0 1 0 0 0 0 0 1 0 0',
  '2 0 0 1 0 0 0 0 0 0 0 1 0 1 0 1',
  '2 0 1 0 0 0 1 0 0 1 1 1 1 0 0 1 0',
  '2 0 0 0 0 1 0 1 0 1 0 0 1 0 1 0 0 1',
  '3 0 1 1 0 1 0 0 0 0 0 1 0 1 0 1 0 0 0',
  '3 0 1 1 0 0 0 0 0 0 0 0 0 1 1 0 0 0 0 1',
  '0 1 0 0 1 0 1 1 0 0 0 1 0 0 0 0 0 1 1 0 0',
  '3 0 1 0 1 1 0 0 1 0 1 1 0 1 1 0 1 0 0 1 0 0',
  '0 1 0 1 0 1 0 0 0 0 0 0 0 0 1 0 1 0 0 1 0 0 0',
  '0 1 1 0 0 0 1 1 1 0 1 0 0 0 1 0 1 0 0 1 1 0 0 0',
].flatMap((layer) => layer.split(' ').map(Number));

/** The numbers of a text, in lists or not, of both kinds of arcs; `undefined` where anything else stands in it. */
export function numbersOf(text: string): number[] | undefined {
  const literal = literalIn(text);
  const numbers: readonly unknown[] = Array.isArray(literal) ? literal.flat(Number.POSITIVE_INFINITY) : [literal];
  return numbers.every((each) => typeof each === 'number') ? [...numbers] : undefined;
}

const NUMBERS_OF_A_BLOCK = 4;

/**
 * For each block of the normal cell, then of the reduction cell: state, operator, state, operator.
 * @throws {UsageError} where there are too few or too many numbers, or no operator has such a number
 */
export function parseMicroArc(numbers: readonly number[], operators: OperatorSet): MicroArc {
  const length = 2 * BLOCKS * NUMBERS_OF_A_BLOCK;
  if (numbers.length !== length) {
    throw new UsageError(
      `"${numbers.join(' ').slice(0, 80)}" has ${numbers.length} numbers; two cells of ${BLOCKS} blocks have ${length}: for each block a state, an operator, a state and an operator.`,
    );
  }
  const blocks = Array.from({ length: 2 * BLOCKS }, (_, index): Block => {
    const [from = 0, left = 0, other = 0, right = 0] = numbers.slice(NUMBERS_OF_A_BLOCK * index);
    return { inputs: [from, other], operators: [operatorAt(operators, left), operatorAt(operators, right)] };
  });
  return { normal: blocks.slice(0, BLOCKS), reduction: blocks.slice(BLOCKS) };
}

export function formatMicroArc({ normal, reduction }: MicroArc, operators: OperatorSet): string {
  const names = operatorNames(operators);
  return [...normal, ...reduction]
    .flatMap(({ inputs: [from, other], operators: [left, right] }) => [
      from,
      names.indexOf(left),
      other,
      names.indexOf(right),
    ])
    .join(' ');
}

/**
 * For each layer: its operator, and for the stem and each layer before the previous one 1 where it is taken, else 0.
 * @throws {UsageError} where the numbers are no whole layers, no operator has such a number, or a skip is neither 0 nor
 *   1
 */
export function parseMacroArc(numbers: readonly number[], operators: OperatorSet): MacroLayer[] {
  const layers: MacroLayer[] = [];
  let start = 0;
  while (start < numbers.length) {
    const [operator = 0, ...skips] = numbers.slice(start, start + layers.length + 1);
    if (skips.length < layers.length) {
      throw new UsageError(
        `"${numbers.join(' ').slice(0, 80)}" ends within layer ${layers.length}, which has an operator and ${layers.length} skips, but only ${skips.length} of them.`,
      );
    }
    const wrong = skips.find((skip) => skip !== 0 && skip !== 1);
    if (wrong !== undefined) throw new UsageError(`A skip of layer ${layers.length} is ${wrong}; allowed: 0, 1.`);
    start += layers.length + 1;
    layers.push({ operator: operatorAt(operators, operator), skips: skips.map((skip) => skip === 1) });
  }
  return layers;
}

export function formatMacroArc(layers: readonly MacroLayer[], operators: OperatorSet): string {
  const names = operatorNames(operators);
  return layers.flatMap(({ operator, skips }) => [names.indexOf(operator), ...skips.map(Number)]).join(' ');
}

function operatorAt(operators: OperatorSet, number: number): string {
  const names = operatorNames(operators);
  const name = names[number];
  if (name !== undefined) return name;
  const allowed = names.map((one, index) => `${index} (${one})`).join(', ');
  throw new UsageError(`There is no operator ${number}; allowed: ${allowed}.`);
}
