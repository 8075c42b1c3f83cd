/** @file Factorised reduction: a map halved without an unread pixel diagonal (Zoph et al. 2018, NASNet). */
import { type Feature, scope } from '../feature.js';
import { activation, batchNorm, concat, conv2d, pad2d } from '../layers/index.js';

/** Sizes of a factorised reduction. */
export interface FactorizedReductionOptions {
  /** Scope of the block's layers. Default `factorizedReduction`. */
  readonly name?: string;
  readonly out: number;
  /** Whether the norm has a trained scale and shift. Default true; DARTS searches without. */
  readonly affine?: boolean;
  /** Whether a ReLU comes first. Default true. */
  readonly rectified?: boolean;
}

/**
 * Two strided 1×1 convolutions, the second of the map shifted by one pixel, joined and normalised: [C, H, W] to [out, ceil(H / 2), ceil(W / 2)]. The first gives floor(out / 2) channels.
 */
export function factorizedReduction(x: Feature, options: FactorizedReductionOptions): Feature {
  const { name = 'factorizedReduction', out, affine = true, rectified = true } = options;
  return scope(x, name, (input) => {
    const read = rectified ? activation(input, 'relu') : input;
    const half = Math.floor(out / 2);
    const shifted = pad2d(read, { name: 'shift', top: -1, left: -1, bottom: 1, right: 1 });
    const even = conv2d(read, { name: 'even', out: half, kernel: 1, stride: 2 });
    const odd = conv2d(shifted, { name: 'odd', out: out - half, kernel: 1, stride: 2 });
    return batchNorm(concat([even, odd]), { affine });
  });
}
