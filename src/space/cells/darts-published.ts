/** @file The cells that the authors of DARTS (Liu et al. 2019) published, and those of others that they transcribed. */
import { cellOfEdges } from './darts-genotype.js';
import type { DartsCells } from './darts-network.js';

/** First order. */
export const dartsV1: DartsCells = {
  normal: cellOfEdges([
    ['sep_conv_3x3', 1],
    ['sep_conv_3x3', 0],
    ['skip_connect', 0],
    ['sep_conv_3x3', 1],
    ['skip_connect', 0],
    ['sep_conv_3x3', 1],
    ['sep_conv_3x3', 0],
    ['skip_connect', 2],
  ]),
  reduce: cellOfEdges([
    ['max_pool_3x3', 0],
    ['max_pool_3x3', 1],
    ['skip_connect', 2],
    ['max_pool_3x3', 0],
    ['max_pool_3x3', 0],
    ['skip_connect', 2],
    ['skip_connect', 2],
    ['avg_pool_3x3', 0],
  ]),
};

/** Second order. */
export const dartsV2: DartsCells = {
  normal: cellOfEdges([
    ['sep_conv_3x3', 0],
    ['sep_conv_3x3', 1],
    ['sep_conv_3x3', 0],
    ['sep_conv_3x3', 1],
    ['sep_conv_3x3', 1],
    ['skip_connect', 0],
    ['skip_connect', 0],
    ['dil_conv_3x3', 2],
  ]),
  reduce: cellOfEdges([
    ['max_pool_3x3', 0],
    ['max_pool_3x3', 1],
    ['skip_connect', 2],
    ['max_pool_3x3', 1],
    ['max_pool_3x3', 0],
    ['skip_connect', 2],
    ['skip_connect', 2],
    ['max_pool_3x3', 1],
  ]),
};

/** NASNet-A as DARTS's authors transcribed it: its cells concatenate fewer states than the original's. */
export const nasnetTranscribed: DartsCells = {
  normal: cellOfEdges(
    [
      ['sep_conv_5x5', 1],
      ['sep_conv_3x3', 0],
      ['sep_conv_5x5', 0],
      ['sep_conv_3x3', 0],
      ['avg_pool_3x3', 1],
      ['skip_connect', 0],
      ['avg_pool_3x3', 0],
      ['avg_pool_3x3', 0],
      ['sep_conv_3x3', 1],
      ['skip_connect', 1],
    ],
    [2, 3, 4, 5, 6],
  ),
  reduce: cellOfEdges(
    [
      ['sep_conv_5x5', 1],
      ['sep_conv_7x7', 0],
      ['max_pool_3x3', 1],
      ['sep_conv_7x7', 0],
      ['avg_pool_3x3', 1],
      ['sep_conv_5x5', 0],
      ['skip_connect', 3],
      ['avg_pool_3x3', 2],
      ['sep_conv_3x3', 2],
      ['max_pool_3x3', 1],
    ],
    [4, 5, 6],
  ),
};

/** AmoebaNet-A as DARTS's authors transcribed it: another graph than the official one. */
export const amoebanetTranscribed: DartsCells = {
  normal: cellOfEdges(
    [
      ['avg_pool_3x3', 0],
      ['max_pool_3x3', 1],
      ['sep_conv_3x3', 0],
      ['sep_conv_5x5', 2],
      ['sep_conv_3x3', 0],
      ['avg_pool_3x3', 3],
      ['sep_conv_3x3', 1],
      ['skip_connect', 1],
      ['skip_connect', 0],
      ['avg_pool_3x3', 1],
    ],
    [4, 5, 6],
  ),
  reduce: cellOfEdges(
    [
      ['avg_pool_3x3', 0],
      ['sep_conv_3x3', 1],
      ['max_pool_3x3', 0],
      ['sep_conv_7x7', 2],
      ['sep_conv_7x7', 0],
      ['avg_pool_3x3', 1],
      ['max_pool_3x3', 0],
      ['max_pool_3x3', 1],
      ['conv_7x1_1x7', 0],
      ['sep_conv_3x3', 5],
    ],
    [3, 4, 6],
  ),
};
