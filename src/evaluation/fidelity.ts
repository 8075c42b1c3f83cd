/** @file What a share of a full evaluation is: fewer epochs, images, pixels, channels or repeated blocks, alone or together. */
import { z } from 'zod';
import type { BuildTarget } from '../space/space.js';
import {
  plannedEpochs,
  shownImages,
  type TrainSettings,
  trainingPlan,
  trainSettings,
} from '../training/train-settings.js';
import type { DataFacts } from './evaluation.js';

/**
 * By which power of its share of the work each dimension is scaled. Work grows linearly with epochs, images and depth, and with
 * the square of width and of resolution (Tan and Le 2019, equation 3).
 */
const powers = { epochs: 1, data: 1, resolution: 1 / 2, channels: 1 / 2, depth: 1 } as const;

/** What a share of an evaluation can make smaller. */
export type FidelityDimension = keyof typeof powers;

/** Their names. */
export const fidelityDimensions = ['epochs', 'data', 'resolution', 'channels', 'depth'] as const;

const fidelity = z
  .array(z.enum(fidelityDimensions))
  .min(1)
  .refine((names) => new Set(names).size === names.length, { error: 'names that differ' })
  .default(['epochs'])
  .describe(
    'what a strategy of several fidelities makes smaller: epochs, data (a stratified share of the training images), resolution, channels, depth (repeated cells or blocks); several of them share the work equally',
  );

/** The schema of the settings of `train`: those of a training, and what a share of it makes smaller. */
export const trainingWithFidelity = trainSettings.extend({ fidelity });

/** A training, and what a share of it makes smaller. */
export type TrainingWithFidelity = z.infer<typeof trainingWithFidelity>;

/** The least side of an image that `resolution` takes. */
const LEAST_SIDE = 4;

/** The factor of one dimension where the work is to be this share of all. */
export function factorOf(
  dimension: FidelityDimension,
  { fidelity: dimensions }: Pick<TrainingWithFidelity, 'fidelity'>,
  share: number,
): number {
  return dimensions.includes(dimension) ? share ** (powers[dimension] / dimensions.length) : 1;
}

/** The share of the work at which one dimension, scaled alone, has this factor: the inverse of `factorOf`. */
export const shareOf = (dimension: FidelityDimension, factor: number): number => factor ** (1 / powers[dimension]);

/** What a network is built for where it is to be this share of the work. */
export function targetAt(settings: TrainingWithFidelity, target: BuildTarget, share: number): BuildTarget {
  const { resolution, widthMultiplier, depthMultiplier } = settings;
  const pixels = factorOf('resolution', settings, share);
  const side = resolution ?? target.resolution ?? Math.sqrt(target.height * target.width);
  return {
    ...target,
    widthMultiplier: widthMultiplier * factorOf('channels', settings, share),
    depthMultiplier: depthMultiplier * factorOf('depth', settings, share),
    ...(pixels < 1 ? { resolution: Math.round(side * pixels) } : resolution !== null && { resolution }),
  };
}

/** The training of a share of the work, and which share of its epochs is to be trained. */
export function trainingAt(
  { fidelity, ...training }: TrainingWithFidelity,
  images: number,
  share: number,
): { readonly settings: TrainSettings; readonly milestone: number } {
  const milestone = factorOf('epochs', { fidelity }, share);
  const part = factorOf('data', { fidelity }, share);
  if (part === 1) return { settings: training, milestone };
  // The epochs stay, where fewer images would mean more of them. A subset up to 1 would be a fraction.
  const subset = Math.max(2, Math.round(part * shownImages(training, images)));
  return { settings: { ...training, epochs: plannedEpochs(training, images), subset }, milestone };
}

/** The least share of the work: one step, an image of each class in one batch, an image of four pixels' side. */
export function leastShare(settings: TrainingWithFidelity, data: DataFacts): number {
  const { fidelity, batchSize, resolution } = settings;
  const shown = shownImages(settings, data.train);
  const least: { readonly [D in FidelityDimension]?: () => number } = {
    data: () => Math.max(data.classes, batchSize ?? 2) / shown,
    resolution: () => LEAST_SIDE / (resolution ?? Math.sqrt(data.height * data.width)),
  };
  const shareFor = (dimension: FidelityDimension, factor: number): number =>
    Math.min(1, shareOf(dimension, factor) ** fidelity.length);
  const share = Math.max(
    0,
    ...fidelity.flatMap((dimension) => {
      const factor = least[dimension]?.();
      return factor === undefined ? [] : [shareFor(dimension, factor)];
    }),
  );
  // With so few images an epoch has the fewest steps.
  const { settings: smallest } = trainingAt(settings, data.train, share === 0 ? 1 : share);
  const { epochs, stepsPerEpoch } = trainingPlan(smallest, {
    all: data.train,
    shown: shownImages(smallest, data.train),
  });
  return fidelity.includes('epochs') ? Math.max(share, shareFor('epochs', 1 / (epochs * stepsPerEpoch))) : share;
}
