/** @file Squeeze-and-excite: a gate for each channel from the means of all (Hu et al. 2018). */
import { type Feature, scope } from '../feature.js';
import { type Activation, activation, globalAvgPool, linear, multiply } from '../layers/index.js';
import { channelsOf } from './conv-norm.js';

/** Width and activations of squeeze and excitation. */
export interface SqueezeExciteOptions {
  /** Scope of the block's layers. Default `squeezeExcite`. */
  readonly name?: string;
  /** Width of the squeezed vector; families differ in it (MobileNetV3: makeDivisible(expanded / 4)). */
  readonly squeeze: number;
  /** Default `relu`. */
  readonly activation?: Activation;
  /** Default `hard-sigmoid` (MobileNetV3); `sigmoid` in the paper. */
  readonly gate?: Activation;
}

/** Channel means – linear – activation – linear – gate, times the input. Both linear layers have biases. */
export function squeezeExcite(x: Feature, options: SqueezeExciteOptions): Feature {
  const { name = 'squeezeExcite', squeeze, activation: f = 'relu', gate = 'hard-sigmoid' } = options;
  return scope(x, name, (input) => {
    const squeezed = activation(linear(globalAvgPool(input), { name: 'reduce', out: squeeze }), f);
    return multiply(input, activation(linear(squeezed, { name: 'restore', out: channelsOf(input) }), gate));
  });
}
