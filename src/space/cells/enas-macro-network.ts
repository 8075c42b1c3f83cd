/** @file The networks of ENAS's macro space (Pham et al. 2018): a chain of layers with skips from any layer to any later one. */
import { channelsOf, convNorm, factorizedReduction, reluConvNorm, reluSeparableNorm } from '../../nn/blocks/index.js';
import { type Feature, type ImageShape, scope } from '../../nn/feature.js';
import { add, avgPool2d, batchNorm, concat, conv2d, globalAvgPool, linear, maxPool2d } from '../../nn/layers/index.js';
import { Network } from '../../nn/network.js';
import type { Mixture } from '../decisions/mixture.js';
import { branch } from '../decisions/relax.js';
import { type CellOperator, type OperatorSet, operatorNamed, operatorSet } from './operator.js';

/** A layer, whose operator may be left open. */
export interface EnasMacroLayer {
  readonly operator: string | Mixture<string>;
  /** Whether the layer also takes state j: the stem is state 0, layer i is state i + 1. Its operator reads the state before it. */
  readonly skips: readonly boolean[];
}

/** A convolution between two norms, or a pool behind one. */
type Convolution = (x: Feature, options: { readonly out: number; readonly kernel: number }) => Feature;

/** All four convolutions with a 1×1 before them, and two pools behind one: the six of the paper, in the order of its notation. */
function operatorsOf(pointwise: Convolution, dense: Convolution, separable: Convolution): OperatorSet {
  const convolution = (name: string, window: Convolution, kernel: number): CellOperator => ({
    name,
    build: (x, { channels: out }) => window(pointwise(x, { out, kernel: 1 }), { out, kernel }),
  });
  const pool = (name: string, pool2d: typeof maxPool2d): CellOperator => ({
    name,
    build: (x, { channels: out }) => pool2d(pointwise(x, { out, kernel: 1 }), { kernel: 3, stride: 1, padding: 1 }),
  });
  return operatorSet([
    convolution('conv_3x3', dense, 3),
    convolution('sep_conv_3x3', separable, 3),
    convolution('conv_5x5', dense, 5),
    convolution('sep_conv_5x5', separable, 5),
    pool('avg_pool_3x3', avgPool2d),
    pool('max_pool_3x3', maxPool2d),
  ]);
}

const convNormRelu: Convolution = (x, options) => convNorm(x, { ...options, activation: 'relu' });

const separableNormRelu: Convolution = (x, { out, kernel }) => {
  const channels = channelsOf(x);
  const filtered = conv2d(x, { name: 'depthwise', out: channels, kernel, groups: channels });
  return convNormRelu(filtered, { out, kernel: 1 });
};

/** In the search, a ReLU ends each convolution. */
export const sharedOperators = operatorsOf(convNormRelu, convNormRelu, separableNormRelu);

/** In the network that is trained in the end, a ReLU comes before each. */
export const finalOperators = operatorsOf(reluConvNorm, reluConvNorm, reluSeparableNorm);

/** As released, the final network builds separable convolutions as dense ones. */
export const releasedOperators = operatorsOf(reluConvNorm, reluConvNorm, reluConvNorm);

/** Sizes of the network of a chain of layers. */
export interface EnasMacroNetworkOptions {
  readonly input: ImageShape;
  readonly classes: number;
  readonly operators: OperatorSet;
  /** F: the channels of all layers; in the final skeleton each of the two reductions doubles them. */
  readonly channels: number;
  /**
   * `final`: a layer's output is a 1×1 of what its operator gives and of the states that it takes, joined. `shared`, as in
   * the search: it is their sum, normalised, and no reduction changes the channels, so that weights have the same shapes in
   * all networks.
   */
  readonly skeleton: 'final' | 'shared';
}

/**
 * The network of a chain of layers; behind a third and two thirds of them, factorised reductions halve all states.
 * @throws {RangeError} where there are fewer than three layers
 */
export function enasMacroNetwork(layers: readonly EnasMacroLayer[], options: EnasMacroNetworkOptions): Network {
  const third = Math.floor(layers.length / 3);
  if (third < 1) throw new RangeError(`a network with two reductions needs at least 3 layers, not ${layers.length}`);
  const { input, classes, operators, skeleton } = options;
  return Network.build(input, (image) => {
    let channels = options.channels;
    let states = [scope(image, 'stem', (x) => convNorm(x, { name: 'conv', out: channels, kernel: 3 }))];
    for (const [index, { operator, skips }] of layers.entries()) {
      const taken = states.filter((_, state) => skips[state] === true);
      const layer = scope(states.at(-1) ?? image, `layer${index}`, (previous) => {
        const result = branch(operator, previous, (name, x) =>
          operatorNamed(operators, name).build(x, { channels, stride: 1 }),
        );
        return index === 0 ? result : joins[skeleton]([...taken, result], channels);
      });
      states.push(layer);
      if (index === third - 1 || index === 2 * third - 1) {
        if (skeleton === 'final') channels *= 2;
        states = states.map((state, from) =>
          factorizedReduction(state, { name: `reduction${index}_${from}`, out: channels, rectified: false }),
        );
      }
    }
    const output = states.at(-1) ?? image;
    return scope(output, 'head', (x) => linear(globalAvgPool(x), { name: 'classifier', out: classes, bias: false }));
  });
}

/** What a layer takes becomes its output. */
const joins = {
  final: (parts: readonly Feature[], out: number): Feature => reluConvNorm(concat(parts), { out, kernel: 1 }),
  shared: (parts: readonly Feature[]): Feature => batchNorm(add(parts)),
};
