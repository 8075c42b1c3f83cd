/** @file MCUNet's TinyNAS (Lin et al. 2020): small networks for microcontrollers, in a grid of resolutions and widths. */
import { PROXYLESS_STRIDES, proxylessMbConv, proxylessNetwork } from '../nn/presets/proxylessnas.js';
import { makeDivisible } from '../nn/rounding.js';
import { ordinal } from './decisions/choice.js';
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

/** Channels at width 1, those of ProxylessNAS's search. There is no last convolution: it alone would fill the flash. */
const WIDTHS = { stem: 32, first: 16, stages: [24, 40, 80, 96, 192, 320] } as const;

const block = object({ kernel: ordinal([3, 5, 7]), expansion: ordinal([3, 4, 6]) });

const DEPTHS = { min: 2, max: 4 } as const;

/** Blocks of the stages of the supernet; the last is not elastic. */
const LONGEST: readonly number[] = [4, 4, 4, 4, 4, 1];

/** Sides of the images of the grid. */
export const mcunetResolutions: readonly number[] = Array.from({ length: 12 }, (_, step) => 48 + 16 * step);

/** Width multipliers of the grid. */
export const mcunetWidths: readonly number[] = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** One of the options, decided or open. */
const decidedAmong = (options: readonly number[], decided: number | undefined) =>
  ordinal(decided === undefined ? options : [ordinal(options).validate(decided)]);

/** A point of the grid: a space of its own. */
export interface McunetGridPoint {
  /** One of 48, 64, …, 224. Default: open. */
  readonly resolution?: number;
  /** One of 0.2, 0.3, …, 1. Default: open. */
  readonly width?: number;
}

/** The decisions of the space. */
const describeDecisions = ({ resolution, width }: McunetGridPoint) =>
  object({
    resolution: decidedAmong(mcunetResolutions, resolution),
    width: decidedAmong(mcunetWidths, width),
    stages: repeat(repeat(block, DEPTHS), 5),
    last: block,
  });

/** An architecture of the space `mcunet`. */
export type McunetArchitecture = Infer<ReturnType<typeof describeDecisions>>;

/**
 * The whole grid, or the space at one point of it, as the first stage of the paper's search chooses it.
 * @throws {UsageError} where the point is not on the grid
 */
export function mcunet(point: McunetGridPoint = {}): SearchSpace<McunetArchitecture> {
  const decisions = describeDecisions(point);
  return defineSpace<McunetArchitecture>({
    name: 'mcunet',
    title: 'MCUNet',
    paper: 'Lin, Chen, Lin, Cohn, Gan and Han, MCUNet: Tiny Deep Learning on IoT Devices, NeurIPS 2020',
    description:
      'For each of 12 resolutions, from 48 to 224, and 9 widths, from 0.2 to 1: five stages of 2 to 4 inverted residuals ' +
      'and a last one, each with kernel 3, 5 or 7 and expansion 3, 4 or 6. The 108 points of the grid are the spaces among ' +
      'which the paper chooses one. A limit of b bytes for 8-bit feature maps is one of 4·b for the peak memory, which is ' +
      'counted in 32 bits. Resolutions are those for images of 224×224; others are scaled alike. For small images the ' +
      'first layers do not stride.',
    decisions,
    notations: [
      {
        name: 'elastic',
        description:
          'the encoding of once-for-all networks, such as {"ks": [7, …], "e": [6, …], "d": [4, …], "image_size": 160, "width": 0.5}',
        parse(text) {
          const value = literalIn(text);
          if (!isElasticEncoding(value)) return undefined;
          const stages = decodeStages(value, LONGEST);
          return {
            resolution: value.image_size,
            width: value.width,
            stages: stages.slice(0, -1),
            last: stages.at(-1)?.[0],
          };
        },
        format: ({ resolution, width, stages, last }) =>
          JSON.stringify({ ...encodeStages([...stages, [last]], LONGEST), image_size: resolution, width }),
      },
    ],
    /** Each gene changes with a chance of 0.1 in the paper's evolution. */
    mutate: (architecture, random) => mutateGenes(decisions, architecture, () => 0.1, random),
    build({ resolution, width, stages, last }, target) {
      const scaled = (channels: number) => makeDivisible(channels * width * (target.widthMultiplier ?? 1));
      const settings = {
        input: scaledImage(resolution / BASE_RESOLUTION, target),
        classes: target.classes,
        widths: { stem: scaled(WIDTHS.stem), first: scaled(WIDTHS.first), stages: WIDTHS.stages.map(scaled) },
        strides: fittingStrides(PROXYLESS_STRIDES, target),
      };
      return proxylessNetwork(settings, [...stages, [last]], proxylessMbConv);
    },
  });
}
