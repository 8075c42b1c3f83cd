/** @file One training step, compiled: the numbers of a network in, the numbers after an update out. */
import type { Batch } from '../data/batches.js';
import type { Engine, EngineArray, EngineModel } from '../engine/engine.js';
import { type InputNormalization, type NormalizingMap, normalizingMap } from '../nn/input-normalization.js';
import type { ImageShape, Network, TrainedTensors } from '../nn/network.js';
import type { Random } from '../random.js';
import type { Flat } from './state.js';
import {
  gradientName,
  nextName,
  type TrainingGraph,
  type TrainingGraphOptions,
  trainingGraph,
} from './training-graph.js';

/** How a step is built. */
export interface TrainingStepOptions extends TrainingGraphOptions {
  readonly normalization: InputNormalization;
  /** Of the engine. */
  readonly threads: number;
}

/** What a step takes beside the numbers of the network. */
export interface StepInputs extends Batch {
  readonly learningRate: number;
  /** Draws the noise of layers that drop out. */
  readonly noise: Random;
  /** What the terms of the loss ask for beside the labels, by name. */
  readonly others?: { readonly [name: string]: EngineArray };
}

/** What one update gives beside the new state. */
export interface StepResult {
  /** The batch's mean, before the update. */
  readonly loss: number;
  readonly next: Flat;
  /** The derivatives of the loss by the architecture weights, in the order of the network's; empty where it has none. */
  readonly architectureGradient: Float32Array;
}

/** Owns a model in the engine; `release` it. */
export class TrainingStep {
  readonly #model: EngineModel;
  readonly #graph: TrainingGraph;
  readonly #image: ImageShape;
  readonly #normalizing: NormalizingMap;
  readonly #batchSize: number;

  private constructor(model: EngineModel, graph: TrainingGraph, { input }: Network, options: TrainingStepOptions) {
    this.#model = model;
    this.#graph = graph;
    this.#image = input;
    this.#normalizing = normalizingMap(options.normalization, input.channels);
    this.#batchSize = options.batchSize;
  }

  /** The step of a network: of all of it, or where it has relaxed choices of what `choose` leaves. */
  static async compile(engine: Engine, network: Network, options: TrainingStepOptions): Promise<TrainingStep> {
    const { threads, normalization: _, ...graphOptions } = options;
    const graph = trainingGraph(network, graphOptions);
    const model = await engine.load(graph.model, { threads, optimized: (options.blocks ?? null) === null });
    return new TrainingStep(model, graph, network, options);
  }

  /** What it trains: what {@link TrainingState.select} must give, and what `absorb` takes back. */
  get tensors(): TrainedTensors {
    return this.#graph.tensors;
  }

  /** One update. */
  async run(
    { steps, vectors }: Flat,
    { pixels, labels, learningRate, noise, others }: StepInputs,
  ): Promise<StepResult> {
    const { channels, height, width } = this.#image;
    const feeds: Record<string, EngineArray> = {
      ...others,
      images: { shape: [this.#batchSize, channels, height, width], data: pixels },
      labels: { shape: [this.#batchSize], data: labels },
      imageScale: vector(this.#normalizing.scale),
      imageShift: vector(this.#normalizing.shift),
      learningRate: { shape: [], data: Float32Array.of(learningRate) },
      step: { shape: [], data: Float32Array.of(steps + 1) },
    };
    for (const { name, shape } of this.#graph.noise) feeds[name] = drawNoise(shape, noise);
    for (const [group, data] of Object.entries(vectors)) feeds[group] = vector(data);
    const known = [...this.#model.inputs.keys()].map((name) => [name, feeds[name]] as const);
    const results = await this.#model.run(Object.fromEntries(known.filter(isFed)));
    const next = Object.entries(vectors).map(
      ([group, data]) => [group, floats(results[nextName(group)]) ?? data] as const,
    );
    return {
      loss: results.loss?.data[0] ?? Number.NaN,
      next: { steps: steps + 1, vectors: Object.fromEntries(next) },
      architectureGradient: floats(results[gradientName('architecture')]) ?? new Float32Array(),
    };
  }

  /** Frees the native memory. */
  async release(): Promise<void> {
    await this.#model.release();
  }
}

const vector = (data: Float32Array): EngineArray => ({ shape: [data.length], data });

const floats = (array: EngineArray | undefined): Float32Array | undefined =>
  array?.data instanceof Float32Array ? array.data : undefined;

function drawNoise(shape: readonly number[], random: Random): EngineArray {
  const size = shape.reduce((product, count) => product * count, 1);
  return { shape, data: Float32Array.from({ length: size }, () => random.uniform()) };
}

const isFed = (feed: readonly [string, EngineArray | undefined]): feed is readonly [string, EngineArray] =>
  feed[1] !== undefined;
