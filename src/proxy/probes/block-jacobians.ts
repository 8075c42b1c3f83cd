/** @file How gradients pass through each block. */

import type { Matrix } from '../../linear-algebra/spectral-norm.js';
import {
  abs,
  elementCount,
  gradients,
  matmul,
  mul,
  pad,
  reduceMax,
  reshape,
  scalar,
  sub,
  type Tensor,
  transpose,
} from '../../tensor/index.js';
import { sameShape } from '../../tensor/shape.js';
import { blockOutputs } from '../blocks.js';
import { arrayOf, type Probe } from '../probe.js';
import { blockFeatures } from './block-features.js';

/** Of a block after the first. */
export interface BlockJacobian {
  /**
   * The mean over pixels of w vᵀ, for v of −1 and 1 at the block's output and w = vᵀ∂F/∂F′ at the output of the block before:
   * an estimate of the Jacobian from channels to channels. Where maps shrink, a pixel of w is all that becomes one of v.
   */
  readonly matrix: Matrix;
  /** Whether w is v: the block hands its input on. */
  readonly isIdentity: boolean;
}

export const blockJacobians: Probe<readonly BlockJacobian[]> = {
  name: 'blockJacobians',
  tensors(graph) {
    const maps = blockFeatures(graph);
    return Object.fromEntries(
      maps.slice(1).flatMap((map, index) => {
        // Maps of one shape share their signs: each estimate is as good, and numbers are drawn once.
        const signs = graph.draw(`signs ${map.shape.join('×')}`, map.shape, 'sign');
        const [through = map] = gradients(map, [maps[index] ?? map], signs);
        const columns = pixelColumns(signs);
        const pixels = scalar(1 / (columns.shape[1] ?? 1));
        const product = matmul(spaceToDepth(through, map.shape), transpose(columns, [1, 0]));
        const outputs: [string, Tensor][] = [[`matrix${index}`, mul(product, pixels)]];
        if (sameShape(through.shape, signs.shape)) {
          const change = reduceMax(abs(sub(through, signs)));
          outputs.push([`change${index}`, reshape(change, [1])]);
        }
        return outputs;
      }),
    );
  },
  read: (arrays, graph) =>
    blockOutputs(graph)
      .slice(1)
      .map(({ shape: [columns = 1] }, index) => {
        const data = arrayOf(arrays, `matrix${index}`);
        return {
          matrix: { rows: data.length / columns, columns, data },
          isIdentity: arrays[`change${index}`]?.[0] === 0,
        };
      }),
};

/** [C, N · H · W] of [N, C, H, W]. */
const pixelColumns = (x: Tensor): Tensor => {
  const channels = x.shape[1] ?? 1;
  return reshape(transpose(x, [1, 0, 2, 3]), [channels, elementCount(x.shape) / channels]);
};

/**
 * [C · s², N · H′ · W′] of [N, C, H, W]: windows of s × s pixels as channels, for maps [H′, W′]. A map that no whole number of
 * windows covers is continued with zeros.
 */
function spaceToDepth(x: Tensor, [, , rows = 1, columns = 1]: readonly number[]): Tensor {
  const [images = 1, channels = 1, height = 1, width = 1] = x.shape;
  const [tall, wide] = [Math.ceil(height / rows), Math.ceil(width / columns)];
  if (tall === 1 && wide === 1 && height === rows && width === columns) return pixelColumns(x);
  const whole = pad(x, [
    [0, 0],
    [0, 0],
    [0, rows * tall - height],
    [0, columns * wide - width],
  ]);
  const windows = reshape(whole, [images * channels, rows, tall, columns * wide]);
  const split = reshape(windows, [images, channels, rows, tall, columns, wide]);
  const moved = transpose(split, [1, 3, 5, 0, 2, 4]);
  return reshape(moved, [channels * tall * wide, images * rows * columns]);
}
