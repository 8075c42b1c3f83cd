/** @file The policy of a controller: an LSTM that answers the questions of a space one after the other, and learns. */

import type { Engine, EngineArray, EngineModel } from '../../engine/engine.js';
import type { Json } from '../../json.js';
import type { Random } from '../../random.js';
import type { Decision, DecisionPoint } from '../../space/decisions/decision.js';
import { gradientModel, type Objective, optimizerSlots, stepModel, updateModel } from './graphs.js';
import { type ControllerSize, initialiseLstm, initialiseRow, parameterCount } from './parameters.js';
import { START, Vocabulary } from './vocabulary.js';

export interface PolicyOptions {
  /** H, the LSTM's hidden units; answers are embedded in as many numbers. */
  readonly hidden: number;
  /** All weights start uniform in ±`bound`. */
  readonly bound: number;
  /** N, the episodes of an update. */
  readonly batch: number;
  readonly objective: Objective;
  /** The longest gradient; a longer one is scaled down to it. */
  readonly gradientClip: number;
  readonly learningRate: number;
}

/** One answer of an episode, by rows of the vocabulary. */
interface Step {
  readonly previous: number;
  readonly options: readonly number[];
  readonly answer: number;
  /** Under the policy that gave the answer. */
  readonly logProbability: number;
}

/** The answers that led to an architecture. */
export type Episode = readonly Step[];

/** An architecture with the answers that led to it. */
export interface Draw {
  readonly architecture: Json;
  readonly episode: Episode;
}

/** An episode, and by how much its reward exceeds what was expected. */
export interface Experience {
  readonly episode: Episode;
  readonly advantage: number;
}

/** The LSTM's state, [N, H] each. */
interface State {
  readonly hidden: EngineArray;
  readonly cell: EngineArray;
}

/** The models for one size of the table of answers. */
interface Models {
  readonly step: EngineModel;
  readonly steps: EngineModel;
  readonly gradient: EngineModel;
  readonly update: EngineModel;
}

/** Rows of the table in the beginning; it doubles when more answers are met. */
const FIRST_ROWS = 64;

/** A policy whose parameters live here, while an engine computes. */
export class Policy {
  readonly #engine: Engine;
  readonly #options: PolicyOptions;
  readonly #random: Random;
  readonly #vocabulary = new Vocabulary();
  #size: ControllerSize;
  #parameters: Float32Array;
  #slots: Float32Array[];
  #started = 0;
  #updates = 0;
  #models: Models | undefined;

  /** @param random for the initial parameters. */
  constructor(engine: Engine, options: PolicyOptions, random: Random) {
    this.#engine = engine;
    this.#options = options;
    this.#random = random;
    this.#size = { hidden: options.hidden, embedding: options.hidden, rows: FIRST_ROWS };
    this.#parameters = new Float32Array(parameterCount(this.#size));
    this.#slots = optimizerSlots.map(() => new Float32Array(this.#parameters.length));
    initialiseLstm(this.#parameters, this.#size, options.bound, random.stream('lstm'));
  }

  /** An architecture, drawn answer by answer. */
  async draw(decisions: Decision<Json>, random: Random): Promise<Draw> {
    return this.#follow(decisions.walk(), (logProbabilities) => {
      let left = random.uniform();
      const option = logProbabilities.findIndex((logProbability) => {
        left -= Math.exp(logProbability);
        return left < 0;
      });
      // Probabilities of 32 bits may add up to a little less than the draw.
      return option < 0 ? logProbabilities.length - 1 : option;
    });
  }

  /**
   * One step up the gradient of the objective. Episodes may be those of an earlier policy. PPO compares each answer's
   * probability with its earlier one; for REINFORCE the whole episode is weighed by the ratio of its probability to its
   * earlier one, which makes the gradient that of the present policy (importance sampling), cut off at 1 so that no
   * episode drowns the others (Ionides 2008).
   * @throws {RangeError} where there are not as many episodes as a batch has
   */
  async learn(batch: readonly Experience[]): Promise<void> {
    if (batch.length !== this.#options.batch) {
      throw new RangeError(`a batch has ${this.#options.batch} episodes, not ${batch.length}`);
    }
    const length = Math.max(...batch.map(({ episode }) => episode.length));
    const { steps, gradient, update } = await this.#load();
    const states = [this.#zeroState(batch.length)];
    const inputs = Array.from({ length }, (_, position) => this.#inputs(batch, position));
    const logRatios = batch.map(() => 0);
    for (const [position, input] of inputs.entries()) {
      const result = await steps.run({ ...input, ...this.#stateOf(states) });
      states.push({ hidden: output(result, 'nextHidden'), cell: output(result, 'nextCell') });
      const { data } = output(result, 'logProbabilities');
      for (const [index, { episode }] of batch.entries()) {
        const step = episode[position];
        if (step === undefined) continue;
        logRatios[index] = at(logRatios, index) + at(data, index * this.#size.rows + step.answer) - step.logProbability;
      }
    }
    states.pop();
    const isWeighed = this.#options.objective.clip === null;
    const weighed = batch.map(({ episode, advantage }, index) => ({
      episode,
      advantage: isWeighed ? advantage * Math.min(1, Math.exp(at(logRatios, index))) : advantage,
    }));
    let later = this.#zeroState(batch.length);
    let total: EngineArray = vector(new Float32Array(this.#parameters.length));
    for (const [position, input] of [...inputs.entries()].reverse()) {
      const result = await gradient.run({
        ...input,
        ...this.#outcomes(weighed, position),
        ...this.#stateOf(states),
        laterGradient: total,
        nextHiddenGradient: later.hidden,
        nextCellGradient: later.cell,
      });
      states.pop();
      total = output(result, 'gradient');
      later = { hidden: output(result, 'hiddenGradient'), cell: output(result, 'cellGradient') };
    }
    await this.#update(update, total);
  }

  /** Frees the models. */
  async close(): Promise<void> {
    const models = this.#models;
    this.#models = undefined;
    if (models !== undefined) await Promise.all(Object.values<EngineModel>({ ...models }).map((one) => one.release()));
  }

  /** Walks through a space, each question answered by its options' log-probabilities and its position. */
  async #follow(
    walk: Generator<DecisionPoint, Json, number>,
    choose: (logProbabilities: readonly number[], position: number) => number,
  ): Promise<Draw> {
    const episode: Step[] = [];
    let state = this.#zeroState(1);
    let previous = START;
    let question = walk.next(Number.NaN);
    while (!question.done) {
      const options = this.#vocabulary.rowsOf(question.value);
      await this.#admit();
      const { step } = await this.#load();
      const result = await step.run({
        parameters: vector(this.#parameters),
        previous: { shape: [1], data: Int32Array.of(previous) },
        options: { shape: [1, this.#size.rows], data: this.#maskOf([options]) },
        ...state,
      });
      state = { hidden: output(result, 'nextHidden'), cell: output(result, 'nextCell') };
      const { data } = output(result, 'logProbabilities');
      const logProbabilities = options.map((row) => at(data, row));
      const option = choose(logProbabilities, episode.length);
      const answer = at(options, option);
      episode.push({ previous, options, answer, logProbability: at(logProbabilities, option) });
      previous = answer;
      question = walk.next(option);
    }
    return { architecture: question.value, episode };
  }

  /** Gives new answers their parameters, and the table more rows where it is full. */
  async #admit(): Promise<void> {
    const { names } = this.#vocabulary;
    if (names.length > this.#size.rows) {
      await this.close();
      while (names.length > this.#size.rows) this.#size = { ...this.#size, rows: 2 * this.#size.rows };
      this.#parameters = lengthened(this.#parameters, parameterCount(this.#size));
      this.#slots = this.#slots.map((slot) => lengthened(slot, this.#parameters.length));
    }
    for (const [row, name] of names.slice(this.#started).entries()) {
      const random = this.#random.stream('answer', name);
      initialiseRow(this.#parameters, this.#size, this.#started + row, this.#options.bound, random);
    }
    this.#started = names.length;
  }

  async #load(): Promise<Models> {
    if (this.#models !== undefined) return this.#models;
    const { batch, objective, gradientClip } = this.#options;
    const size = this.#size;
    const load = (model: Uint8Array): Promise<EngineModel> => this.#engine.load(model);
    this.#models = {
      step: await load(stepModel(size, 1)),
      steps: await load(stepModel(size, batch)),
      gradient: await load(gradientModel(size, batch, objective)),
      update: await load(updateModel(size, gradientClip)),
    };
    return this.#models;
  }

  /** What the policy is fed at one position of the episodes. */
  #inputs(batch: readonly Experience[], position: number) {
    const steps = batch.map(({ episode }) => episode[position]);
    return {
      parameters: vector(this.#parameters),
      previous: { shape: [batch.length], data: Int32Array.from(steps, (step) => step?.previous ?? START) },
      options: {
        shape: [batch.length, this.#size.rows],
        data: this.#maskOf(steps.map((one) => one?.options ?? [START])),
      },
    };
  }

  /** What came of one position of the episodes; those that have ended have no share in the loss. */
  #outcomes(batch: readonly Experience[], position: number) {
    const shape = [batch.length];
    const floats = (of: (step: Step, experience: Experience) => number): EngineArray => ({
      shape,
      data: Float32Array.from(batch, (experience) => {
        const step = experience.episode[position];
        return step === undefined ? 0 : of(step, experience);
      }),
    });
    return {
      answer: { shape, data: Int32Array.from(batch, ({ episode }) => episode[position]?.answer ?? START) },
      isStep: floats(() => 1),
      advantage: floats((_, { advantage }) => advantage),
      ...(this.#options.objective.clip !== null && {
        oldLogProbability: floats(({ logProbability }) => logProbability),
      }),
    };
  }

  async #update(update: EngineModel, gradient: EngineArray): Promise<void> {
    this.#updates++;
    const slots = optimizerSlots.map((name, place) => [name, vector(at(this.#slots, place))] as const);
    const result = await update.run({
      parameters: vector(this.#parameters),
      gradient,
      learningRate: { shape: [], data: Float32Array.of(this.#options.learningRate) },
      step: { shape: [], data: Float32Array.of(this.#updates) },
      ...Object.fromEntries(slots),
    });
    this.#parameters = Float32Array.from(output(result, 'next parameters').data);
    this.#slots = optimizerSlots.map((name) => Float32Array.from(output(result, `next ${name}`).data));
  }

  /** [N, V]: 1 where a row is an option. */
  #maskOf(options: readonly (readonly number[])[]): Float32Array {
    const { rows } = this.#size;
    const mask = new Float32Array(options.length * rows);
    for (const [index, one] of options.entries()) for (const row of one) mask[index * rows + row] = 1;
    return mask;
  }

  #zeroState(batch: number): State {
    const zeros = (): EngineArray => ({
      shape: [batch, this.#size.hidden],
      data: new Float32Array(batch * this.#size.hidden),
    });
    return { hidden: zeros(), cell: zeros() };
  }

  /** The newest state as the models are fed with it. */
  #stateOf(states: readonly State[]): { readonly hidden: EngineArray; readonly cell: EngineArray } {
    return at(states, states.length - 1);
  }
}

const vector = (data: Float32Array): EngineArray => ({ shape: [data.length], data });

function lengthened(values: Float32Array, length: number): Float32Array {
  const longer = new Float32Array(length);
  longer.set(values);
  return longer;
}

function output(result: Readonly<Record<string, EngineArray>>, name: string): EngineArray {
  const array = result[name];
  if (array === undefined) throw new RangeError(`the model gives no ${name}`);
  return array;
}

function at<T>(items: ArrayLike<T>, index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`there are ${items.length} items, not one at ${index}`);
  return item;
}
