/** @file A network in training: its state and its step, one batch at a time. */
import type { Batch } from '../data/batches.js';
import type { Engine } from '../engine/engine.js';
import type { Network } from '../nn/network.js';
import type { Weights } from '../nn/weights.js';
import type { Random } from '../random.js';
import { TrainingState } from './state.js';
import { type StepInputs, TrainingStep, type TrainingStepOptions } from './step.js';

/** How a network is trained. */
export interface TrainerOptions extends TrainingStepOptions {
  /** Draws the noise of layers that drop out. */
  readonly noise: Random;
}

/** Owns a model in the engine; `release` it. */
export class Trainer {
  readonly #step: TrainingStep;
  readonly #noise: Random;
  readonly state: TrainingState;

  private constructor(step: TrainingStep, state: TrainingState, noise: Random) {
    this.#step = step;
    this.#noise = noise;
    this.state = state;
  }

  /** Compiles the training step, and starts from weights, or goes on from a state. */
  static async create(
    engine: Engine,
    network: Network,
    start: Weights | TrainingState,
    options: TrainerOptions,
  ): Promise<Trainer> {
    const state = start instanceof TrainingState ? start : TrainingState.start(network, start, options.optimizer);
    return new Trainer(await TrainingStep.compile(engine, network, options), state, options.noise);
  }

  /** One update; returns the batch's mean loss before it. */
  async step(batch: Batch, learningRate: number, others?: StepInputs['others']): Promise<number> {
    const { tensors } = this.#step;
    const inputs = { ...batch, learningRate, noise: this.#noise, ...(others && { others }) };
    const { loss, next } = await this.#step.run(this.state.select(tensors), inputs);
    this.state.absorb(tensors, next);
    return loss;
  }

  /** The weights as they are now; later steps leave these arrays alone. */
  get weights(): Weights {
    return this.state.weights;
  }

  /** Frees the native memory. */
  async release(): Promise<void> {
    await this.#step.release();
  }
}
