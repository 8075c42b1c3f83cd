/** @file A whole training, or a share of one: epochs of batches, a learning curve, the best weights, and a checkpoint. */
import { trainingBatches } from '../data/batches.js';
import type { Dataset, Images } from '../data/dataset.js';
import { resizeImages } from '../data/resize.js';
import { subset } from '../data/split.js';
import { channelStatistics } from '../data/statistics.js';
import { blockSize } from '../engine/blocked-kernels.js';
import type { Engine } from '../engine/engine.js';
import { UsageError, WorkError } from '../error.js';
import type { Network } from '../nn/network.js';
import { initialWeights, type Weights } from '../nn/weights.js';
import { Random } from '../random.js';
import { type BestEpoch, decodeCheckpoint, encodeCheckpoint } from './checkpoint.js';
import { Classifier } from './classifier.js';
import type { Point } from './curve.js';
import { describeTeacher, distillation, Lessons, type Teacher } from './distillation.js';
import { crossEntropy, type LossTerm } from './loss.js';
import { optimizerOf, scheduleOf, type TrainingPlan, type TrainSettings, trainingPlan } from './train-settings.js';
import { Trainer } from './trainer.js';

/** A loss so many times that of guessing is beyond sense: what the steps before have learnt is gone. */
const DIVERGED = 100;

/** What fixes a training beside its settings, and what it goes on from. */
export interface TrainingRun {
  readonly seed: number;
  /** Intra-op threads of the engine. */
  readonly threads: number;
  /**
   * Shares of a whole training, in (0, 1], each larger than the one before. A cycle of the learning rate ends at each, and
   * the training at the last. Default: one cycle of all.
   */
  readonly milestones?: readonly number[];
  /** What an equal run gave at the end of smaller milestones: goes on from there, with the cycles to these. */
  readonly checkpoint?: Uint8Array;
  /** What training begins with where there is no checkpoint; drawn at random by default. */
  readonly initial?: Weights;
  /** A trained network to learn from beside the labels. */
  readonly teacher?: Teacher;
}

/** The surroundings of a training. */
export interface TrainingContext {
  readonly engine: Engine;
  /** Called after each epoch, and at each milestone. */
  report(point: Point): void;
  readonly signal: AbortSignal;
}

/** What a training gives: weights, metrics and a checkpoint. */
export interface TrainingOutcome {
  /** Accuracy and loss of the best epoch; `epochs` so far. */
  readonly metrics: {
    readonly validAccuracy: number;
    readonly validLoss: number;
    readonly bestEpoch: number;
    readonly epochs: number;
  };
  /** Those that this run has trained. */
  readonly trainedEpochs: number;
  /** Of the best epoch. */
  readonly weights: Weights;
  /** All that a run to larger milestones needs to go on from here. */
  checkpoint(): Uint8Array;
}

/**
 * Trains a network on a dataset and keeps the weights of the epoch with the best validation accuracy.
 *
 * Each milestone ends a cycle that has all of the schedule of the learning rate, so that only trainings that have come to
 * their end compare; the next cycle starts the schedule anew (Loshchilov and Hutter 2017, "warm restarts"), while weights,
 * optimiser and best epoch go on. A run to milestones a and b gives the same bits as one to a and another from its
 * checkpoint to b: weights, metrics, checkpoint, and curve but for its seconds, which count from the start of each run.
 *
 * @throws {UsageError} where the network and the images do not fit, or milestones do not rise
 * @throws {WorkError} where training diverges, or the checkpoint is damaged or of another training
 */
export async function trainNetwork(
  network: Network,
  dataset: Dataset,
  settings: TrainSettings,
  { seed, threads, milestones: wanted = [1], checkpoint, initial, teacher }: TrainingRun,
  { engine, report, signal }: TrainingContext,
): Promise<TrainingOutcome> {
  const [classes] = network.outputShape;
  if (classes !== dataset.classes.length) {
    throw new UsageError(
      `The network tells ${classes} classes apart, but ${dataset.name} has ${dataset.classes.length}.`,
    );
  }
  const began = performance.now();
  const random = new Random(seed);
  const train = atInputSize(network, subset(dataset.train, settings.subset, seed));
  const valid = atInputSize(network, subset(dataset.valid, settings.validSubset, seed));
  const normalization = channelStatistics(train);
  const plan = trainingPlan(settings, { all: dataset.train.count, shown: train.count });
  const { batchSize, stepsPerEpoch } = plan;
  const recipe = { network: network.toJson(), settings, seed, data: dataset.name, teacher: describeTeacher(teacher) };
  const optimizer = optimizerOf(settings);
  const earlier = checkpoint && decodeCheckpoint(network, recipe, optimizer, checkpoint);
  const milestones = [...(earlier?.milestones ?? []), ...wanted];
  const cycles = cyclesOf(milestones, plan);
  const noise = random.stream('noise');
  if (earlier !== undefined) noise.position = earlier.noise;
  const graph = { batchSize, normalization, blocks: await blockSize(engine) };
  const trainer = await Trainer.create(engine, network, earlier?.state ?? initial ?? randomWeights(network, seed), {
    ...graph,
    optimizer,
    terms: termsOf(settings, teacher),
    clipNorm: settings.clipNorm,
    threads,
    noise,
  });
  const { state } = trainer;
  const begun = state.steps;
  let classifier: Classifier | undefined;
  let taught: Lessons | undefined;
  try {
    taught = teacher && (await Lessons.create(engine, network, teacher, { ...graph, threads }));
    classifier = await Classifier.create(engine, network, { ...graph, threads });
    const schedule = scheduleOf(settings);
    let best: BestEpoch | undefined = earlier?.best;
    for (const { start, end } of cycles) {
      while (state.steps < end) {
        const epoch = Math.floor(state.steps / stepsPerEpoch);
        const first = state.steps - epoch * stepsPerEpoch;
        const batches = trainingBatches(train, {
          batchSize,
          seed: random.stream('batches').bits(),
          epoch,
          augmentation: { ...settings.augmentation, flip: settings.augmentation.flip ?? dataset.mirrorInvariant },
        });
        let total = 0;
        let step = 0;
        let learningRate = 0;
        for (const batch of batches) {
          if (epoch * stepsPerEpoch + step === end) break;
          // An epoch that a milestone has cut goes on with the batches that are left.
          if (step >= first) {
            signal.throwIfAborted();
            // The middle of the step: the first one of a warm-up moves the weights too.
            const at = epoch + (step + 0.5) / stepsPerEpoch;
            learningRate = settings.learningRate * schedule((at - start) / (end / stepsPerEpoch - start));
            const loss = await trainer.step(batch, learningRate, await taught?.of(batch));
            checkConvergence(loss, classes, epoch, step);
            total += loss;
          }
          step++;
        }
        const { weights } = trainer;
        const seen = epoch + step / stepsPerEpoch;
        const rating = await classifier.rate(weights, valid);
        if (!Number.isFinite(rating.loss)) throw diverged(`the validation loss is ${rating.loss} after epoch ${seen}`);
        if (best === undefined || rating.accuracy >= best.accuracy) best = { weights, ...rating, epoch: seen };
        report({
          epoch: seen,
          seconds: (performance.now() - began) / 1000,
          values: {
            images: state.steps * batchSize,
            learningRate,
            trainLoss: total / (step - first),
            validLoss: rating.loss,
            validAccuracy: rating.accuracy,
          },
        });
      }
    }
    if (best === undefined) throw new WorkError('The training had no epoch.');
    const { accuracy, loss, epoch, weights } = best;
    const reached = { milestones, noise: noise.position, state, best };
    return {
      metrics: {
        validAccuracy: accuracy,
        validLoss: loss,
        bestEpoch: epoch,
        epochs: state.steps / stepsPerEpoch,
      },
      trainedEpochs: (state.steps - begun) / stepsPerEpoch,
      weights,
      checkpoint: () => encodeCheckpoint(network, recipe, reached),
    };
  } finally {
    await trainer.release();
    await classifier?.release();
    await taught?.release();
  }
}

/** What a training of this seed begins with. */
export const randomWeights = (network: Network, seed: number): Weights =>
  initialWeights(network, new Random(seed).stream('weights').bits());

/** The loss: of the labels, and where there is a teacher of what it says (Hinton et al. 2015, section 2). */
function termsOf({ labelSmoothing }: TrainSettings, teacher: Teacher | undefined): LossTerm[] {
  if (teacher === undefined) return [crossEntropy({ labelSmoothing })];
  return [crossEntropy({ labelSmoothing, weight: 1 - teacher.weight }), distillation(teacher)];
}

/** A cycle of the learning rate. */
interface Cycle {
  /** In epochs. */
  readonly start: number;
  /** In steps. */
  readonly end: number;
}

function cyclesOf(milestones: readonly number[], { epochs, stepsPerEpoch }: TrainingPlan): Cycle[] {
  let before = 0;
  for (const milestone of milestones) {
    if (!(milestone > before && milestone <= 1)) {
      throw new UsageError(
        `A training at a share of ${before} of a whole one cannot go on to a share of ${milestone}: give a larger one, of at most 1.`,
      );
    }
    before = milestone;
  }
  const ends = milestones.map((milestone) => Math.max(1, Math.round(milestone * epochs * stepsPerEpoch)));
  return ends.map((end, position) => ({ start: (ends[position - 1] ?? 0) / stepsPerEpoch, end }));
}

function checkConvergence(loss: number, classes: number, epoch: number, step: number): void {
  if (Number.isFinite(loss) && loss <= DIVERGED * Math.log(Math.max(classes, 2))) return;
  throw diverged(
    `the loss is ${Number.isFinite(loss) ? loss.toPrecision(3) : loss} at step ${step + 1} of epoch ${epoch + 1}`,
  );
}

const diverged = (what: string): WorkError =>
  new WorkError(
    `Training diverged: ${what}; a smaller learning rate, or a limit on the gradient's norm (clipNorm), may help.`,
  );

/** The images at the size that the network takes. */
function atInputSize(network: Network, images: Images): Images {
  const { channels, height, width } = network.input;
  if (channels !== images.channels) {
    throw new UsageError(`The network takes images of ${channels} channels, but these have ${images.channels}.`);
  }
  if (images.height === height && images.width === width) return images;
  if (height !== width) {
    throw new UsageError(`The network takes ${height}×${width} images; the data can be resized to squares only.`);
  }
  return resizeImages(images, height);
}
