/** @file Once-for-all (Cai et al. 2020): the sub-networks of a MobileNetV3 with elastic resolution, depth, width and kernels. */
import { buildOnceForAll, OFA_STRIDES, uniformStages } from '../nn/presets/once-for-all.js';
import { int, ordinal } from './decisions/choice.js';
import type { Infer } from './decisions/decision.js';
import { mutateGenes } from './decisions/gene-mutation.js';
import { object } from './decisions/product.js';
import { repeat } from './decisions/repeat.js';
import { decodeStages, encodeStages, isElasticEncoding } from './elastic-encoding.js';
import { literalIn } from './notations/python-literal.js';
import { scaledImage } from './scaled-image.js';
import { defineSpace, type SearchSpace } from './space.js';
import { fittingStrides } from './strides.js';

/** Sides are told for targets whose images have this one; for others they are scaled alike. */
const BASE_RESOLUTION = 224;

const DEPTHS = { min: 2, max: 4 } as const;

/** A supernet has the largest of everything, since the rest are parts of it. */
const decisions = object({
  resolution: int({ min: 128, max: BASE_RESOLUTION, step: 4 }),
  stages: repeat(repeat(object({ kernel: ordinal([3, 5, 7]), expansion: ordinal([3, 4, 6]) }), DEPTHS), 5),
});

/** An architecture of the space `once-for-all`. */
export type OnceForAllArchitecture = Infer<typeof decisions>;

const LONGEST: readonly number[] = new Array<number>(5).fill(DEPTHS.max);

/** What the space `once-for-all` may be made with. */
export interface OnceForAllOptions {
  /** Multiplies all channels; the published supernets have 1.0 and 1.2. Default 1. */
  readonly widthMultiplier?: number;
}

/** The space of the supernet of width 1.0, or of another one. */
export function onceForAll({ widthMultiplier = 1 }: OnceForAllOptions = {}): SearchSpace<OnceForAllArchitecture> {
  return defineSpace<OnceForAllArchitecture>({
    name: 'once-for-all',
    title: 'Once-for-all',
    paper:
      'Cai, Gan, Wang, Zhang and Han, Once-for-All: Train One Network and Specialize it for Efficient Deployment, ICLR 2020',
    description:
      'Five stages of 2 to 4 inverted residuals, each with kernel 3, 5 or 7 and expansion 3, 4 or 6: 7371^5 = 2.2·10^19 ' +
      'networks, as the paper counts, for each of 25 resolutions from 128 to 224, which are those for images of 224×224; ' +
      'others are scaled alike. For small images the first layers do not stride.',
    decisions,
    published: [
      publishedSubnet('K7E6D4', 7, 6, 4),
      publishedSubnet('K3E4D3', 3, 4, 3),
      publishedSubnet('K3E3D2', 3, 3, 2),
    ],
    notations: [
      {
        name: 'elastic',
        description:
          'the authors\' dict: kernels, expansions and depths as flat lists, such as {"ks": [7, …], "e": [6, …], "d": [4, …], "image_size": 224}',
        parse(text) {
          const value = literalIn(text);
          if (!isElasticEncoding(value)) return undefined;
          return { resolution: resolutionOf(value), stages: decodeStages(value, LONGEST) };
        },
        format: ({ resolution, stages }) =>
          JSON.stringify({ ...encodeStages(stages, LONGEST), image_size: resolution }),
      },
    ],
    /** Genes change with a chance of 0.1, the resolution with one of 0.5 (the authors' search). */
    mutate: (architecture, random) =>
      mutateGenes(decisions, architecture, (path) => (path.endsWith('.resolution') ? 0.5 : 0.1), random),
    build({ resolution, stages }, target) {
      return buildOnceForAll({
        input: scaledImage(resolution / BASE_RESOLUTION, target),
        classes: target.classes,
        stages,
        widthMultiplier: widthMultiplier * (target.widthMultiplier ?? 1),
        strides: fittingStrides(OFA_STRIDES, target),
      });
    },
  });
}

/** The authors write `image_size` or `r`, a number or a list of one. */
function resolutionOf({ image_size, r = image_size }: { readonly [key: string]: unknown }): unknown {
  return Array.isArray(r) ? r[0] : r;
}

const publishedSubnet = (name: string, kernel: number, expansion: number, depth: number) => ({
  name,
  architecture: { resolution: BASE_RESOLUTION, stages: uniformStages(kernel, expansion, depth) },
  source: 'one kernel, expansion and depth in the whole supernet of width 1.0',
});
