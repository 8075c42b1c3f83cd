/** @file Distillation: a network learns from what a trained one says of the same images (Hinton et al. 2015). */
import type { Batch } from '../data/batches.js';
import type { Engine } from '../engine/engine.js';
import { UsageError } from '../error.js';
import type { InputNormalization } from '../nn/input-normalization.js';
import type { Network } from '../nn/network.js';
import type { Weights } from '../nn/weights.js';
import { input, logSoftmax, mul, neg, reduceMean, reduceSum, scalar, softmax, type Tensor } from '../tensor/index.js';
import { Classifier, type ClassifierOptions } from './classifier.js';
import { type LossTerm, times } from './loss.js';
import type { StepInputs } from './step.js';

/** How much a teacher counts, and how soft its answers are. */
export interface DistillationOptions {
  /** Divides the logits of both networks: above 1 it shows how alike the wrong classes are. */
  readonly temperature: number;
  /** Share of the teacher's term in the loss, in [0, 1]; the labels have the rest. */
  readonly weight: number;
}

/** A trained network that stays as it is. */
export interface Teacher extends DistillationOptions {
  /** For the same classes and images of the same size as the network that it teaches. */
  readonly network: Network;
  readonly weights: Weights;
  /** With which it was trained. */
  readonly normalization: InputNormalization;
}

const INPUT = 'teacherLogits';

/**
 * Cross-entropy of the softened outputs, with the input `teacherLogits` [N, classes]:
 * −weight · T² · mean Σ softmax(t / T) · log softmax(s / T). T² keeps its gradients as large as those of the labels' term.
 */
export function distillation({ temperature, weight }: DistillationOptions): LossTerm {
  return {
    name: 'distillation',
    settings: { temperature, weight },
    lower({ logits }) {
      const softened = (given: Tensor): Tensor => mul(given, scalar(1 / temperature));
      const target = softmax(softened(input(INPUT, logits.shape)));
      const loss = neg(reduceMean(reduceSum(mul(target, logSoftmax(softened(logits))), [1])));
      return times(loss, weight * temperature ** 2);
    },
  };
}

/** What a checkpoint notes of the teacher: all but its many weights, which the caller must give again. */
export const describeTeacher = (teacher: Teacher | undefined) =>
  teacher === undefined ? null : { ...teacher, network: teacher.network.toJson(), weights: undefined };

/** What a teacher says of each batch. Owns a model in the engine; `release` it. */
export class Lessons {
  readonly #classifier: Classifier;
  readonly #teacher: Teacher;

  private constructor(classifier: Classifier, teacher: Teacher) {
    this.#classifier = classifier;
    this.#teacher = teacher;
  }

  /** @throws {UsageError} where the teacher knows other classes, or takes other images, than the network that it teaches */
  static async create(
    engine: Engine,
    pupil: Network,
    teacher: Teacher,
    options: Omit<ClassifierOptions, 'normalization'>,
  ): Promise<Lessons> {
    const { network, normalization } = teacher;
    const [taken, wanted] = [network, pupil].map(({ input: { channels, height, width }, outputShape }) =>
      [`${outputShape.join()} classes`, `${channels}×${height}×${width} images`].join(' of '),
    );
    if (taken !== wanted) {
      throw new UsageError(
        `The teacher tells ${taken}, but the network is to tell ${wanted}: give a teacher of the same.`,
      );
    }
    return new Lessons(await Classifier.create(engine, network, { ...options, normalization }), teacher);
  }

  /** The inputs of the loss for a batch. */
  async of({ pixels }: Batch): Promise<NonNullable<StepInputs['others']>> {
    const { network, weights } = this.#teacher;
    const data = await this.#classifier.logits(weights, pixels);
    const [classes = 1] = network.outputShape;
    return { [INPUT]: { shape: [data.length / classes, classes], data } };
  }

  async release(): Promise<void> {
    await this.#classifier.release();
  }
}
