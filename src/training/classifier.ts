/** @file A network as a classifier: logits, loss and accuracy over many images. */
import { evaluationBatches } from '../data/batches.js';
import type { Images } from '../data/dataset.js';
import type { Engine, EngineArray, EngineModel } from '../engine/engine.js';
import { type InputNormalization, type NormalizingMap, normalizingMap } from '../nn/input-normalization.js';
import type { Network } from '../nn/network.js';
import type { Weights } from '../nn/weights.js';
import { type InferenceGraphOptions, inferenceGraph } from './training-graph.js';

/** How images are classified. */
export interface ClassifierOptions extends InferenceGraphOptions {
  readonly normalization: InputNormalization;
  /** Of the engine. */
  readonly threads: number;
}

/** Means over a set of images. */
export interface Rating {
  /** Fraction in [0, 1] of images whose largest logit is their label's; the first of equal ones counts. */
  readonly accuracy: number;
  /** Cross-entropy without label smoothing. */
  readonly loss: number;
}

/** Sums up logits against labels. */
export class RatingSum {
  #images = 0;
  #correct = 0;
  #loss = 0;

  /** Adds the first `count` rows of logits [N, classes]. */
  add(logits: ArrayLike<number>, labels: ArrayLike<number>, count: number, classes: number): void {
    for (let row = 0; row < count; row++) {
      let best = 0;
      for (let index = 1; index < classes; index++) {
        if ((logits[row * classes + index] ?? 0) > (logits[row * classes + best] ?? 0)) best = index;
      }
      const largest = logits[row * classes + best] ?? 0;
      let sum = 0;
      for (let index = 0; index < classes; index++) sum += Math.exp((logits[row * classes + index] ?? 0) - largest);
      const label = labels[row] ?? 0;
      if (best === label) this.#correct++;
      this.#loss += Math.log(sum) + largest - (logits[row * classes + label] ?? 0);
    }
    this.#images += count;
  }

  get rating(): Rating {
    return { accuracy: this.#correct / this.#images, loss: this.#loss / this.#images };
  }
}

/** Owns a loaded model; `release` it. */
export class Classifier {
  readonly #model: EngineModel;
  readonly #network: Network;
  readonly #batchSize: number;
  readonly #normalizing: NormalizingMap;

  private constructor(model: EngineModel, network: Network, { batchSize, normalization }: ClassifierOptions) {
    this.#model = model;
    this.#network = network;
    this.#batchSize = batchSize;
    this.#normalizing = normalizingMap(normalization, network.input.channels);
  }

  /** Loads the graph that classifies. */
  static async create(engine: Engine, network: Network, options: ClassifierOptions): Promise<Classifier> {
    const { batchSize, threads, blocks = null } = options;
    const graph = inferenceGraph(network, { batchSize, blocks });
    return new Classifier(await engine.load(graph, { threads, optimized: blocks === null }), network, options);
  }

  /** Loss and accuracy of the network with these weights. */
  async rate(weights: Weights, images: Images): Promise<Rating> {
    const [classes = 0] = this.#network.outputShape;
    const sum = new RatingSum();
    for (const { pixels, labels, count } of evaluationBatches(images, this.#batchSize)) {
      sum.add(await this.logits(weights, pixels), labels, count, classes);
    }
    return sum.rating;
  }

  /** The logits [N, classes] of a whole batch of pixels. */
  async logits({ parameters, statistics }: Weights, pixels: Float32Array): Promise<EngineArray['data']> {
    const { channels, height, width } = this.#network.input;
    const results = await this.#model.run({
      images: { shape: [this.#batchSize, channels, height, width], data: pixels },
      imageScale: { shape: [channels], data: this.#normalizing.scale },
      imageShift: { shape: [channels], data: this.#normalizing.shift },
      parameters: { shape: [parameters.length], data: parameters },
      ...(statistics.length > 0 && { statistics: { shape: [statistics.length], data: statistics } }),
    });
    return results.logits?.data ?? new Float32Array();
  }

  /** Frees the native memory. */
  async release(): Promise<void> {
    await this.#model.release();
  }
}
