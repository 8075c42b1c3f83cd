/** @file Several multilayer perceptrons that learn side by side, each from its own share of the rows. */

import type { Engine, EngineArray, EngineModel } from '../../engine/engine.js';
import type { Random } from '../../random.js';
import { schedules } from '../../tensor/index.js';
import {
  initialParameters,
  optimizerSlots,
  type PerceptronSize,
  parameterCount,
  predictionModel,
  stepInputs,
  type TrainingSize,
  trainingModel,
} from './perceptron-graphs.js';

/** What they learn from: N rows of F numbers, one after the other, with a value each. */
export interface Lesson {
  readonly rows: Float32Array;
  readonly values: ArrayLike<number>;
  /** Whether a member sees a row. */
  sees(member: number, row: number): boolean;
}

export interface TrainingOptions extends TrainingSize {
  /** How often each row is seen, or more where that would be fewer than `leastSteps` steps. */
  readonly epochs: number;
  readonly leastSteps: number;
  /** In the beginning; it falls to zero with half a cosine. */
  readonly learningRate: number;
}

/** Their parameters live here, while an engine computes. */
export class Perceptrons {
  readonly #size: PerceptronSize;
  readonly #options: TrainingOptions;
  readonly #training: EngineModel;
  readonly #prediction: EngineModel;
  #parameters: Float32Array;

  private constructor(
    size: PerceptronSize,
    options: TrainingOptions,
    models: { readonly training: EngineModel; readonly prediction: EngineModel },
  ) {
    this.#size = size;
    this.#options = options;
    this.#training = models.training;
    this.#prediction = models.prediction;
    this.#parameters = new Float32Array(parameterCount(size));
  }

  static async load(engine: Engine, size: PerceptronSize, options: TrainingOptions): Promise<Perceptrons> {
    const training = await engine.load(trainingModel(size, options));
    return new Perceptrons(size, options, { training, prediction: await engine.load(predictionModel(size)) });
  }

  /** F. */
  get inputs(): number {
    return this.#size.inputs;
  }

  /** Learns from the beginning. */
  async fit(lesson: Lesson, random: Random): Promise<void> {
    const { batch, steps, epochs, leastSteps } = this.#options;
    const rowCount = lesson.values.length;
    const runs = Math.ceil(Math.max(leastSteps, (epochs * rowCount) / batch) / steps);
    this.#parameters = initialParameters(this.#size, random.stream('parameters'));
    let slots: Float32Array[] = optimizerSlots.map(() => new Float32Array(this.#parameters.length));
    const order = endless(rowCount, random.stream('order'));
    for (let run = 0; run < runs; run++) {
      const named = optimizerSlots.map((name, place) => [name, vector(slots[place] ?? new Float32Array())] as const);
      const inputs = Array.from({ length: steps }, (_, step) => {
        const rows = Array.from({ length: batch }, () => order.next().value);
        const passed = run * steps + step;
        const learningRate = this.#options.learningRate * schedules.cosine()(passed / (steps * runs));
        return Object.entries({
          ...this.#rowInputs(lesson, rows, stepInputs(step)),
          [stepInputs(step).learningRate]: scalar(learningRate),
          [stepInputs(step).count]: scalar(passed + 1),
        });
      });
      const result = await this.#training.run({
        parameters: vector(this.#parameters),
        ...Object.fromEntries([...named, ...inputs.flat()]),
      });
      this.#parameters = output(result, 'next parameters');
      slots = optimizerSlots.map((name) => output(result, `next ${name}`));
    }
  }

  /** What each member makes of N rows: [N, M], row by row. */
  async predict(rows: Float32Array): Promise<Float32Array> {
    const { inputs } = this.#size;
    const result = await this.#prediction.run({
      parameters: vector(this.#parameters),
      rows: { shape: [rows.length / inputs, inputs], data: rows },
    });
    return output(result, 'predictions');
  }

  /** Frees the models. */
  async close(): Promise<void> {
    await Promise.all([this.#training.release(), this.#prediction.release()]);
  }

  #rowInputs(
    lesson: Lesson,
    rows: readonly number[],
    names: Pick<ReturnType<typeof stepInputs>, 'rows' | 'values' | 'weights'>,
  ): Record<string, EngineArray> {
    const { members, inputs } = this.#size;
    const { batch } = this.#options;
    const matrix = new Float32Array(batch * inputs);
    for (const [place, row] of rows.entries()) {
      matrix.set(lesson.rows.subarray(row * inputs, (row + 1) * inputs), place * inputs);
    }
    const weights = Float32Array.from({ length: members * batch }, (_, index) => {
      const row = rows[index % batch] ?? 0;
      return lesson.sees(Math.floor(index / batch), row) ? 1 / batch : 0;
    });
    return {
      [names.rows]: { shape: [batch, inputs], data: matrix },
      [names.values]: { shape: [batch, 1], data: Float32Array.from(rows, (row) => lesson.values[row] ?? 0) },
      [names.weights]: { shape: [members, batch, 1], data: weights },
    };
  }
}

/** All numbers below `count` in random order, again and again. */
function* endless(count: number, random: Random): Generator<number, never> {
  for (;;) yield* random.shuffle(Array(count).keys());
}

const scalar = (value: number): EngineArray => ({ shape: [], data: Float32Array.of(value) });

const vector = (data: Float32Array): EngineArray => ({ shape: [data.length], data });

function output(result: Readonly<Record<string, EngineArray>>, name: string): Float32Array {
  const data = result[name]?.data;
  if (data instanceof Float32Array) return data;
  throw new RangeError(`the model gives no ${name}`);
}
