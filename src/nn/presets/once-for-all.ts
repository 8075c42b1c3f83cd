/** @file Once-for-all (Cai et al. 2020): sub-networks of the MobileNetV3 supernet. */
import { channelsOf, invertedResidual } from '../blocks/index.js';
import type { Network } from '../network.js';
import { makeDivisible } from '../rounding.js';
import { chain, mobileNetwork } from './mobile-frame.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';

/** Kernel and expansion of an inverted residual. */
export interface ElasticBlock {
  readonly kernel: number;
  readonly expansion: number;
}

/** Width, squeeze-and-excite and activation of the five elastic stages. */
const STAGES = [
  { out: 24, gated: false, activation: 'relu' },
  { out: 40, gated: true, activation: 'relu' },
  { out: 80, gated: false, activation: 'hard-swish' },
  { out: 112, gated: true, activation: 'hard-swish' },
  { out: 160, gated: true, activation: 'hard-swish' },
] as const;

/** Strides of the stem and of the first block of each stage. */
export const OFA_STRIDES: readonly number[] = [2, 2, 2, 2, 1, 2];

const NORM = { momentum: 0.1, epsilon: 1e-5 } as const;

export interface OnceForAllSettings extends PresetTarget {
  /** The blocks that each of the five stages keeps. */
  readonly stages: readonly (readonly ElasticBlock[])[];
  /** Multiplies all channels; the published supernets have 1.0 and 1.2. Default 1. */
  readonly widthMultiplier?: number;
  /** Default `OFA_STRIDES`. */
  readonly strides?: readonly number[];
}

/** A sub-network of the supernet. */
export function buildOnceForAll(settings: OnceForAllSettings): Network {
  const { input, classes, stages, widthMultiplier = 1, strides = OFA_STRIDES } = settings;
  const scaled = (channels: number) => makeDivisible(channels * widthMultiplier);
  const [stemStride = 1, ...stageStrides] = strides;
  const frame = {
    input,
    classes,
    stem: { out: scaled(16), stride: stemStride },
    last: scaled(960),
    hidden: { out: scaled(1280), bias: false },
    activation: 'hard-swish',
    dropout: 0.1,
    norm: NORM,
  } as const;
  const rows = STAGES.map(({ out, gated, activation }, stage) => ({
    blocks: (stages[stage] ?? []).map((block) => ({ ...block, gated, activation })),
    out: scaled(out),
    stride: stageStrides[stage] ?? 1,
  }));
  return mobileNetwork(frame, (stem) => {
    const first = { name: 'first', out: scaled(16), expanded: scaled(16), activation: 'relu', norm: NORM } as const;
    return chain(invertedResidual(stem, first), rows, (x, { kernel, expansion, gated, activation }, place) => {
      const expanded = makeDivisible(channelsOf(x) * expansion);
      const squeeze = gated ? makeDivisible(Math.floor(expanded / 4)) : undefined;
      return invertedResidual(x, { ...place, expanded, kernel, activation, squeeze, norm: NORM });
    });
  });
}

/** All blocks of all stages alike. */
export const uniformStages = (kernel: number, expansion: number, depth: number): readonly (readonly ElasticBlock[])[] =>
  STAGES.map(() => new Array<ElasticBlock>(depth).fill({ kernel, expansion }));

const subnet = (kernel: number, expansion: number, depth: number, widthMultiplier = 1): Preset => ({
  ...imagenet,
  title: `Once-for-all ${widthMultiplier}×, kernels ${kernel}, expansions ${expansion}, depths ${depth}`,
  paper:
    'Cai, Gan, Wang, Zhang and Han 2020: Once-for-All: Train One Network and Specialize it for Efficient Deployment',
  build: (target) => buildOnceForAll({ ...target, stages: uniformStages(kernel, expansion, depth), widthMultiplier }),
});

/** The largest and the smallest sub-network and one between, of the supernet of width 1.0; the largest of width 1.2. */
export const onceForAllNets: Readonly<Record<string, Preset>> = {
  ofa_mbv3_max: subnet(7, 6, 4),
  ofa_mbv3_k3e4d3: subnet(3, 4, 3),
  ofa_mbv3_min: subnet(3, 3, 2),
  ofa_mbv3_w1_2_max: subnet(7, 6, 4, 1.2),
};
