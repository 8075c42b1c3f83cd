/** @file NASNet-A, AmoebaNet-A to -D and PNASNet-5 as their authors built them. */
import type { Preset } from '../../nn/presets/preset.js';
import { amoebanetA, amoebanetB, amoebanetC, amoebanetD, nasnetA, pnasnet5 } from './nasnet-genotypes.js';
import { type NasnetCells, type NasnetNetworkOptions, nasnetNetwork } from './nasnet-network.js';
import { amoebanetOperators, nasnetOperators, pnasOperators } from './nasnet-operators.js';

type Skeleton = Omit<NasnetNetworkOptions, 'input' | 'classes' | 'operators'>;

interface Family {
  readonly paper: string;
  readonly operators: NasnetNetworkOptions['operators'];
}

export const nasnetFamily: Family = {
  paper: 'Zoph et al., Learning Transferable Architectures for Scalable Image Recognition, CVPR 2018',
  operators: nasnetOperators,
};

export const amoebanetFamily: Family = {
  paper: 'Real et al., Regularized Evolution for Image Classifier Architecture Search, AAAI 2019',
  operators: amoebanetOperators,
};

export const pnasFamily: Family = {
  paper: 'Liu et al., Progressive Neural Architecture Search, ECCV 2018',
  operators: pnasOperators,
};

/** Images have `side` rows; those of CIFAR-10 have 32. */
function preset(
  title: string,
  { paper, operators }: Family,
  cells: NasnetCells,
  { side, ...skeleton }: Skeleton & { readonly side: number },
): Preset {
  return {
    title: skeleton.auxiliary ? `${title}; with the auxiliary head for training` : title,
    paper,
    input: { channels: 3, height: side, width: side },
    classes: skeleton.stem === 'cifar' ? 10 : 1000,
    build: (target) => nasnetNetwork(cells, { ...target, ...skeleton, operators }),
  };
}

const nasnetCifar = { side: 32, stem: 'cifar', channels: 32, cells: 18 } as const;

const amoebanet = (title: string, cells: NasnetCells, channels: number): Preset =>
  preset(title, amoebanetFamily, cells, { side: 331, stem: 'imagenet', channels, cells: 18, skipReductionInput: true });

const pnasnet: NasnetCells = { normal: pnasnet5, reduction: pnasnet5 };

/** By name; those with `_auxiliary` have the second classifier that training adds to the loss. */
export const nasnetNetworks: Readonly<Record<string, Preset>> = {
  nasnet_a_cifar: preset('NASNet-A (6 @ 768)', nasnetFamily, nasnetA, nasnetCifar),
  nasnet_a_cifar_auxiliary: preset('NASNet-A (6 @ 768)', nasnetFamily, nasnetA, { ...nasnetCifar, auxiliary: true }),
  nasnet_a_mobile: preset('NASNet-A (4 @ 1056)', nasnetFamily, nasnetA, {
    side: 224,
    stem: 'imagenet',
    channels: 44,
    cells: 12,
  }),
  nasnet_a_large: preset('NASNet-A (6 @ 4032)', nasnetFamily, nasnetA, {
    side: 331,
    stem: 'imagenet',
    stemChannels: 96,
    channels: 168,
    cells: 18,
    skipReductionInput: true,
  }),
  amoebanet_a: amoebanet('AmoebaNet-A (N = 6, F = 190)', amoebanetA, 190),
  amoebanet_a_448: amoebanet('AmoebaNet-A (N = 6, F = 448)', amoebanetA, 448),
  amoebanet_b: amoebanet('AmoebaNet-B (N = 6, F = 190)', amoebanetB, 190),
  amoebanet_c: amoebanet('AmoebaNet-C (N = 6, F = 228)', amoebanetC, 228),
  amoebanet_d: amoebanet('AmoebaNet-D (N = 6, F = 190)', amoebanetD, 190),
  pnasnet_5_mobile: preset('PNASNet-5 (N = 3, F = 54)', pnasFamily, pnasnet, {
    side: 224,
    stem: 'imagenet',
    channels: 54,
    cells: 9,
    reductions: 'instead',
  }),
  pnasnet_5_large: preset('PNASNet-5 (N = 4, F = 216)', pnasFamily, pnasnet, {
    side: 331,
    stem: 'imagenet',
    stemChannels: 96,
    channels: 216,
    cells: 12,
    reductions: 'instead',
  }),
};
