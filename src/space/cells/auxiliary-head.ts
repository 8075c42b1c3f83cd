/** @file The auxiliary classifier of cell networks (Zoph et al. 2018, after Szegedy et al. 2016). */
import { convNorm } from '../../nn/blocks/index.js';
import { type Feature, scope } from '../../nn/feature.js';
import { activation, avgPool2d, batchNorm, conv2d, flatten, linear, withAuxiliary } from '../../nn/layers/index.js';

export interface AuxiliaryHeadOptions {
  readonly classes: number;
  /** Whether the linear layer has a bias. Default true. */
  readonly bias?: boolean;
  /** Of the pool. Default 3; DARTS has 2 for ImageNet. */
  readonly stride?: number;
  /** Whether the last convolution is normalised. Default true; DARTS trained its ImageNet networks without. */
  readonly norm?: boolean;
}

/** ReLU – average pool 5×5 – 1×1 to 128 – a convolution of the whole map to 768 – linear. */
export function auxiliaryHead(x: Feature, options: AuxiliaryHeadOptions): Feature {
  const { classes, bias = true, stride = 3, norm = true } = options;
  return scope(x, 'auxiliary', (input) => {
    const pooled = avgPool2d(activation(input, 'relu'), { kernel: 5, stride });
    const narrow = convNorm(pooled, { name: 'narrow', out: 128, kernel: 1, activation: 'relu' });
    const [, height = 1, width = 1] = narrow.shape;
    const whole = conv2d(narrow, { name: 'whole', out: 768, kernel: [height, width], padding: 0 });
    const features = activation(norm ? batchNorm(whole) : whole, 'relu', { name: 'features' });
    return linear(flatten(features), { name: 'classifier', out: classes, bias });
  });
}

/** The logits, with those of an auxiliary classifier for the loss where there is one. */
export const bothHeads = (logits: Feature, auxiliary: Feature | undefined): Feature =>
  auxiliary === undefined ? logits : withAuxiliary(logits, auxiliary, { name: 'heads' });
