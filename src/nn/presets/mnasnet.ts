/** @file MnasNet (Tan et al. 2019): B1, A1 with squeeze-and-excite, and the small one, with depth multipliers. */
import { channelsOf, convNorm, invertedResidual, squeezeExcite } from '../blocks/index.js';
import { type Feature, scope } from '../feature.js';
import { add, avgPool2d } from '../layers/index.js';
import type { Network } from '../network.js';
import { makeDivisible } from '../rounding.js';
import { type BlockRun, parseBlockString } from './block-string.js';
import { type BlockPlace, chain, mobileNetwork, type Stage } from './mobile-frame.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';

/** A published MnasNet; block strings as the authors' code has them. */
interface MnasNetTable {
  readonly stem: number;
  readonly blocks: readonly string[];
}

export const MNASNET_B1: MnasNetTable = {
  stem: 32,
  blocks: [
    'r1_k3_s11_e1_i32_o16_noskip',
    'r3_k3_s22_e3_i16_o24',
    'r3_k5_s22_e3_i24_o40',
    'r3_k5_s22_e6_i40_o80',
    'r2_k3_s11_e6_i80_o96',
    'r4_k5_s22_e6_i96_o192',
    'r1_k3_s11_e6_i192_o320_noskip',
  ],
};

export const MNASNET_A1: MnasNetTable = {
  stem: 32,
  blocks: [
    'r1_k3_s11_e1_i32_o16_noskip',
    'r2_k3_s22_e6_i16_o24',
    'r3_k5_s22_e3_i24_o40_se0.25',
    'r4_k3_s22_e6_i40_o80',
    'r2_k3_s11_e6_i80_o112_se0.25',
    'r3_k5_s22_e6_i112_o160_se0.25',
    'r1_k3_s11_e6_i160_o320',
  ],
};

const SMALL: MnasNetTable = {
  stem: 8,
  blocks: [
    'r1_k3_s11_e1_i16_o8',
    'r1_k3_s22_e3_i8_o16',
    'r2_k3_s22_e6_i16_o16',
    'r4_k5_s22_e6_i16_o32_se0.25',
    'r3_k3_s11_e6_i32_o32_se0.25',
    'r3_k5_s22_e6_i32_o88_se0.25',
    'r1_k3_s11_e6_i88_o144',
  ],
};

/** Batch norm as the authors trained it: momentum 0.99 of the running statistics, epsilon 0.001. */
const NORM = { momentum: 0.01, epsilon: 0.001 } as const;

/** Channels of the last convolution. */
export const MNASNET_LAST = 1280;

export interface MnasNetFrame extends PresetTarget {
  /** Channels of the stem. */
  readonly stem: number;
  /** Of the stem. Default 2. */
  readonly stemStride?: number;
  /** Channels of the last convolution. Default 1280, whatever the multiplier. */
  readonly last?: number;
}

/** A network of MnasNet's layers. */
export function mnasNetwork<Block>(
  { stem, stemStride = 2, last = MNASNET_LAST, ...target }: MnasNetFrame,
  stages: readonly Stage<Block>[],
  apply: (x: Feature, block: Block, place: BlockPlace) => Feature,
): Network {
  const frame = {
    ...target,
    stem: { out: stem, stride: stemStride },
    last,
    activation: 'relu',
    norm: NORM,
  } as const;
  return mobileNetwork(frame, (edges) => chain(edges, stages, apply));
}

/** What one layer is made of. */
export type MnasNetLayer = Pick<BlockRun, 'kernel' | 'expansion' | 'squeezeRatio' | 'skip'>;

/**
 * An inverted residual or a regular convolution, with its skip where channels agree: the input as it is where the map
 * keeps its size, or its mean over 3×3 windows at the layer's stride. (The paper leaves open how it pools.)
 */
export function mnasNetLayer(x: Feature, layer: MnasNetLayer, { name, out, stride }: BlockPlace): Feature {
  const { kernel, expansion, squeezeRatio, skip } = layer;
  const channels = channelsOf(x);
  // The gate is as wide as a share of the layer's input, not of its expanded channels.
  const squeeze = squeezeRatio === undefined ? undefined : Math.max(1, Math.floor(channels * squeezeRatio));
  const gate = squeeze === undefined ? undefined : ({ squeeze, gate: 'sigmoid' } as const);
  return scope(x, name, (input) => {
    // Pooled before the layer runs, so that the input can be forgotten once the layer has read it.
    const skipped = channels === out ? skippedBy(skip, input, stride) : undefined;
    const y = expansion === undefined ? regular(input) : inverted(input, expansion);
    return skipped === undefined ? y : add([y, skipped]);
  });

  function regular(input: Feature): Feature {
    const y = convNorm(input, { name: 'conv', out, kernel, stride, activation: 'relu', norm: NORM });
    return gate === undefined ? y : squeezeExcite(y, gate);
  }

  function inverted(input: Feature, ratio: number): Feature {
    const expanded = ratio * channels;
    const options = { out, expanded, kernel, stride, activation: 'relu', squeeze: gate, norm: NORM } as const;
    return invertedResidual(input, { ...options, name: 'block', residual: false });
  }
}

function skippedBy(skip: MnasNetLayer['skip'], x: Feature, stride: number): Feature | undefined {
  if (skip === 'pool') return avgPool2d(x, { name: 'pool', kernel: 3, stride, padding: 1 });
  return skip === 'identity' && stride === 1 ? x : undefined;
}

export interface MnasNetSettings extends MnasNetFrame {
  /** Block strings; the channels of the input that they name are only for the reader. */
  readonly blocks: readonly string[];
  /** The paper's depth multiplier, of all channels but the last convolution's. Default 1. */
  readonly widthMultiplier?: number;
}

/** The MnasNet of any block strings. */
export function buildMnasNet({ blocks, widthMultiplier = 1, ...frame }: MnasNetSettings): Network {
  const scaled = (width: number) => makeDivisible(width * widthMultiplier);
  const stages = blocks.map(parseBlockString).map((run) => ({
    blocks: new Array<BlockRun>(run.repeats).fill(run),
    out: scaled(run.out),
    stride: run.stride,
  }));
  return mnasNetwork({ ...frame, stem: scaled(frame.stem) }, stages, mnasNetLayer);
}

const mnasNet = (title: string, table: MnasNetTable, widthMultiplier = 1): Preset => ({
  ...imagenet,
  title: widthMultiplier === 1 ? title : `${title} ${widthMultiplier}×`,
  paper:
    'Tan, Chen, Pang, Vasudevan, Sandler, Howard and Le 2019: MnasNet: Platform-Aware Neural Architecture Search for Mobile',
  build: (target) => buildMnasNet({ ...target, ...table, widthMultiplier }),
});

/** By name; those of B1 with a multiplier are torchvision's. */
export const mnasNets: Readonly<Record<string, Preset>> = {
  mnasnet_a1: mnasNet('MnasNet-A1', MNASNET_A1),
  mnasnet_a1_0_35: mnasNet('MnasNet-A1', MNASNET_A1, 0.35),
  mnasnet_a1_0_5: mnasNet('MnasNet-A1', MNASNET_A1, 0.5),
  mnasnet_a1_0_75: mnasNet('MnasNet-A1', MNASNET_A1, 0.75),
  mnasnet_a1_1_4: mnasNet('MnasNet-A1', MNASNET_A1, 1.4),
  mnasnet_b1: mnasNet('MnasNet-B1', MNASNET_B1),
  mnasnet0_5: mnasNet('MnasNet-B1', MNASNET_B1, 0.5),
  mnasnet0_75: mnasNet('MnasNet-B1', MNASNET_B1, 0.75),
  mnasnet1_0: mnasNet('MnasNet-B1', MNASNET_B1),
  mnasnet1_3: mnasNet('MnasNet-B1', MNASNET_B1, 1.3),
  mnasnet_small: mnasNet('MnasNet-small', SMALL),
};
