/** @file The networks that DARTS (Liu et al. 2019) trains in the end, and those that its authors compare with. */
import { imagenet, type Preset } from '../../nn/presets/preset.js';
import { type DartsCells, dartsNetwork } from './darts-network.js';
import { finalNorm, transcribedOperators } from './darts-operators.js';
import { amoebanetTranscribed, dartsV1, dartsV2, nasnetTranscribed } from './darts-published.js';
import type { Stem } from './stem.js';

const PAPER = 'Liu, Simonyan and Yang 2019: DARTS: Differentiable Architecture Search';

interface Skeleton {
  readonly for: Pick<Preset, 'input' | 'classes'>;
  readonly stem: Stem;
  readonly channels: number;
  readonly cells: number;
}

const cifar10Skeleton: Skeleton = {
  for: { input: { channels: 3, height: 32, width: 32 }, classes: 10 },
  stem: 'cifar',
  channels: 36,
  cells: 20,
};

const imagenetSkeleton: Skeleton = { for: imagenet, stem: 'imagenet', channels: 48, cells: 14 };

const operators = transcribedOperators(finalNorm);

function preset(title: string, cells: DartsCells, { for: task, ...skeleton }: Skeleton, auxiliary = false): Preset {
  return {
    ...task,
    title: auxiliary ? `${title}; with the auxiliary head for training` : title,
    paper: PAPER,
    build: (target) => dartsNetwork(cells, { ...target, ...skeleton, operators, affine: true, auxiliary }),
  };
}

/** By name; those with `_auxiliary` have the second classifier that training adds to the loss. */
export const dartsNetworks: Readonly<Record<string, Preset>> = {
  darts_v1: preset('DARTS, first order, for CIFAR-10', dartsV1, cifar10Skeleton),
  darts_v2: preset('DARTS, second order, for CIFAR-10', dartsV2, cifar10Skeleton),
  darts_v1_imagenet: preset('DARTS, first order, for ImageNet', dartsV1, imagenetSkeleton),
  darts_v2_imagenet: preset('DARTS, second order, for ImageNet', dartsV2, imagenetSkeleton),
  darts_v1_auxiliary: preset('DARTS, first order, for CIFAR-10', dartsV1, cifar10Skeleton, true),
  darts_v2_auxiliary: preset('DARTS, second order, for CIFAR-10', dartsV2, cifar10Skeleton, true),
  darts_v1_imagenet_auxiliary: preset('DARTS, first order, for ImageNet', dartsV1, imagenetSkeleton, true),
  darts_v2_imagenet_auxiliary: preset('DARTS, second order, for ImageNet', dartsV2, imagenetSkeleton, true),
  nasnet_a_darts: preset('NASNet-A as DARTS transcribed it, for CIFAR-10', nasnetTranscribed, cifar10Skeleton),
  amoebanet_a_darts: preset('AmoebaNet-A as DARTS transcribed it, for CIFAR-10', amoebanetTranscribed, cifar10Skeleton),
};
