/** @file Settings of training, with their defaults. */
import { z } from 'zod';
import { adam, adamW, type Optimizer, sgd } from '../tensor/index.js';
import { cosine, flat, type Schedule, step, warmup } from '../tensor/schedule.js';

/** The schema of the settings of a training, with their defaults. */
export const trainSettings = z.strictObject({
  epochs: z
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .default(null)
    .describe('passes over the training images; null: as many as imageViews asks for'),
  imageViews: z
    .int()
    .min(1)
    .default(60_000)
    .describe(
      'images seen in training, repeats included, where epochs is null; 600000 when one network is trained for good',
    ),
  batchSize: z
    .int()
    .min(2)
    .max(4096)
    .nullable()
    .default(null)
    .describe('images a step; null: 64, or fewer where that would be less than eight steps an epoch'),
  optimizer: z.enum(['sgd', 'adam', 'adamw']).default('sgd').describe('SGD is with Nesterov momentum'),
  learningRate: z.number().positive().max(100).default(0.1).describe('at the peak of the schedule'),
  schedule: z.enum(['cosine', 'flat', 'step']).default('cosine').describe('step: a tenth after 1/2 and after 3/4'),
  warmup: z.number().min(0).max(1).default(0.1).describe('share of training in which the learning rate rises from 0'),
  momentum: z.number().min(0).max(0.9999).default(0.9).describe('of SGD'),
  weightDecay: z.number().min(0).max(1).default(2e-4).describe('L2 penalty; decoupled for adamw'),
  labelSmoothing: z.number().min(0).max(0.9).default(0).describe('weight of the uniform distribution in the target'),
  clipNorm: z.number().positive().nullable().default(null).describe('largest norm of the gradient'),
  augmentation: z
    .strictObject({
      flip: z
        .boolean()
        .nullable()
        .default(null)
        .describe('mirror half of the images; null: where mirrored images keep their class'),
      shift: z.int().min(0).default(0).describe('random crop after padding, pixels'),
      cutout: z.int().min(0).default(0).describe('side of a grey square, pixels'),
    })
    .prefault({}),
  subset: z.number().positive().default(1).describe('training images: a fraction up to 1, or a number of images'),
  validSubset: z
    .number()
    .positive()
    .default(1)
    .describe('validation images: a fraction up to 1, or a number of images'),
  resolution: z.int().min(4).nullable().default(null).describe('side of the images; null: their own'),
  widthMultiplier: z.number().positive().max(10).default(1).describe('scales the widths of the network'),
  depthMultiplier: z
    .number()
    .positive()
    .max(10)
    .default(1)
    .describe('scales how often the network repeats its cells or blocks, in spaces that repeat some'),
});

/** Settings of a training, all defaults filled in. */
export type TrainSettings = z.infer<typeof trainSettings>;

/** Where one network is trained for good: ten times a candidate's training. */
export const finalImageViews = 600_000;

/** Few images are not shown more often than this: the network would learn them by heart. */
const mostEpochs = 200;

/** How many epochs these settings mean for so many training images. */
export function plannedEpochs({ epochs, imageViews, subset }: TrainSettings, trainingImages: number): number {
  if (epochs !== null) return epochs;
  const images = subset > 1 ? Math.min(subset, trainingImages) : Math.max(1, subset * trainingImages);
  return Math.min(mostEpochs, Math.max(1, Math.round(imageViews / images)));
}

/** How many of so many training images an epoch shows. */
export const shownImages = ({ subset }: Pick<TrainSettings, 'subset'>, trainingImages: number): number =>
  subset <= 1 ? Math.round(trainingImages * subset) : Math.min(subset, trainingImages);

const usualBatchSize = 64;
const fewestSteps = 8;

/** How many images a step takes, of so many that an epoch shows: the usual number, halved while the steps are too few. */
export function plannedBatchSize({ batchSize }: TrainSettings, images: number): number {
  if (batchSize !== null) return batchSize;
  let planned = usualBatchSize;
  while (planned > 2 && planned * fewestSteps > images) planned /= 2;
  return planned;
}

/** How many steps a training has, and how many images each takes. */
export interface TrainingPlan {
  readonly batchSize: number;
  readonly epochs: number;
  /** Of one epoch; images that are left over are shown in another one. */
  readonly stepsPerEpoch: number;
}

/**
 * A whole training.
 *
 * @param images how many there are for training, and how many of them an epoch shows
 */
export function trainingPlan(
  settings: TrainSettings,
  images: { readonly all: number; readonly shown: number },
): TrainingPlan {
  const batchSize = plannedBatchSize(settings, images.shown);
  return {
    batchSize,
    epochs: plannedEpochs(settings, images.all),
    stepsPerEpoch: Math.floor(images.shown / batchSize),
  };
}

/** The optimiser that the settings name. */
export function optimizerOf({ optimizer, momentum, weightDecay }: TrainSettings): Optimizer {
  if (optimizer === 'adam') return adam({ weightDecay });
  if (optimizer === 'adamw') return adamW({ weightDecay });
  return sgd({ momentum, nesterov: momentum > 0, weightDecay });
}

/** The schedule of the learning rate that the settings name, its warm-up included. */
export function scheduleOf({ schedule, warmup: share }: TrainSettings): Schedule {
  const after = { cosine: cosine(), flat: flat(), step: step([0.5, 0.75]) }[schedule];
  return share === 0 ? after : warmup(share, after);
}
