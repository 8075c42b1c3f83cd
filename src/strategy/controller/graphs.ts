/** @file The three graphs of a controller: one step of its policy, the gradient through one step, and the update. */
import {
  adam,
  add,
  clipGlobalNorm,
  emitModel,
  exp,
  gather,
  gradients,
  input,
  linear,
  logSoftmax,
  lstmCell,
  maximum,
  minimum,
  mul,
  neg,
  oneHot,
  reduceSum,
  scalar,
  sub,
  type Tensor,
} from '../../tensor/index.js';
import { type ControllerSize, parameterCount, parameterViews } from './parameters.js';

/** What the gradient climbs. */
export interface Objective {
  /** ε of PPO, which clips the ratio of new to old probability to 1 ± ε; `null` for REINFORCE. */
  readonly clip: number | null;
  /** The weight of the entropy. */
  readonly entropy: number;
}

/** Subtracted from the logits of what is no option here: its probability is exactly 0. */
const NO_OPTION = 1e9;

/**
 * One step for each of N sequences: the answers before it [N] enter the LSTM, and the logits of the options are a row each
 * of the table.
 */
function step(size: ControllerSize, batch: number) {
  const parameters = input('parameters', [parameterCount(size)]);
  const state = { hidden: input('hidden', [batch, size.hidden]), cell: input('cell', [batch, size.hidden]) };
  const { lstm, embedding, head } = parameterViews(size, parameters);
  const next = lstmCell(gather(embedding, input('previous', [batch], 'int32')), state, lstm);
  const isOption = input('options', [batch, size.rows]);
  const logits = add(linear(next.hidden, head.weight, head.bias), mul(sub(isOption, scalar(1)), scalar(NO_OPTION)));
  return { parameters, state, next, logProbabilities: logSoftmax(logits) };
}

/** The model of a step: log-probabilities [N, V], and the next state. */
export function stepModel(size: ControllerSize, batch: number): Uint8Array {
  const { next, logProbabilities } = step(size, batch);
  return emitModel({ logProbabilities, nextHidden: next.hidden, nextCell: next.cell });
}

/**
 * The model of the gradient through one step. Sequences differ in length between architectures, so that the steps are
 * unrolled outside: the last one first, each passing the gradient of its state on to the one before it, and adding its
 * share to the gradient of the parameters. The loss is the mean over N sequences of the sum over their steps.
 */
export function gradientModel(size: ControllerSize, batch: number, objective: Objective): Uint8Array {
  const { parameters, state, next, logProbabilities } = step(size, batch);
  const chosen = oneHot(input('answer', [batch], 'int32'), size.rows);
  const logProbability = reduceSum(mul(chosen, logProbabilities), [1]);
  const entropy = neg(reduceSum(mul(exp(logProbabilities), logProbabilities), [1]));
  // 1 in the steps of a sequence, 0 after its end.
  const isStep = input('isStep', [batch]);
  const gain = add(surrogate(logProbability, objective.clip), mul(entropy, scalar(objective.entropy)));
  const loss = mul(reduceSum(mul(gain, isStep)), scalar(-1 / batch));
  const passedOn = add(
    reduceSum(mul(next.hidden, input('nextHiddenGradient', next.hidden.shape))),
    reduceSum(mul(next.cell, input('nextCellGradient', next.cell.shape))),
  );
  const [share, hiddenGradient, cellGradient] = gradients(add(loss, passedOn), [parameters, state.hidden, state.cell]);
  if (share === undefined || hiddenGradient === undefined || cellGradient === undefined)
    throw new RangeError('a step has gradients of its parameters and its state');
  const gradient = add(input('laterGradient', parameters.shape), share);
  return emitModel({ gradient, hiddenGradient, cellGradient });
}

/**
 * What a step gains: log π · A (Williams 1992), or min(ρA, clip(ρ, 1 ± ε)A) with ρ = π / π_old (Schulman et al. 2017,
 * eq. 7). Where ρ is 1 both have the same gradient.
 */
function surrogate(logProbability: Tensor, clip: number | null): Tensor {
  const advantage = input('advantage', logProbability.shape);
  if (clip === null) return mul(logProbability, advantage);
  const ratio = exp(sub(logProbability, input('oldLogProbability', logProbability.shape)));
  const clipped = minimum(maximum(ratio, scalar(1 - clip)), scalar(1 + clip));
  return minimum(mul(ratio, advantage), mul(clipped, advantage));
}

/** Adam; the controllers of Zoph and Le, of NASNet and of ENAS are trained by it. */
const optimizer = adam();

/** Names of the vectors that the optimiser keeps. */
export const optimizerSlots = optimizer.slots;

/** The model of the update: the gradient clipped to a norm, then a step of Adam. */
export function updateModel(size: ControllerSize, gradientClip: number): Uint8Array {
  const vector = (name: string): Tensor => input(name, [parameterCount(size)]);
  const next = optimizer.update({
    parameters: vector('parameters'),
    gradient: clipGlobalNorm(vector('gradient'), gradientClip),
    slots: optimizer.slots.map(vector),
    learningRate: input('learningRate', []),
    step: input('step', []),
  });
  const slots = Object.fromEntries(next.slots.map((slot, place) => [`next ${optimizer.slots[place]}`, slot]));
  return emitModel({ 'next parameters': next.parameters, ...slots });
}
