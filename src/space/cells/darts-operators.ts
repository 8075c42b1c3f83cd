/** @file The operators of DARTS (Liu, Simonyan and Yang 2019), and those that its authors' other genotypes use. */
import { factorizedReduction, reluSeparableNorm } from '../../nn/blocks/index.js';
import { activation, avgPool2d, batchNorm, conv2d, identity, maxPool2d, zeros } from '../../nn/layers/index.js';
import { type CellOperator, operatorSet } from './operator.js';

/** How an operator normalises. */
export interface DartsNorm {
  /** Whether batch norms have a trained scale and shift. */
  readonly affine: boolean;
  /** Whether a batch norm follows the pools. */
  readonly pools: boolean;
}

/**
 * In a search, norms are not affine, since a scale would undo what the architecture weights say, and pools are normalised,
 * so that no option is louder than the others (Liu et al. 2019, section 3.1.1).
 */
export const searchNorm: DartsNorm = { affine: false, pools: true };

/** In a network of one decided architecture, as the paper trains it in the end. */
export const finalNorm: DartsNorm = { affine: true, pools: false };

const separable = <N extends string>(name: N, kernel: number, { affine }: DartsNorm): CellOperator<N> => ({
  name,
  build(x, { channels, stride }) {
    const first = reluSeparableNorm(x, { kernel, out: x.shape[0] ?? 0, stride, affine });
    return reluSeparableNorm(first, { kernel, out: channels, affine });
  },
});

const dilated = <N extends string>(name: N, kernel: number, { affine }: DartsNorm): CellOperator<N> => ({
  name,
  build: (x, { channels, stride }) => reluSeparableNorm(x, { kernel, out: channels, stride, dilation: 2, affine }),
});

const pool = <N extends string>(name: N, pool2d: typeof maxPool2d, { pools }: DartsNorm): CellOperator<N> => ({
  name,
  build(x, { stride }) {
    const pooled = pool2d(x, { kernel: 3, stride, padding: 1 });
    return pools ? batchNorm(pooled, { affine: false }) : pooled;
  },
});

const none: CellOperator<'none'> = {
  name: 'none',
  build: (x, { channels, stride }) => zeros(x, { out: channels, stride }),
};

const skip = ({ affine }: DartsNorm): CellOperator<'skip_connect'> => ({
  name: 'skip_connect',
  build: (x, { channels, stride }) => (stride === 1 ? identity(x) : factorizedReduction(x, { out: channels, affine })),
});

/** ReLU – 1×7 – 7×1 – norm. */
const factorised = ({ affine }: DartsNorm): CellOperator<'conv_7x1_1x7'> => ({
  name: 'conv_7x1_1x7',
  build(x, { channels, stride }) {
    const across = conv2d(activation(x, 'relu'), { out: channels, kernel: [1, 7], stride: [1, stride] });
    return batchNorm(conv2d(across, { out: channels, kernel: [7, 1], stride: [stride, 1] }), { affine });
  },
});

/** The seven that an edge of a discrete cell may hold, in the paper's order. */
export const dartsOperators = (norm: DartsNorm) =>
  operatorSet([
    pool('max_pool_3x3', maxPool2d, norm),
    pool('avg_pool_3x3', avgPool2d, norm),
    skip(norm),
    separable('sep_conv_3x3', 3, norm),
    separable('sep_conv_5x5', 5, norm),
    dilated('dil_conv_3x3', 3, norm),
    dilated('dil_conv_5x5', 5, norm),
  ]);

/** What an edge of a supernet has beside them: the weight of its being absent. */
export const absentOperator = none;

/** Those of all genotypes that the authors transcribed for their skeleton. */
export const transcribedOperators = (norm: DartsNorm) => ({
  ...dartsOperators(norm),
  ...operatorSet([separable('sep_conv_7x7', 7, norm), factorised(norm)]),
});
