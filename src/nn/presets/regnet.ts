/** @file RegNet X and Y (Radosavovic et al. 2020) with the rounding of the paper and of torchvision. */
import { bottleneck, channelsOf, classifier, convNorm } from '../blocks/index.js';
import { Network } from '../network.js';
import { roundHalfEven } from '../rounding.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';
import { type RegNetDesign, type RegNetRounding, type RegNetStage, regnetStages } from './regnet-design.js';

export interface RegNetSettings extends PresetTarget {
  readonly stages: readonly RegNetStage[];
  /** Whether each block has a squeeze-and-excite: Y has, X has not. */
  readonly squeezeExcite: boolean;
  /** Channels of the stem. Default 32. */
  readonly stemWidth?: number;
  /** Strides of the stem and of the first block of each stage. Default 2 everywhere. */
  readonly strides?: readonly number[];
}

/** Stem 3×3, stages of bottlenecks with grouped convolutions, channel means and one linear layer. */
export function buildRegNet({
  input,
  classes,
  stages,
  squeezeExcite,
  stemWidth = 32,
  strides: [stemStride = 2, ...stageStrides] = [],
}: RegNetSettings): Network {
  return Network.build(input, (image) => {
    let x = convNorm(image, { name: 'stem', out: stemWidth, kernel: 3, stride: stemStride, activation: 'relu' });
    for (const [index, { depth, width, innerWidth, groupWidth }] of stages.entries()) {
      for (let block = 0; block < depth; block++) {
        x = bottleneck(x, {
          name: `stage${index + 1}.block${block + 1}`,
          out: width,
          width: innerWidth,
          groups: innerWidth / groupWidth,
          stride: block === 0 ? (stageStrides[index] ?? 2) : 1,
          squeeze: squeezeExcite ? { squeeze: squeezedWidth(channelsOf(x)), gate: 'sigmoid' } : undefined,
        });
      }
    }
    return classifier(x, classes);
  });
}

/** A quarter of what the block takes, not of what its gate sees. */
const squeezedWidth = (channels: number): number => Math.max(1, roundHalfEven(channels / 4));

/** The designs of the paper as pycls has them in configs/dds_baselines, by hundreds of millions of MACs at 224×224. */
const published = {
  x: {
    2: design(13, 24, 36.44, 2.49, 8),
    4: design(22, 24, 24.48, 2.54, 16),
    6: design(16, 48, 36.97, 2.24, 24),
    8: design(16, 56, 35.73, 2.28, 16),
    16: design(18, 80, 34.01, 2.25, 24),
    32: design(25, 88, 26.31, 2.25, 48),
    40: design(23, 96, 38.65, 2.43, 40),
    64: design(17, 184, 60.83, 2.07, 56),
    80: design(23, 80, 49.56, 2.88, 120),
    120: design(19, 168, 73.36, 2.37, 112),
    160: design(22, 216, 55.59, 2.1, 128),
    320: design(23, 320, 69.86, 2, 168),
  },
  y: {
    2: design(13, 24, 36.44, 2.49, 8),
    4: design(16, 48, 27.89, 2.09, 8),
    6: design(15, 48, 32.54, 2.32, 16),
    8: design(14, 56, 38.84, 2.4, 16),
    16: design(27, 48, 20.71, 2.65, 24),
    32: design(21, 80, 42.63, 2.66, 24),
    40: design(22, 96, 31.41, 2.24, 64),
    64: design(25, 112, 33.22, 2.27, 72),
    80: design(17, 192, 76.82, 2.19, 56),
    120: design(19, 168, 73.36, 2.37, 112),
    160: design(18, 200, 106.23, 2.48, 112),
    320: design(20, 232, 115.89, 2.53, 232),
  },
} as const;

function design(
  depth: number,
  initialWidth: number,
  slope: number,
  multiplier: number,
  groupWidth: number,
): RegNetDesign {
  return { depth, initialWidth, slope, multiplier, groupWidth };
}

/** A published design. */
export interface PublishedRegNet {
  /** As in torchvision: `regnet_y_400mf`. */
  readonly name: string;
  /** As in timm, which keeps to the paper's rounding: `regnety_004`. */
  readonly timmName: string;
  /** Such as `RegNetY-400MF`. */
  readonly title: string;
  readonly design: RegNetDesign;
  readonly squeezeExcite: boolean;
}

export const publishedRegNets: readonly PublishedRegNet[] = Object.entries(published).flatMap(([family, designs]) =>
  Object.entries(designs).map(([hundreds, parameters]) => {
    const size = Number(hundreds) < 10 ? `${hundreds}00mf` : `${Number(hundreds) / 10}gf`;
    return {
      name: `regnet_${family}_${size.replace('.', '_')}`,
      timmName: `regnet${family}_${hundreds.padStart(3, '0')}`,
      title: `RegNet${family.toUpperCase()}-${size.toUpperCase()}`,
      design: parameters,
      squeezeExcite: family === 'y',
    };
  }),
);

const preset = ({ title, design, squeezeExcite }: PublishedRegNet, rounding: RegNetRounding): Preset => ({
  ...imagenet,
  title: `${title}, widths rounded as ${rounding === 'half-even' ? 'in the paper' : 'in torchvision'}`,
  paper: 'Radosavovic, Prateek Kosaraju, Girshick, He and Dollár 2020: Designing Network Design Spaces',
  build: (target) => buildRegNet({ ...target, stages: regnetStages(design, rounding), squeezeExcite }),
});

/** torchvision's names are for its rounding, timm's for the paper's: X-400MF, X-4GF, Y-800MF, Y-4GF and Y-8GF differ. */
export const regnets: Readonly<Record<string, Preset>> = Object.fromEntries(
  publishedRegNets.flatMap((network) => [
    [network.name, preset(network, 'make-divisible')],
    [network.timmName, preset(network, 'half-even')],
  ]),
);
