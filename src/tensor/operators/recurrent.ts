/** @file The long short-term memory cell. */
import { showShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { sigmoid, tanh } from './activation.js';
import { add, mul } from './arithmetic.js';
import { linear } from './matrix.js';
import { slice } from './shaping.js';

/** What an LSTM keeps from one step to the next. */
export interface LstmState {
  /** [N, H]. */
  readonly hidden: Tensor;
  /** [N, H]. */
  readonly cell: Tensor;
}

/** The weights of an LSTM. */
export interface LstmWeights {
  /** [4H, in], gates in the order input, forget, cell, output. */
  readonly input: Tensor;
  /** [4H, H]. */
  readonly hidden: Tensor;
  /** [4H]; none by default. */
  readonly bias?: Tensor;
}

/** One step of an LSTM on x [N, in] (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000). */
export function lstmCell(x: Tensor, { hidden, cell }: LstmState, weights: LstmWeights): LstmState {
  const [batch, size = 0] = hidden.shape;
  const [[cells, cellSize], [gateCount]] = [cell.shape, weights.input.shape];
  if (cells !== batch || cellSize !== size || gateCount !== 4 * size || x.shape[0] !== batch) {
    const shapes = [x, hidden, cell, weights.input].map(({ shape }) => showShape(shape));
    throw new RangeError(
      `lstmCell takes [N, in], a state of [N, H] and [N, H], and weights [4H, in], not ${shapes.join(', ')}`,
    );
  }
  const gates = add(linear(x, weights.input, weights.bias), linear(hidden, weights.hidden));
  const gate = (index: number): Tensor =>
    slice(gates, { starts: [index * size], ends: [(index + 1) * size], axes: [1] });
  const next = add(mul(sigmoid(gate(1)), cell), mul(sigmoid(gate(0)), tanh(gate(2))));
  return { hidden: mul(sigmoid(gate(3)), tanh(next)), cell: next };
}
