/** @file ProxylessNAS (Cai et al. 2019): the networks found for CPU, GPU and phone. */
import { channelsOf, invertedResidual } from '../blocks/index.js';
import type { Feature } from '../feature.js';
import type { Network } from '../network.js';
import { type BlockPlace, chain, mobileNetwork } from './mobile-frame.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';

/** Kernel and expansion of an inverted residual. */
export interface ProxylessMbConv {
  readonly kernel: number;
  readonly expansion: number;
}

/** What a searched block may be, by the names that the authors' code has. */
export const proxylessCandidates = {
  '3x3_MBConv3': { kernel: 3, expansion: 3 },
  '3x3_MBConv6': { kernel: 3, expansion: 6 },
  '5x5_MBConv3': { kernel: 5, expansion: 3 },
  '5x5_MBConv6': { kernel: 5, expansion: 6 },
  '7x7_MBConv3': { kernel: 7, expansion: 3 },
  '7x7_MBConv6': { kernel: 7, expansion: 6 },
} as const satisfies { readonly [name: string]: ProxylessMbConv };

/** An operator of a block; `Zero` leaves only the shortcut. */
export type ProxylessOperator = keyof typeof proxylessCandidates | 'Zero';

/** Channels of the parts of the network. */
export interface ProxylessWidths {
  readonly stem: number;
  /** Of the first block, which is not searched: kernel 3, no expansion. */
  readonly first: number;
  readonly stages: readonly number[];
  /** Of the last convolution; without one, the classifier reads the last stage. */
  readonly last?: number;
}

/** Strides of the stem and of the first block of each stage. */
export const PROXYLESS_STRIDES: readonly number[] = [2, 2, 2, 2, 1, 2, 1];

/** Batch norm as the authors trained it. */
const NORM = { momentum: 0.1, epsilon: 0.001 } as const;

export interface ProxylessSettings extends PresetTarget {
  readonly widths: ProxylessWidths;
  /** Default `PROXYLESS_STRIDES`. */
  readonly strides?: readonly number[];
}

/** A published network. */
interface ProxylessTable {
  readonly widths: ProxylessWidths;
  readonly stages: readonly (readonly ProxylessOperator[])[];
}

/** The phone's blocks, which the 1.4× network shares. */
const MOBILE: ProxylessTable['stages'] = [
  ['5x5_MBConv3', '3x3_MBConv3', 'Zero', 'Zero'],
  ['7x7_MBConv3', '3x3_MBConv3', '5x5_MBConv3', '5x5_MBConv3'],
  ['7x7_MBConv6', '5x5_MBConv3', '5x5_MBConv3', '5x5_MBConv3'],
  ['5x5_MBConv6', '5x5_MBConv3', '5x5_MBConv3', '5x5_MBConv3'],
  ['7x7_MBConv6', '7x7_MBConv6', '7x7_MBConv3', '7x7_MBConv3'],
  ['7x7_MBConv6'],
];

/** The published networks, by the names of the presets. */
export const proxylessTables = {
  proxylessnas_cpu: {
    widths: { stem: 40, first: 24, stages: [32, 48, 88, 104, 216, 360], last: 1432 },
    stages: [
      ['3x3_MBConv6', '3x3_MBConv3', '3x3_MBConv3', '3x3_MBConv3'],
      ['3x3_MBConv6', '3x3_MBConv3', '3x3_MBConv3', '5x5_MBConv3'],
      ['3x3_MBConv6', 'Zero', 'Zero', '3x3_MBConv3'],
      ['5x5_MBConv6', '3x3_MBConv3', '3x3_MBConv3', '3x3_MBConv3'],
      ['5x5_MBConv6', '5x5_MBConv3', '5x5_MBConv3', '3x3_MBConv3'],
      ['5x5_MBConv6'],
    ],
  },
  proxylessnas_gpu: {
    widths: { stem: 40, first: 24, stages: [32, 56, 112, 128, 256, 432], last: 1728 },
    stages: [
      ['5x5_MBConv3', 'Zero', 'Zero', 'Zero'],
      ['7x7_MBConv3', 'Zero', 'Zero', '3x3_MBConv3'],
      ['7x7_MBConv6', 'Zero', 'Zero', '5x5_MBConv3'],
      ['5x5_MBConv6', 'Zero', '3x3_MBConv3', '5x5_MBConv3'],
      ['7x7_MBConv6', '7x7_MBConv6', '7x7_MBConv6', '5x5_MBConv6'],
      ['7x7_MBConv6'],
    ],
  },
  proxylessnas_mobile: {
    widths: { stem: 32, first: 16, stages: [32, 40, 80, 96, 192, 320], last: 1280 },
    stages: MOBILE,
  },
  proxylessnas_mobile14: {
    widths: { stem: 48, first: 24, stages: [40, 56, 112, 136, 256, 448], last: 1792 },
    stages: MOBILE,
  },
} as const satisfies { readonly [name: string]: ProxylessTable };

/**
 * The ProxylessNAS network whose searched blocks `apply` builds, with six stages of them behind a first block of kernel 3
 * and no expansion.
 */
export function proxylessNetwork<Block>(
  { input, classes, widths, strides = PROXYLESS_STRIDES }: ProxylessSettings,
  stages: readonly (readonly Block[])[],
  apply: (x: Feature, block: Block, place: BlockPlace) => Feature,
): Network {
  const [stemStride = 1, ...stageStrides] = strides;
  const frame = {
    input,
    classes,
    stem: { out: widths.stem, stride: stemStride },
    ...(widths.last === undefined ? {} : { last: widths.last }),
    activation: 'relu6',
    dropout: 0,
    norm: NORM,
  } as const;
  const rows = stages.map((blocks, stage) => ({
    blocks,
    out: widths.stages[stage] ?? 0,
    stride: stageStrides[stage] ?? 1,
  }));
  return mobileNetwork(frame, (stem) => {
    const first = { name: 'first', out: widths.first, expanded: widths.stem, norm: NORM };
    return chain(invertedResidual(stem, first), rows, apply);
  });
}

/** An inverted residual of these networks. */
export function proxylessMbConv(x: Feature, { kernel, expansion }: ProxylessMbConv, place: BlockPlace): Feature {
  return invertedResidual(x, { ...place, kernel, expanded: expansion * channelsOf(x), norm: NORM });
}

/** An operator of a block. */
export function proxylessOperator(x: Feature, operator: ProxylessOperator, place: BlockPlace): Feature {
  return operator === 'Zero' ? x : proxylessMbConv(x, proxylessCandidates[operator], place);
}

const proxyless = (device: string, { widths, stages }: ProxylessTable): Preset => ({
  ...imagenet,
  title: `ProxylessNAS for ${device}`,
  paper: 'Cai, Zhu and Han 2019: ProxylessNAS: Direct Neural Architecture Search on Target Task and Hardware',
  build: (target) => proxylessNetwork({ ...target, widths }, stages, proxylessOperator),
});

export const proxylessNets: Readonly<Record<keyof typeof proxylessTables, Preset>> = {
  proxylessnas_cpu: proxyless('CPUs', proxylessTables.proxylessnas_cpu),
  proxylessnas_gpu: proxyless('GPUs', proxylessTables.proxylessnas_gpu),
  proxylessnas_mobile: proxyless('phones', proxylessTables.proxylessnas_mobile),
  proxylessnas_mobile14: proxyless('phones, 1.4×', proxylessTables.proxylessnas_mobile14),
};
