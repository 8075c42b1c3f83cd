/** @file The graphs of several multilayer perceptrons side by side: steps of their training, and their predictions. */
import type { Random } from '../../random.js';
import {
  abs,
  adam,
  add,
  concat,
  emitModel,
  gradients,
  input,
  matmul,
  mul,
  reduceSum,
  relu,
  reshape,
  slice,
  sub,
  type Tensor,
  transpose,
} from '../../tensor/index.js';

/** What the perceptrons are made of. */
export interface PerceptronSize {
  /** M, how many there are. */
  readonly members: number;
  /** F, the numbers that they see. */
  readonly inputs: number;
  /** The units of each hidden layer; each layer ends in ReLU. */
  readonly hidden: readonly number[];
}

/** The rows of a step of training, and the steps of one run of its model. */
export interface TrainingSize {
  /** B. */
  readonly batch: number;
  /** S. */
  readonly steps: number;
}

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
}

const layersOf = ({ inputs, hidden }: PerceptronSize): Layer[] =>
  [...hidden, 1].map((outputs, index) => ({ inputs: hidden[index - 1] ?? inputs, outputs }));

/** P, the parameters of all members: layer by layer the weights [M, in, out], then the biases [M, 1, out]. */
export const parameterCount = (size: PerceptronSize): number =>
  layersOf(size).reduce((count, { inputs, outputs }) => count + size.members * (inputs + 1) * outputs, 0);

/** Weights uniform in ±√(6 / in), which keeps the size of what ReLUs pass on (He et al. 2015, eq. 10); biases zero. */
export function initialParameters(size: PerceptronSize, random: Random): Float32Array {
  const parameters = new Float32Array(parameterCount(size));
  let start = 0;
  for (const { inputs, outputs } of layersOf(size)) {
    const bound = Math.sqrt(6 / inputs);
    const end = start + size.members * inputs * outputs;
    for (let index = start; index < end; index++) parameters[index] = bound * (2 * random.uniform() - 1);
    start = end + size.members * outputs;
  }
  return parameters;
}

/** The parts of the flat vector [P] in their order, each of them flat as well. */
function partsOf(size: PerceptronSize, flat: Tensor): Tensor[] {
  let start = 0;
  const take = (length: number): Tensor => {
    const part = slice(flat, { starts: [start], ends: [start + length], axes: [0] });
    start += length;
    return part;
  };
  return layersOf(size).flatMap(({ inputs, outputs }) => [
    take(size.members * inputs * outputs),
    take(size.members * outputs),
  ]);
}

/** What each member makes of rows [B, F]: [M, B, 1]. */
function forward(size: PerceptronSize, parts: readonly Tensor[], rows: Tensor): Tensor {
  return layersOf(size).reduce((x, { inputs, outputs }, index) => {
    const [weights, biases] = parts.slice(2 * index);
    if (weights === undefined || biases === undefined) throw new RangeError(`there is no layer ${index}`);
    const product = matmul(x, reshape(weights, [size.members, inputs, outputs]));
    const sum = add(product, reshape(biases, [size.members, 1, outputs]));
    return index < size.hidden.length ? relu(sum) : sum;
  }, rows);
}

const optimizer = adam();

/** Names of the vectors that the optimiser keeps. */
export const optimizerSlots = optimizer.slots;

/** The inputs of one of the steps: rows [B, F], values [B, 1], what each row counts for each member [M, B, 1], and two scalars. */
export const stepInputs = (step: number) => ({
  rows: `rows ${step}`,
  values: `values ${step}`,
  weights: `weights ${step}`,
  learningRate: `learningRate ${step}`,
  count: `step ${step}`,
});

/**
 * The model of S steps of Adam. The loss is the sum over rows of what they count times the distance of prediction and value
 * (L1, Liu et al. 2018); members share no parameters, so that each has the gradient of its own loss.
 */
export function trainingModel(size: PerceptronSize, { batch, steps }: TrainingSize): Uint8Array {
  const vector = (name: string): Tensor => input(name, [parameterCount(size)]);
  let parameters = vector('parameters');
  let slots: readonly Tensor[] = optimizer.slots.map(vector);
  for (let step = 0; step < steps; step++) {
    const names = stepInputs(step);
    const parts = partsOf(size, parameters);
    const predictions = forward(size, parts, input(names.rows, [batch, size.inputs]));
    const distances = abs(sub(predictions, input(names.values, [batch, 1])));
    const loss = reduceSum(mul(distances, input(names.weights, [size.members, batch, 1])));
    ({ parameters, slots } = optimizer.update({
      parameters,
      gradient: concat(gradients(loss, parts), 0),
      slots,
      learningRate: input(names.learningRate, []),
      step: input(names.count, []),
    }));
  }
  const next = Object.fromEntries(slots.map((slot, place) => [`next ${optimizer.slots[place]}`, slot]));
  return emitModel({ 'next parameters': parameters, ...next });
}

/** The model of the predictions [N, M] for any number of rows [N, F]. */
export function predictionModel(size: PerceptronSize): Uint8Array {
  const parts = partsOf(size, input('parameters', [parameterCount(size)]));
  const outputs = forward(size, parts, input('rows', [1, size.inputs]));
  const predictions = reshape(transpose(outputs, [1, 0, 2]), [1, size.members]);
  return emitModel({ predictions }, { dynamicBatch: true });
}
