/**
 * @file The cells of NASNet-A, AmoebaNet-A to -D and PNASNet-5, as the authors' code lists them
 * (tensorflow/models:research/slim/nets/nasnet, tensorflow/tpu:models/official/amoeba_net/model_specs.py).
 */
import type { Block } from './block-cell.js';

/** A cell whose joined states its authors list; they are more than those that no block takes. */
export interface PublishedCell {
  readonly blocks: readonly Block[];
  readonly joined: readonly number[];
}

export interface PublishedCells {
  readonly normal: PublishedCell;
  readonly reduction: PublishedCell;
}

/** A block as `[operator, state, operator, state]`. */
type Row = readonly [string, number, string, number];

const cell = (rows: readonly Row[], joined: readonly number[]): PublishedCell => ({
  blocks: rows.map(([left, from, right, other]) => ({ inputs: [from, other], operators: [left, right] })),
  joined,
});

export const nasnetA: PublishedCells = {
  normal: cell(
    [
      ['sep_conv_5x5', 0, 'sep_conv_3x3', 1],
      ['sep_conv_5x5', 1, 'sep_conv_3x3', 1],
      ['avg_pool_3x3', 0, 'identity', 1],
      ['avg_pool_3x3', 1, 'avg_pool_3x3', 1],
      ['sep_conv_3x3', 0, 'identity', 0],
    ],
    [1, 2, 3, 4, 5, 6],
  ),
  reduction: cell(
    [
      ['sep_conv_5x5', 0, 'sep_conv_7x7', 1],
      ['max_pool_3x3', 0, 'sep_conv_7x7', 1],
      ['avg_pool_3x3', 0, 'sep_conv_5x5', 1],
      ['identity', 3, 'avg_pool_3x3', 2],
      ['sep_conv_3x3', 2, 'max_pool_3x3', 0],
    ],
    [3, 4, 5, 6],
  ),
};

export const amoebanetA: PublishedCells = {
  normal: cell(
    [
      ['avg_pool_3x3', 0, 'max_pool_3x3', 0],
      ['sep_conv_3x3', 1, 'identity', 1],
      ['identity', 0, 'avg_pool_3x3', 1],
      ['sep_conv_3x3', 0, 'sep_conv_5x5', 2],
      ['avg_pool_3x3', 5, 'sep_conv_3x3', 0],
    ],
    [1, 3, 4, 6],
  ),
  reduction: cell(
    [
      ['sep_conv_3x3', 1, 'avg_pool_3x3', 0],
      ['max_pool_3x3', 0, 'sep_conv_7x7', 2],
      ['max_pool_3x3', 1, 'max_pool_3x3', 0],
      ['sep_conv_3x3', 4, 'conv_1x7_7x1', 0],
      ['avg_pool_3x3', 1, 'sep_conv_7x7', 0],
    ],
    [2, 3, 4, 5, 6],
  ),
};

export const amoebanetB: PublishedCells = {
  normal: cell(
    [
      ['conv_1x1', 1, 'max_pool_3x3', 1],
      ['identity', 1, 'sep_conv_3x3', 0],
      ['conv_1x1', 1, 'sep_conv_3x3', 0],
      ['conv_1x1', 2, 'identity', 2],
      ['avg_pool_3x3', 1, 'conv_1x1', 5],
    ],
    [0, 3, 4, 6],
  ),
  reduction: cell(
    [
      ['max_pool_2x2', 0, 'max_pool_3x3', 0],
      ['identity', 2, 'conv_3x3', 1],
      ['dil_2_sep_conv_5x5', 2, 'max_pool_3x3', 2],
      ['identity', 3, 'sep_conv_3x3', 1],
      ['avg_pool_3x3', 4, 'conv_1x1', 3],
    ],
    [5, 6],
  ),
};

export const amoebanetC: PublishedCells = {
  normal: cell(
    [
      ['avg_pool_3x3', 0, 'sep_conv_3x3', 0],
      ['identity', 0, 'sep_conv_3x3', 0],
      ['avg_pool_3x3', 2, 'sep_conv_3x3', 1],
      ['identity', 0, 'sep_conv_3x3', 1],
      ['avg_pool_3x3', 3, 'sep_conv_3x3', 0],
    ],
    [1, 2, 4, 5, 6],
  ),
  reduction: cell(
    [
      ['max_pool_3x3', 0, 'max_pool_3x3', 0],
      ['sep_conv_7x7', 2, 'sep_conv_3x3', 0],
      ['sep_conv_7x7', 0, 'max_pool_3x3', 1],
      ['sep_conv_5x5', 4, 'sep_conv_5x5', 4],
      ['max_pool_3x3', 1, 'sep_conv_3x3', 1],
    ],
    [0, 2, 3, 4, 5, 6],
  ),
};

export const amoebanetD: PublishedCells = {
  normal: cell(
    [
      ['conv_1x1', 1, 'max_pool_3x3', 1],
      ['identity', 1, 'conv_1x7_7x1', 0],
      ['conv_1x1', 0, 'conv_1x7_7x1', 0],
      ['max_pool_3x3', 2, 'identity', 2],
      ['avg_pool_3x3', 1, 'conv_1x1', 5],
    ],
    [0, 3, 4, 6],
  ),
  reduction: cell(
    [
      ['max_pool_2x2', 0, 'max_pool_3x3', 0],
      ['identity', 2, 'conv_3x3', 1],
      ['conv_1x7_7x1', 2, 'max_pool_3x3', 2],
      ['identity', 3, 'max_pool_2x2', 1],
      ['avg_pool_3x3', 2, 'conv_1x1', 3],
    ],
    [4, 5, 6],
  ),
};

/** One cell, which a reduction runs with stride 2 (Liu et al. 2018, figure 1). */
export const pnasnet5: PublishedCell = cell(
  [
    ['sep_conv_5x5', 1, 'max_pool_3x3', 1],
    ['sep_conv_7x7', 0, 'max_pool_3x3', 0],
    ['sep_conv_5x5', 0, 'sep_conv_3x3', 0],
    ['sep_conv_3x3', 4, 'max_pool_3x3', 0],
    ['sep_conv_3x3', 1, 'identity', 0],
  ],
  [2, 3, 4, 5, 6],
);
