/** @file Initial values of parameters and statistics: their distributions, and seeded draws from them. */
import type { Random } from '../random.js';

/** The distribution of a tensor's initial elements. */
export type Initialiser =
  | { readonly distribution: 'constant'; readonly value: number }
  | { readonly distribution: 'normal'; readonly deviation: number }
  | { readonly distribution: 'uniform'; readonly bound: number };

/** All elements equal. */
export const constantInitialiser = (value: number): Initialiser => ({ distribution: 'constant', value });

/** All zeros. */
export const zeroInitialiser = constantInitialiser(0);
/** All ones. */
export const oneInitialiser = constantInitialiser(1);

/**
 * Normal with variance 2 / fan-out, which keeps the variance of gradients through ReLUs (He et al. 2015, eq. 14).
 * `fanOut` is the number of outputs that one input of the convolution reaches: out / groups · kernel area.
 */
export const kaimingNormal = (fanOut: number): Initialiser => ({
  distribution: 'normal',
  deviation: Math.sqrt(2 / fanOut),
});

/** Uniform in ±1 / √fan-in, as linear layers of PyTorch start (torch.nn.Linear). */
export const fanInUniform = (fanIn: number): Initialiser => ({ distribution: 'uniform', bound: 1 / Math.sqrt(fanIn) });

/** Fills `target` with draws from the distribution. */
export function initialise(target: Float32Array, initial: Initialiser, random: Random): void {
  switch (initial.distribution) {
    case 'constant':
      target.fill(initial.value);
      return;
    case 'normal':
      for (let index = 0; index < target.length; index++) target[index] = initial.deviation * random.normal();
      return;
    case 'uniform':
      for (let index = 0; index < target.length; index++) target[index] = initial.bound * (2 * random.uniform() - 1);
  }
}
