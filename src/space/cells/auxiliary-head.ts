/** @file The auxiliary classifier of cell networks (Zoph et al. 2018, after Szegedy et al. 2016). */
import { convNorm } from '../../nn/blocks/index.js';
import { type Feature, scope } from '../../nn/feature.js';
import { activation, avgPool2d, concat, flatten, linear } from '../../nn/layers/index.js';

export interface AuxiliaryHeadOptions {
  readonly classes: number;
  /** Whether the linear layer has a bias. Default true. */
  readonly bias?: boolean;
}

/** ReLU – average pool 5×5/3 – 1×1 to 128 – a convolution of the whole map to 768 – linear. */
export function auxiliaryHead(x: Feature, { classes, bias = true }: AuxiliaryHeadOptions): Feature {
  return scope(x, 'auxiliary', (input) => {
    const pooled = avgPool2d(activation(input, 'relu'), { kernel: 5, stride: 3 });
    const narrow = convNorm(pooled, { name: 'narrow', out: 128, kernel: 1, activation: 'relu' });
    const [, height = 1, width = 1] = narrow.shape;
    const whole = convNorm(narrow, {
      name: 'whole',
      out: 768,
      kernel: [height, width],
      padding: 0,
      activation: 'relu',
    });
    return linear(flatten(whole), { name: 'classifier', out: classes, bias });
  });
}

/**
 * The logits of both classifiers, the main one's first: what a network gives that was built for training with an auxiliary
 * loss. Without one it gives the main logits alone.
 */
export const bothHeads = (logits: Feature, auxiliary: Feature | undefined): Feature =>
  auxiliary === undefined ? logits : concat([logits, auxiliary], { name: 'heads' });
