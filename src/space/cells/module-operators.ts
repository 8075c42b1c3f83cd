/** @file Efficient modules: what phones and edge accelerators run fast. */
import {
  channelsOf,
  depthwiseSeparable,
  fusedInvertedResidual,
  groupedShuffle,
  invertedResidual,
} from '../../nn/blocks/index.js';
import { makeDivisible } from '../../nn/rounding.js';
import { type CellOperator, type CellTarget, operatorSet } from './operator.js';

/** In all modules. */
const ACTIVATION = 'relu6';

/** Scope of a module's layers. */
const NAME = 'module';

/** Inverted residual (Sandler et al. 2018). */
const inverted = <Name extends string>(name: Name, kernel: number, expansion: number): CellOperator<Name> => ({
  name,
  build: (x, to) => invertedResidual(x, { ...placed(to), kernel, expanded: expansion * channelsOf(x) }),
});

/** Inverted residual whose expansion and depthwise convolution are one dense convolution (Gupta and Tan 2019). */
const fused = <Name extends string>(name: Name, kernel: number, expansion: number): CellOperator<Name> => ({
  name,
  build: (x, to) => fusedInvertedResidual(x, { ...placed(to), kernel, expanded: expansion * channelsOf(x) }),
});

/** Inverted residual with squeeze-and-excite (Howard et al. 2019). */
const gated = <Name extends string>(name: Name, kernel: number, expansion: number): CellOperator<Name> => ({
  name,
  build(x, to) {
    const expanded = expansion * channelsOf(x);
    return invertedResidual(x, { ...placed(to), kernel, expanded, squeeze: makeDivisible(expanded / 4) });
  },
});

/** Grouped 1×1 convolutions with a channel shuffle (Zhang et al. 2018; Wu et al. 2019). */
const shuffled = <Name extends string>(name: Name, kernel: number, groups: number): CellOperator<Name> => ({
  name,
  build: (x, to) => groupedShuffle(x, { ...placed(to), kernel, groups }),
});

/** Depthwise separable convolution (Howard et al. 2017). */
const separable = <Name extends string>(name: Name, kernel: number): CellOperator<Name> => ({
  name,
  build: (x, to) => depthwiseSeparable(x, { ...placed(to), kernel }),
});

const placed = ({ channels, stride }: CellTarget) =>
  ({ name: NAME, out: channels, stride, activation: ACTIVATION }) as const;

/** The modules of the space `efficient-modules`: kernel `k`, expansion `e`, groups `g`. */
export const efficientModuleOperators = operatorSet([
  inverted('inverted_k3_e3', 3, 3),
  inverted('inverted_k3_e6', 3, 6),
  inverted('inverted_k5_e3', 5, 3),
  inverted('inverted_k5_e6', 5, 6),
  fused('fused_k3_e3', 3, 3),
  fused('fused_k3_e6', 3, 6),
  gated('squeeze_k3_e3', 3, 3),
  gated('squeeze_k3_e6', 3, 6),
  gated('squeeze_k5_e3', 5, 3),
  gated('squeeze_k5_e6', 5, 6),
  shuffled('shuffle_k3_g2', 3, 2),
  shuffled('shuffle_k5_g2', 5, 2),
  shuffled('shuffle_k3_g4', 3, 4),
  shuffled('shuffle_k5_g4', 5, 4),
  separable('separable_k3', 3),
  separable('separable_k5', 5),
]);
