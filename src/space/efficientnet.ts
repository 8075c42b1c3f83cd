/** @file EfficientNet's scaling (Tan and Le 2019): one network made larger or smaller in depth, width and resolution. */
import {
  buildEfficientNet,
  compoundScaling,
  type EfficientNetStage,
  efficientNetB0,
  efficientNetFrame,
  publishedEfficientNets,
  type Scaling,
} from '../nn/presets/efficientnet.js';
import { makeDivisible } from '../nn/rounding.js';
import { parseAssignments } from './decisions/assignments.js';
import { ordinal } from './decisions/choice.js';
import type { Infer } from './decisions/decision.js';
import { filtered } from './decisions/filtered.js';
import { object } from './decisions/product.js';
import { variant } from './decisions/variant.js';
import { scaledImage } from './scaled-image.js';
import { defineSpace, type SearchSpace } from './space.js';
import { fittingStrides } from './strides.js';

/** B0 takes images of this side; the released resolutions are told by it. */
const BASE_RESOLUTION = 224;

/** What α·β²·γ² may be, as it is to be near 2: the paper's own 1.2·1.1²·1.15² is 1.92. */
const GROWTH = { min: 1.9, max: 2.1 };

/** From 1 in steps of 0.05, which the paper's α, β and γ are multiples of. */
const ratios = (last: number) => ordinal(Array.from({ length: last * 20 - 19 }, (_, step) => (20 + step) / 20));

/** The decisions of the space. */
const decisions = variant('scaling', {
  /** Depth α^φ, width β^φ, resolution γ^φ (equation 3). φ of 0 is the network itself, whatever the ratios. */
  compound: {
    phi: ordinal([-3, -2, -1, -0.5, 0.5, 1, 2, 3, 4, 5, 6]),
    ratios: filtered(object({ alpha: ratios(2), beta: ratios(1.4), gamma: ratios(1.4) }), ({ alpha, beta, gamma }) => {
      // Rounded, so that 1.9 is 1.9 whatever the order of the factors.
      const growth = Number((alpha * beta ** 2 * gamma ** 2).toFixed(6));
      if (growth >= GROWTH.min && growth <= GROWTH.max) return undefined;
      return `α·β²·γ² is ${growth}, but must be between ${GROWTH.min} and ${GROWTH.max}, so that MACs grow by about 2^φ`;
    }),
  },
  /** Each dimension on its own; the released networks have such coefficients. */
  free: {
    depth: ordinal([0.25, 0.5, 0.75, 1, 1.1, 1.2, 1.4, 1.8, 2.2, 2.6, 3.1]),
    width: ordinal([0.25, 0.35, 0.5, 0.75, 1, 1.1, 1.2, 1.4, 1.6, 1.8, 2]),
    resolution: ordinal([128, 160, 192, 224, 240, 260, 300, 380, 456, 528, 600]),
  },
});

/** An architecture of the space `efficientnet`. */
export type EfficientNetArchitecture = Infer<typeof decisions>;

/** What the space `efficientnet` may be made with. */
export interface EfficientNetOptions {
  /** The network that is scaled. Default EfficientNet-B0. */
  readonly stages?: readonly EfficientNetStage[];
  /** Before the classifier. Default 0.2. */
  readonly dropout?: number;
}

/** The space of B0's scalings, or of another network's. */
export function efficientnet({
  stages = efficientNetB0,
  dropout = 0.2,
}: EfficientNetOptions = {}): SearchSpace<EfficientNetArchitecture> {
  return defineSpace<EfficientNetArchitecture>({
    name: 'efficientnet',
    title: 'EfficientNet scaling',
    paper: 'Tan and Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, ICML 2019',
    description:
      'EfficientNet-B0 with more or fewer blocks, channels and pixels: by compound scaling with a coefficient φ and ratios ' +
      'α, β and γ with α·β²·γ² near 2, or by each of the three dimensions on its own. Resolutions are those for images of ' +
      `${BASE_RESOLUTION}×${BASE_RESOLUTION}; others are scaled alike. For small images the first layers do not stride.`,
    decisions,
    published: publishedEfficientNets.map(({ name, depth, width, resolution }) => ({
      name: `EfficientNet-${name.slice(-2).toUpperCase()}`,
      architecture: { scaling: 'free', depth, width, resolution },
      source: 'efficientnet_builder.py of the authors',
    })),
    hasDepth: true,
    build(architecture, target) {
      const { depth, width, resolution } = scalingOf(architecture);
      const [stemStride = 1, ...strides] = fittingStrides([2, ...stages.map(({ stride }) => stride)], target);
      return buildEfficientNet({
        input: scaledImage(resolution, target),
        classes: target.classes,
        stages: stages.map((stage, index) => ({ ...stage, stride: strides[index] ?? stage.stride })),
        stemStride,
        depth: depth * (target.depthMultiplier ?? 1),
        width: width * (target.widthMultiplier ?? 1),
        dropout,
      });
    },
    notations: [
      {
        name: 'symbols',
        description: 'phi=1,alpha=1.2,beta=1.1,gamma=1.15 or depth=1.1,width=1,resolution=240',
        parse,
        format,
      },
    ],
    canonical(architecture) {
      const { depth, width, resolution } = scalingOf(architecture);
      const channels = [efficientNetFrame.stem, ...stages.map(({ out }) => out), efficientNetFrame.last];
      return JSON.stringify([
        resolution,
        stages.map(({ blocks }) => Math.ceil(depth * blocks)),
        channels.map((count) => makeDivisible(width * count)),
      ]);
    },
  });
}

/** Factors of all three dimensions. */
function scalingOf(architecture: EfficientNetArchitecture): Scaling & { readonly resolution: number } {
  if (architecture.scaling === 'compound') return compoundScaling(architecture.phi, architecture.ratios);
  const { depth, width, resolution } = architecture;
  return { depth, width, resolution: resolution / BASE_RESOLUTION };
}

/** `phi=1,alpha=1.2,beta=1.1,gamma=1.15` or `depth=1.1,width=1,resolution=240`. */
function format(architecture: EfficientNetArchitecture): string {
  if (architecture.scaling === 'free') {
    const { depth, width, resolution } = architecture;
    return `depth=${depth},width=${width},resolution=${resolution}`;
  }
  const { alpha, beta, gamma } = architecture.ratios;
  return `phi=${architecture.phi},alpha=${alpha},beta=${beta},gamma=${gamma}`;
}

const COMPOUND = ['phi', 'alpha', 'beta', 'gamma'];
const FREE = ['depth', 'width', 'resolution'];

function parse(text: string): unknown {
  const isCompound = COMPOUND.some((symbol) => text.includes(`${symbol}=`));
  const symbols = parseAssignments(text, { numbers: isCompound ? COMPOUND : FREE });
  if (symbols === undefined) return undefined;
  if (!isCompound) return { scaling: 'free', ...symbols };
  const { phi, ...ratios } = symbols;
  return { scaling: 'compound', phi, ratios };
}
