/** @file An ensemble of networks as the model of scores, as in PNAS and BANANAS. */

import type { Engine } from '../../engine/engine.js';
import type { Json } from '../../json.js';
import type { Random } from '../../random.js';
import type { Score } from '../score.js';
import { ArchitectureFeatures, type DescribedSpace } from './features.js';
import type { InputPoint, Outline } from './gaussian-process.js';
import { NetworkInputs } from './network-inputs.js';
import { Observations } from './observations.js';
import { Perceptrons, type TrainingOptions } from './perceptrons.js';
import type { Posterior, Surrogate } from './surrogate.js';

/** Networks, each of which leaves out one fifth of the observations (Liu et al. 2018: five, on 4/5 each). */
const MEMBERS = 5;

/** One layer of 100 units (Liu et al. 2018). */
const HIDDEN = [100];

/**
 * Adam's rate of 0.01 is that of PNAS at its first level and of BANANAS, whose batch is 32 as well. So many epochs take about
 * a twentieth of a second for 100 observations; more predict hardly better.
 */
const TRAINING: TrainingOptions = { batch: 32, steps: 8, epochs: 40, leastSteps: 128, learningRate: 0.01 };

/** Inputs come in multiples of this, so that models are seldom made anew. */
const INPUT_BLOCK = 64;

/** Rows that are predicted at a time. */
const PREDICTED = 1024;

/** What an ensemble of networks is made of. */
export interface EnsembleOptions {
  readonly space: DescribedSpace;
  readonly engine: Engine;
  readonly random: Random;
  /** Observations after which the networks are trained anew, from the beginning. */
  readonly refitEvery: number;
}

/**
 * Multilayer perceptrons on the features of architectures. What is awaited is no matter to them: parallel questions differ
 * only as far as their draws do.
 */
export class EnsembleSurrogate implements Surrogate {
  readonly #options: EnsembleOptions;
  readonly #features: ArchitectureFeatures;
  readonly #observations = new Observations<InputPoint>();
  #perceptrons: Perceptrons | undefined;
  #fitted: { readonly posterior: Posterior; readonly observations: number } | undefined;

  constructor(options: EnsembleOptions) {
    this.#options = options;
    this.#features = new ArchitectureFeatures(options.space);
  }

  get scored(): number {
    return this.#observations.scored;
  }

  observe(architecture: Json, score: Score): void {
    this.#observations.add(this.#features.of(architecture), score);
  }

  async posterior(): Promise<Posterior> {
    const observations = this.#observations.points.length;
    if (this.#fitted === undefined || observations >= this.#fitted.observations + this.#options.refitEvery) {
      this.#fitted = { posterior: await this.#fit(), observations };
    }
    return this.#fitted.posterior;
  }

  async close(): Promise<void> {
    const perceptrons = this.#perceptrons;
    this.#perceptrons = undefined;
    await perceptrons?.close();
  }

  async #fit(): Promise<Posterior> {
    const { points } = this.#observations;
    const inputs = new NetworkInputs(points);
    const perceptrons = await this.#perceptronsFor(inputs.width);
    const lesson = {
      rows: inputs.rowsOf(points, perceptrons.inputs),
      values: this.#observations.values(),
      sees: (member: number, row: number) => row % MEMBERS !== member,
    };
    await perceptrons.fit(lesson, this.#options.random.stream(points.length));
    const predict = (others: readonly InputPoint[]) => predictions(perceptrons, inputs, others);
    const means = (await predict(points)).map(({ mean }) => mean);
    return {
      best: Math.max(...means),
      noise: 0,
      at: (architectures) => predict(architectures.map((architecture) => this.#features.of(architecture))),
    };
  }

  async #perceptronsFor(width: number): Promise<Perceptrons> {
    const inputs = INPUT_BLOCK * Math.max(1, Math.ceil(width / INPUT_BLOCK));
    if (this.#perceptrons?.inputs !== inputs) {
      await this.close();
      this.#perceptrons = await Perceptrons.load(
        this.#options.engine,
        { members: MEMBERS, inputs, hidden: HIDDEN },
        TRAINING,
      );
    }
    return this.#perceptrons;
  }
}

/** The mean and the deviation over members, for each point. */
async function predictions(
  perceptrons: Perceptrons,
  inputs: NetworkInputs,
  points: readonly InputPoint[],
): Promise<Outline[]> {
  const outlines: Outline[] = [];
  for (let start = 0; start < points.length; start += PREDICTED) {
    const part = points.slice(start, start + PREDICTED);
    const values = await perceptrons.predict(inputs.rowsOf(part, perceptrons.inputs));
    for (const row of part.keys()) outlines.push(outlineOf(values.subarray(MEMBERS * row, MEMBERS * (row + 1))));
  }
  return outlines;
}

function outlineOf(values: Float32Array): Outline {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  // Networks that agree are no proof.
  const deviation = Math.sqrt(Math.max(1e-12, variance));
  return { mean, deviationBound: deviation, deviation: () => deviation };
}
