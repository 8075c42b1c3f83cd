/** @file Adam and AdamW. */
import { add, div, mul, pow, sqrt, sub } from '../operators/arithmetic.js';
import { scalar } from '../operators/source.js';
import type { Tensor } from '../tensor.js';
import type { Optimizer, OptimizerStep } from './optimizer.js';

/** Settings of Adam and AdamW. */
export interface AdamOptions {
  /** Default 0.9 (Kingma and Ba 2015). */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  /** Default 0. In Adam an L2 penalty in the gradient; in AdamW decoupled from it (Loshchilov and Hutter 2019). */
  readonly weightDecay?: number;
}

/** Adam (Kingma and Ba 2015, algorithm 1). */
export function adam({ weightDecay = 0, ...options }: AdamOptions = {}): Optimizer {
  return {
    name: 'adam',
    settings: { weightDecay, ...options },
    slots: ['mean', 'square'],
    update(step) {
      const { parameters, gradient } = step;
      const decayed = weightDecay === 0 ? gradient : add(gradient, mul(parameters, scalar(weightDecay)));
      return adaptiveUpdate(parameters, decayed, step, options);
    },
  };
}

/** AdamW (Loshchilov and Hutter 2019, algorithm 2): θ shrinks by η·λ·θ, and the moments do not see it. */
export function adamW({ weightDecay = 0.01, ...options }: AdamOptions = {}): Optimizer {
  return {
    name: 'adamw',
    settings: { weightDecay, ...options },
    slots: ['mean', 'square'],
    update(step) {
      const { parameters, gradient, learningRate } = step;
      const shrunk = sub(parameters, mul(parameters, mul(learningRate, scalar(weightDecay))));
      return adaptiveUpdate(shrunk, gradient, step, options);
    },
  };
}

function adaptiveUpdate(
  parameters: Tensor,
  gradient: Tensor,
  { slots: [mean, square], learningRate, step }: OptimizerStep,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions,
) {
  if (mean === undefined || square === undefined) throw new RangeError('Adam keeps two slots, mean and square');
  const nextMean = add(mul(mean, scalar(beta1)), mul(gradient, scalar(1 - beta1)));
  const nextSquare = add(mul(square, scalar(beta2)), mul(mul(gradient, gradient), scalar(1 - beta2)));
  const correctedMean = div(nextMean, sub(scalar(1), pow(scalar(beta1), step)));
  const correctedSquare = div(nextSquare, sub(scalar(1), pow(scalar(beta2), step)));
  const direction = div(correctedMean, add(sqrt(correctedSquare), scalar(epsilon)));
  return { parameters: sub(parameters, mul(direction, learningRate)), slots: [nextMean, nextSquare] };
}
