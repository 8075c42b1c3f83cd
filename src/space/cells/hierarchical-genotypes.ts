/** @file The hierarchical representation that evolution found (Liu et al. 2018, appendix), as NASLib's LiuFinalArch reads its figure. */
import type { Motif } from './motif.js';

/** Six motifs of the second level, and the cell. Edges without a label in the figure are read as the identity. */
export const hierarchicalFinal: readonly (readonly Motif[])[] = [
  [
    [['max_pool_3x3'], ['conv_1x1', 'dw_conv_3x3'], ['sep_conv_3x3', 'conv_1x1', 'max_pool_3x3']],
    [['max_pool_3x3'], ['dw_conv_3x3', 'dw_conv_3x3'], ['conv_1x1', 'sep_conv_3x3', 'sep_conv_3x3']],
    [['sep_conv_3x3'], ['dw_conv_3x3', 'sep_conv_3x3'], ['sep_conv_3x3', 'identity', 'avg_pool_3x3']],
    [['avg_pool_3x3'], ['sep_conv_3x3', 'sep_conv_3x3'], ['identity', 'max_pool_3x3', 'avg_pool_3x3']],
    [['identity'], ['sep_conv_3x3', 'identity'], ['sep_conv_3x3', 'identity', 'sep_conv_3x3']],
    [['dw_conv_3x3'], ['max_pool_3x3', 'max_pool_3x3'], ['sep_conv_3x3', 'identity', 'avg_pool_3x3']],
  ],
  [[['o2_5'], ['o2_3', 'o2_3'], ['o2_3', 'o2_1', 'o2_3'], ['o2_4', 'o2_5', 'o2_5', 'o2_5']]],
];
