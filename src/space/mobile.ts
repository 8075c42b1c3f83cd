/** @file A chain of inverted residuals for small images, after MobileNetV2 and V3 and searched stage by stage as MnasNet is. */
import { UsageError } from '../error.js';
import type { Json } from '../json.js';
import { channelsOf, convNorm, invertedResidual } from '../nn/blocks/index.js';
import { type Feature, scope } from '../nn/feature.js';
import { globalAvgPool, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import { makeDivisible } from '../nn/rounding.js';
import { bool, choice, int, ordinal } from './decisions/choice.js';
import type { Infer } from './decisions/decision.js';
import type { Relaxable } from './decisions/mixture.js';
import { object } from './decisions/product.js';
import { branch } from './decisions/relax.js';
import { tuple } from './decisions/repeat.js';
import { scaledImage } from './scaled-image.js';
import { defineSpace } from './space.js';

/** A stage repeats one block: choices that differ within a stage gain little (Tan et al. 2019, section 4.1). */
const stage = (widths: readonly number[]) =>
  object({
    depth: int({ min: 1, max: 3 }),
    width: ordinal(widths),
    kernel: choice([3, 5]),
    /** Channels of the depthwise convolution for each channel of the block's input. */
    expansion: ordinal([1, 2, 3, 4, 6]),
    squeezeExcite: bool(),
    activation: choice(['relu', 'hard-swish']),
  });

/** The decisions of the space. */
const decisions = object({
  /** Side of the network's image relative to the target's. */
  resolution: ordinal([0.875, 1, 1.125]),
  stem: object({ width: ordinal([8, 16, 24]), stride: ordinal([1, 2]) }),
  stages: tuple(stage([8, 16, 24, 32]), stage([16, 24, 32, 48]), stage([24, 32, 48, 64, 96])),
  head: object({ width: ordinal([48, 64, 96, 128]) }),
});

/** An architecture of the space `mobile`. */
export type MobileArchitecture = Infer<typeof decisions>;

type Stage = MobileArchitecture['stages'][number];

/** A map of this side or smaller is not halved any more. */
const SMALLEST_HALVED = 5;

/** At 28×28 and with a stem of stride 2, maps have sides of 14, 14, 7 and 4. */
export const mobile = defineSpace<MobileArchitecture>({
  name: 'mobile',
  title: 'Inverted residuals for small images',
  paper:
    'Sandler et al., MobileNetV2: Inverted Residuals and Linear Bottlenecks, CVPR 2018; ' +
    'Howard et al., Searching for MobileNetV3, ICCV 2019; Tan et al., MnasNet, CVPR 2019',
  description:
    'A stem, three stages of inverted residuals and a head. Searched are the resolution of the images, the width and ' +
    'stride of the stem, the width of the head, and for each stage depth, width, kernel, expansion, squeeze-and-excite ' +
    'and activation. The second and third stage halve the map unless it is small already.',
  decisions,
  notations: [
    {
      name: 'stages',
      description:
        'resolution, stem, stages and head, such as r0.875,o16_s2,d2_o16_k3_e3_relu,d3_o32_k5_e4_se_hard-swish,d1_o64_k3_e6_hard-swish,o96',
      parse,
      format,
    },
  ],
  build({ resolution, stem, stages, head }, target) {
    const scaled = (width: number) => makeDivisible(width * (target.widthMultiplier ?? 1));
    const [first, , last] = stages;
    return Network.build(scaledImage(resolution, target), (image) => {
      let x = scope(image, 'stem', (inner) =>
        branch(first.activation, inner, (activation, y) =>
          convNorm(y, { out: scaled(stem.width), kernel: 3, stride: strideOn(y, stem.stride), activation }),
        ),
      );
      for (const [index, stage] of stages.entries()) {
        for (let block = 0; block < stage.depth; block++) {
          const stride = strideOn(x, index > 0 && block === 0 ? 2 : 1);
          x = scope(x, `stage${index}_${block}`, (inner) => buildBlock(inner, stage, scaled(stage.width), stride));
        }
      }
      x = scope(x, 'head', (inner) =>
        branch(last.activation, inner, (activation, y) =>
          convNorm(y, { out: scaled(head.width), kernel: 1, activation }),
        ),
      );
      return linear(globalAvgPool(x), { name: 'classifier', out: target.classes });
    });
  },
});

function buildBlock(x: Feature, stage: Relaxable<Stage>, out: number, stride: number): Feature {
  const expanded = channelsOf(x) * stage.expansion;
  const squeeze = stage.squeezeExcite ? makeDivisible(expanded / 4) : undefined;
  return branch(stage.activation, x, (activation, y) =>
    branch(stage.kernel, y, (kernel, z) =>
      invertedResidual(z, { name: 'block', out, expanded, kernel, stride, activation, squeeze }),
    ),
  );
}

/** Maps never vanish: a small one is not halved. */
function strideOn(x: Feature, stride: number): number {
  const [, height = 1, width = 1] = x.shape;
  return Math.min(height, width) < SMALLEST_HALVED ? 1 : stride;
}

/** For example `r0.875,o16_s2,d2_o16_k3_e3_relu,d3_o32_k5_e4_se_hard-swish,d1_o64_k3_e6_hard-swish,o96`. */
function format({ resolution, stem, stages, head }: MobileArchitecture): string {
  const blocks = stages.map(({ depth, width, kernel, expansion, squeezeExcite, activation }) =>
    [`d${depth}`, `o${width}`, `k${kernel}`, `e${expansion}`, ...(squeezeExcite ? ['se'] : []), activation].join('_'),
  );
  return [`r${resolution}`, `o${stem.width}_s${stem.stride}`, ...blocks, `o${head.width}`].join(',');
}

const NOTATION = /^r([\d.]+),o(\d+)_s(\d+),(.+),o(\d+)$/;
const STAGE_NOTATION = /^d(\d+)_o(\d+)_k(\d+)_e(\d+)(_se)?_([a-z-]+)$/;

function parse(text: string): Json | undefined {
  const [, resolution, stemWidth, stemStride, stages, headWidth] = NOTATION.exec(text.trim()) ?? [];
  if (stages === undefined) return undefined;
  return {
    resolution: Number(resolution),
    stem: { width: Number(stemWidth), stride: Number(stemStride) },
    stages: stages.split(',').map(parseStage),
    head: { width: Number(headWidth) },
  };
}

function parseStage(text: string): Json {
  const [, depth, width, kernel, expansion, gate, activation] = STAGE_NOTATION.exec(text) ?? [];
  if (activation === undefined) {
    throw new UsageError(
      `"${text.slice(0, 80)}" is no stage of the space "mobile"; an example of one is "d3_o32_k5_e4_se_hard-swish".`,
    );
  }
  return {
    depth: Number(depth),
    width: Number(width),
    kernel: Number(kernel),
    expansion: Number(expansion),
    squeezeExcite: gate !== undefined,
    activation,
  };
}
