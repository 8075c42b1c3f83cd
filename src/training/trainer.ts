/** @file A network in training: its weights and the optimiser's state, one step at a time. */
import type { Batch } from '../data/batches.js';
import { type NamedArray, Session } from '../engine/session.js';
import { type InputNormalization, type NormalizingMap, normalizingMap } from '../nn/input-normalization.js';
import type { Network } from '../nn/network.js';
import type { Weights } from '../nn/weights.js';
import type { Random } from '../random.js';
import { type NoiseInput, nextName, type TrainingGraphOptions, trainingGraph } from './training-graph.js';

export interface TrainerOptions extends TrainingGraphOptions {
  readonly normalization: InputNormalization;
  /** Intra-op threads of ONNX Runtime. */
  readonly threads: number;
  /** Draws the noise of layers that drop out. */
  readonly noise: Random;
}

/** Owns a session; `release` it. */
export class Trainer {
  readonly #session: Session;
  readonly #network: Network;
  readonly #options: TrainerOptions;
  readonly #noise: readonly NoiseInput[];
  readonly #normalizing: NormalizingMap;
  readonly #state = new Map<string, NamedArray>();
  #steps = 0;

  private constructor(session: Session, network: Network, options: TrainerOptions, noise: readonly NoiseInput[]) {
    this.#session = session;
    this.#network = network;
    this.#options = options;
    this.#noise = noise;
    this.#normalizing = normalizingMap(options.normalization, network.input.channels);
  }

  /** Compiles the training step and starts from `weights`. */
  static async create(network: Network, weights: Weights, options: TrainerOptions): Promise<Trainer> {
    const { threads, noise: _noise, normalization: _normalization, ...graph } = options;
    const { model, noise } = trainingGraph(network, graph);
    const session = await Session.load(model, { threads, optimized: (graph.blocks ?? null) === null });
    const trainer = new Trainer(session, network, options, noise);
    trainer.#state.set('parameters', vector(weights.parameters));
    trainer.#state.set('statistics', vector(weights.statistics));
    for (const slot of options.optimizer.slots) {
      trainer.#state.set(slot, vector(new Float32Array(weights.parameters.length)));
    }
    return trainer;
  }

  /** One update; returns the batch's mean loss before it. */
  async step({ pixels, labels }: Batch, learningRate: number): Promise<number> {
    this.#steps++;
    const { channels, height, width } = this.#network.input;
    const { batchSize } = this.#options;
    const feeds: Record<string, NamedArray> = {
      images: { shape: [batchSize, channels, height, width], data: pixels },
      labels: { shape: [batchSize], data: labels },
      imageScale: vector(this.#normalizing.scale),
      imageShift: vector(this.#normalizing.shift),
      learningRate: { shape: [], data: Float32Array.of(learningRate) },
      step: { shape: [], data: Float32Array.of(this.#steps) },
    };
    for (const { name, shape } of this.#noise) feeds[name] = this.#drawNoise(shape);
    for (const [name, array] of this.#state) feeds[name] = array;
    const known = this.#session.inputs.map((name) => [name, feeds[name]] as const);
    const results = await this.#session.run(Object.fromEntries(known.filter(isFed)));
    for (const name of this.#state.keys()) {
      const next = results[nextName(name)];
      if (next !== undefined) this.#state.set(name, next);
    }
    return results.loss?.data[0] ?? Number.NaN;
  }

  /** The weights as they are now; later steps leave these arrays alone. */
  get weights(): Weights {
    return { parameters: this.#floats('parameters'), statistics: this.#floats('statistics') };
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  #floats(name: string): Float32Array {
    const data = this.#state.get(name)?.data;
    return data instanceof Float32Array ? data : new Float32Array();
  }

  #drawNoise(shape: readonly number[]): NamedArray {
    const size = shape.reduce((product, count) => product * count, 1);
    return { shape, data: Float32Array.from({ length: size }, () => this.#options.noise.uniform()) };
  }
}

const vector = (data: Float32Array): NamedArray => ({ shape: [data.length], data });

const isFed = (feed: readonly [string, NamedArray | undefined]): feed is readonly [string, NamedArray] =>
  feed[1] !== undefined;
