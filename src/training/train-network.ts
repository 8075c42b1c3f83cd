/** @file A whole training: epochs of batches, a learning curve, and the weights of the best epoch. */
import { trainingBatches } from '../data/batches.js';
import type { Dataset, Images } from '../data/dataset.js';
import { resizeImages } from '../data/resize.js';
import { subset } from '../data/split.js';
import { channelStatistics } from '../data/statistics.js';
import { blockSize } from '../engine/blocked-kernels.js';
import { UsageError, WorkError } from '../error.js';
import type { EvaluationContext, EvaluationRequest } from '../evaluation/evaluation.js';
import type { Network } from '../nn/network.js';
import { initialWeights, type Weights } from '../nn/weights.js';
import { Random } from '../random.js';
import { Classifier } from './classifier.js';
import { crossEntropy } from './loss.js';
import { optimizerOf, scheduleOf, type TrainSettings, trainingPlan } from './train-settings.js';
import { Trainer } from './trainer.js';
import { writeWeights } from './weights-file.js';

/** A loss so many times that of guessing is beyond sense: what the steps before have learnt is gone. */
const DIVERGED = 100;

/**
 * Trains a network on a dataset and keeps the weights of the epoch with the best validation accuracy.
 *
 * @throws UsageError where the network and the images do not fit; WorkError where training diverges.
 */
export async function trainNetwork(
  network: Network,
  dataset: Dataset,
  settings: TrainSettings,
  { seed, budget = 1, threads, weightsFile }: Pick<EvaluationRequest, 'seed' | 'budget' | 'threads' | 'weightsFile'>,
  { engine, report, signal }: EvaluationContext,
) {
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
  const { labelSmoothing, clipNorm } = settings;
  const { batchSize, epochs, stepsPerEpoch } = trainingPlan(settings, { all: dataset.train.count, shown: train.count });
  const blocks = await blockSize(engine);
  const graph = { batchSize, normalization, blocks };
  const trainer = await Trainer.create(engine, network, initialWeights(network, random.stream('weights').bits()), {
    ...graph,
    optimizer: optimizerOf(settings),
    terms: [crossEntropy({ labelSmoothing })],
    clipNorm,
    threads,
    noise: random.stream('noise'),
  });
  let classifier: Classifier | undefined;
  try {
    classifier = await Classifier.create(engine, network, { ...graph, threads });
    const schedule = scheduleOf(settings);
    const steps = Math.max(1, Math.round(budget * epochs * stepsPerEpoch));
    /** In epochs. */
    const length = steps / stepsPerEpoch;
    let best: {
      readonly weights: Weights;
      readonly accuracy: number;
      readonly loss: number;
      readonly epoch: number;
    } | null = null;
    for (let epoch = 0; epoch < length; epoch++) {
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
        if (epoch * stepsPerEpoch + step === steps) break;
        signal.throwIfAborted();
        // The middle of the step: the first one of a warm-up moves the weights too. A small budget, too, has all of the
        // schedule: only trainings that have come to their end compare.
        learningRate = settings.learningRate * schedule((epoch + (step + 0.5) / stepsPerEpoch) / length);
        const loss = await trainer.step(batch, learningRate);
        checkConvergence(loss, classes, epoch, step);
        total += loss;
        step++;
      }
      const { weights } = trainer;
      const seen = epoch + step / stepsPerEpoch;
      const rating = await classifier.rate(weights, valid);
      if (!Number.isFinite(rating.loss)) throw diverged(`the validation loss is ${rating.loss} after epoch ${seen}`);
      if (best === null || rating.accuracy >= best.accuracy) best = { weights, ...rating, epoch: seen };
      report({
        epoch: seen,
        images: (epoch * stepsPerEpoch + step) * batchSize,
        learningRate,
        trainLoss: total / step,
        validLoss: rating.loss,
        validAccuracy: rating.accuracy,
        seconds: (performance.now() - began) / 1000,
      });
    }
    if (best === null) throw new WorkError('The training had no epoch.');
    if (weightsFile !== null) await writeWeights(weightsFile, network, best.weights);
    return {
      score: best.accuracy,
      metrics: { validAccuracy: best.accuracy, validLoss: best.loss, bestEpoch: best.epoch },
      epochs: length,
    };
  } finally {
    await trainer.release();
    await classifier?.release();
  }
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
