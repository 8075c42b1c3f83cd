/** @file The parameters of a controller: one flat vector, to which rows for new answers are appended. */
import type { Random } from '../../random.js';
import { type LstmWeights, reshape, slice, type Tensor } from '../../tensor/index.js';

/** What a controller is made of. */
export interface ControllerSize {
  /** H, the LSTM's hidden units. */
  readonly hidden: number;
  /** E, the numbers that stand for an answer. */
  readonly embedding: number;
  /** V, the rows of the table of answers. */
  readonly rows: number;
}

/** The parameters as the graph reads them. */
export interface ParameterViews {
  readonly lstm: LstmWeights;
  /** [V, E]: each answer as the input of the next step. */
  readonly embedding: Tensor;
  /** [V, H] and [V]: the logit of each answer. */
  readonly head: { readonly weight: Tensor; readonly bias: Tensor };
}

const gates = ({ hidden }: ControllerSize): number => 4 * hidden;
const lstmLength = (size: ControllerSize): number => gates(size) * (size.embedding + size.hidden + 1);
const rowLength = ({ hidden, embedding }: ControllerSize): number => embedding + hidden + 1;

/** P, how many parameters there are: the LSTM's weights, then a row for each answer. */
export const parameterCount = (size: ControllerSize): number => lstmLength(size) + size.rows * rowLength(size);

/** The parts of the flat vector [P]. */
export function parameterViews(size: ControllerSize, flat: Tensor): ParameterViews {
  const { hidden, embedding, rows } = size;
  let start = 0;
  const take = (shape: readonly number[]): Tensor => {
    const end = start + shape.reduce((product, extent) => product * extent, 1);
    const part = slice(flat, { starts: [start], ends: [end], axes: [0] });
    start = end;
    return reshape(part, shape);
  };
  const lstm = {
    input: take([gates(size), embedding]),
    hidden: take([gates(size), hidden]),
    bias: take([gates(size)]),
  };
  const table = take([rows, rowLength(size)]);
  const columns = (from: number, to: number): Tensor => slice(table, { starts: [from], ends: [to], axes: [1] });
  return {
    lstm,
    embedding: columns(0, embedding),
    head: {
      weight: columns(embedding, embedding + hidden),
      bias: reshape(columns(embedding + hidden, rowLength(size)), [rows]),
    },
  };
}

/** Starts the LSTM's weights, uniform in ±`bound`; its biases stay zero. */
export function initialiseLstm(flat: Float32Array, size: ControllerSize, bound: number, random: Random): void {
  fillUniform(flat.subarray(0, gates(size) * (size.embedding + size.hidden)), bound, random);
}

/** Starts the row of an answer, uniform in ±`bound`; its bias stays zero. */
export function initialiseRow(
  flat: Float32Array,
  size: ControllerSize,
  row: number,
  bound: number,
  random: Random,
): void {
  const start = lstmLength(size) + row * rowLength(size);
  fillUniform(flat.subarray(start, start + rowLength(size) - 1), bound, random);
}

function fillUniform(target: Float32Array, bound: number, random: Random): void {
  for (let index = 0; index < target.length; index++) target[index] = bound * (2 * random.uniform() - 1);
}
