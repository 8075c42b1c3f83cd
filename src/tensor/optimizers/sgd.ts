/** @file Stochastic gradient descent. */
import { add, mul, sub } from '../operators/arithmetic.js';
import { scalar } from '../operators/source.js';
import type { Optimizer } from './optimizer.js';

/** Settings of stochastic gradient descent. */
export interface SgdOptions {
  /** Default 0. */
  readonly momentum?: number;
  /** Nesterov's look-ahead (Sutskever et al. 2013). Default `false`. */
  readonly nesterov?: boolean;
  /** L2 penalty added to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/** g ← g + λ·θ; v ← μ·v + g; θ ← θ − η·v (or η·(g + μ·v) with Nesterov), as in PyTorch. */
export function sgd({ momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions = {}): Optimizer {
  return {
    name: 'sgd',
    settings: { momentum, nesterov, weightDecay },
    slots: momentum === 0 ? [] : ['velocity'],
    update({ parameters, gradient, slots: [velocity], learningRate }) {
      const decayed = weightDecay === 0 ? gradient : add(gradient, mul(parameters, scalar(weightDecay)));
      if (velocity === undefined) return { parameters: sub(parameters, mul(decayed, learningRate)), slots: [] };
      const next = add(mul(velocity, scalar(momentum)), decayed);
      const direction = nesterov ? add(decayed, mul(next, scalar(momentum))) : next;
      return { parameters: sub(parameters, mul(direction, learningRate)), slots: [next] };
    },
  };
}
