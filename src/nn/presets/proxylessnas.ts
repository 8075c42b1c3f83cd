/** @file ProxylessNAS (Cai et al. 2019): the networks found for CPU, GPU and phone. */
import { channelsOf, invertedResidual } from '../blocks/index.js';
import type { Feature } from '../feature.js';
import type { Network } from '../network.js';
import { type BlockPlace, chain, mobileNetwork } from './mobile-frame.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';

/** Kernel and expansion of an inverted residual. */
export type ProxylessMbConv = readonly [kernel: number, expansion: number];

/** A searched block, or null where the search left it out. */
type ProxylessBlock = ProxylessMbConv | null;

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
export const PROXYLESS_NORM = { momentum: 0.1, epsilon: 0.001 } as const;

export interface ProxylessSettings extends PresetTarget {
  readonly widths: ProxylessWidths;
  /** Default {@link PROXYLESS_STRIDES}. */
  readonly strides?: readonly number[];
}

/** A published network. */
interface ProxylessTable {
  readonly widths: ProxylessWidths;
  readonly stages: readonly (readonly ProxylessBlock[])[];
}

const CPU: ProxylessTable = {
  widths: { stem: 40, first: 24, stages: [32, 48, 88, 104, 216, 360], last: 1432 },
  stages: [
    [
      [3, 6],
      [3, 3],
      [3, 3],
      [3, 3],
    ],
    [
      [3, 6],
      [3, 3],
      [3, 3],
      [5, 3],
    ],
    [[3, 6], null, null, [3, 3]],
    [
      [5, 6],
      [3, 3],
      [3, 3],
      [3, 3],
    ],
    [
      [5, 6],
      [5, 3],
      [5, 3],
      [3, 3],
    ],
    [[5, 6]],
  ],
};

const GPU: ProxylessTable = {
  widths: { stem: 40, first: 24, stages: [32, 56, 112, 128, 256, 432], last: 1728 },
  stages: [
    [[5, 3], null, null, null],
    [[7, 3], null, null, [3, 3]],
    [[7, 6], null, null, [5, 3]],
    [[5, 6], null, [3, 3], [5, 3]],
    [
      [7, 6],
      [7, 6],
      [7, 6],
      [5, 6],
    ],
    [[7, 6]],
  ],
};

/** The phone's blocks, which the 1.4× network shares. */
const MOBILE_STAGES: ProxylessTable['stages'] = [
  [[5, 3], [3, 3], null, null],
  [
    [7, 3],
    [3, 3],
    [5, 3],
    [5, 3],
  ],
  [
    [7, 6],
    [5, 3],
    [5, 3],
    [5, 3],
  ],
  [
    [5, 6],
    [5, 3],
    [5, 3],
    [5, 3],
  ],
  [
    [7, 6],
    [7, 6],
    [7, 3],
    [7, 3],
  ],
  [[7, 6]],
];

export const PROXYLESS_MOBILE: ProxylessTable = {
  widths: { stem: 32, first: 16, stages: [32, 40, 80, 96, 192, 320], last: 1280 },
  stages: MOBILE_STAGES,
};

const MOBILE_14: ProxylessTable = {
  widths: { stem: 48, first: 24, stages: [40, 56, 112, 136, 256, 448], last: 1792 },
  stages: MOBILE_STAGES,
};

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
    norm: PROXYLESS_NORM,
  } as const;
  const rows = stages.map((blocks, stage) => ({
    blocks,
    out: widths.stages[stage] ?? 0,
    stride: stageStrides[stage] ?? 1,
  }));
  return mobileNetwork(frame, (stem) => {
    const first = { name: 'first', out: widths.first, expanded: widths.stem, norm: PROXYLESS_NORM };
    return chain(invertedResidual(stem, first), rows, apply);
  });
}

/** One of the candidates of a block. */
export function proxylessBlock(x: Feature, [kernel, expansion]: ProxylessMbConv, place: BlockPlace): Feature {
  return invertedResidual(x, { ...place, kernel, expanded: expansion * channelsOf(x), norm: PROXYLESS_NORM });
}

const proxyless = (device: string, table: ProxylessTable): Preset => ({
  ...imagenet,
  title: `ProxylessNAS for ${device}`,
  paper: 'Cai, Zhu and Han 2019: ProxylessNAS: Direct Neural Architecture Search on Target Task and Hardware',
  build: (target) =>
    proxylessNetwork({ ...target, widths: table.widths }, table.stages, (x, block, place) =>
      block === null ? x : proxylessBlock(x, block, place),
    ),
});

export const proxylessNets: Readonly<Record<string, Preset>> = {
  proxylessnas_cpu: proxyless('CPUs', CPU),
  proxylessnas_gpu: proxyless('GPUs', GPU),
  proxylessnas_mobile: proxyless('phones', PROXYLESS_MOBILE),
  proxylessnas_mobile14: proxyless('phones, 1.4×', MOBILE_14),
};
