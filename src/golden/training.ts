/** @file Checks a training run: the losses, the final weights and statistics, and what the trained network says. */

import type { Engine, EngineArray } from '../engine/engine.js';
import type { Network, ParameterSpec, Weights } from '../nn/index.js';
import { packTensors, tensorViews } from '../nn/index.js';
import { Random } from '../random.js';
import { sgd } from '../tensor/index.js';
import { Trainer } from '../training/trainer.js';
import { inferenceGraph } from '../training/training-graph.js';
import { type Deviation, deviation, worstOf } from './deviation.js';
import type { ReferenceArray, TrainingCase } from './reference.js';
import { recipeOf, trainingNetwork } from './training-network.js';

/** The worst deviation of the losses, of the final weights, of the running statistics, or of the logits. */
export interface TrainingDeviation extends Deviation {
  readonly name: string;
}

/**
 * The worst deviation of each of the four.
 *
 * @param blocks channels in a block of the processor's own layout; `null` for standard operators.
 * @throws {RangeError | UsageError} where the arrays do not fit the network that the file describes
 */
export async function checkTraining(
  engine: Engine,
  run: TrainingCase,
  blocks: number | null,
): Promise<TrainingDeviation[]> {
  const recipe = recipeOf(run.note);
  const network = trainingNetwork(run, recipe);
  checkNames(network, run);
  const batchSize = run.batches[0]?.labels.length ?? 0;
  if (run.losses.length !== run.batches.length) throw new RangeError('there must be one loss for each batch');
  const normalization = { mean: Array(network.input.channels).fill(0), std: Array(network.input.channels).fill(1) };
  const initial = pack(network, run.initial);
  const { learningRate } = recipe;
  const graph = { batchSize, normalization, blocks, optimizer: sgd(recipe) };
  const trainer = await Trainer.create(engine, network, initial, { ...graph, threads: 1, noise: new Random(0) });
  const losses: number[] = [];
  try {
    for (const { x, labels } of run.batches) {
      if (x.shape[0] !== batchSize || labels.length !== batchSize) {
        throw new RangeError(`every batch must have ${batchSize} images and labels, as the first one has`);
      }
      losses.push(
        await trainer.step({ pixels: Float32Array.from(x.data), labels: Int32Array.from(labels) }, learningRate),
      );
    }
    const { weights } = trainer;
    return [
      { name: 'losses', ...worstLoss(losses, run) },
      { name: 'final weights', ...worstTensor(network.parameters, weights.parameters, run) },
      { name: 'running statistics', ...worstTensor(network.statistics, weights.statistics, run) },
      { name: 'logits', part: 'inference', worst: await checkLogits(engine, network, weights, run, blocks) },
    ];
  } finally {
    await trainer.release();
  }
}

/** The reference's name of a parameter or statistic: batch norms have other words there. */
function referenceName(name: string): string {
  return name
    .replace(/\.scale$/, '.weight')
    .replace(/\.shift$/, '.bias')
    .replace(/\.mean$/, '.running_mean')
    .replace(/\.variance$/, '.running_var');
}

/** No array of the file may be left over, lest a part of it goes unchecked. */
function checkNames(network: Network, { initial, final }: TrainingCase): void {
  const known = new Set([...network.parameters, ...network.statistics].map(({ name }) => referenceName(name)));
  const unknown = [...Object.keys(initial), ...Object.keys(final)].find((name) => !known.has(name));
  if (unknown !== undefined) throw new RangeError(`the network that the file describes has no "${unknown}"`);
}

function arrayOf(arrays: TrainingCase['initial'], { name }: ParameterSpec): ReferenceArray {
  const array = arrays[referenceName(name)];
  if (array === undefined) throw new RangeError(`"${referenceName(name)}" is missing`);
  return array;
}

function pack(network: Network, arrays: TrainingCase['initial']): Weights {
  const flat = (specs: readonly ParameterSpec[]): Float32Array =>
    packTensors(specs, new Map(specs.map((spec) => [spec.name, Float32Array.from(arrayOf(arrays, spec).data)])));
  return { parameters: flat(network.parameters), statistics: flat(network.statistics) };
}

const worstLoss = (losses: readonly number[], run: TrainingCase): Deviation =>
  worstOf(
    losses.map((loss, index) => ({
      part: `step ${index + 1}`,
      worst: deviation(
        { shape: [], data: [loss] },
        { shape: [], data: run.losses.slice(index, index + 1) },
        run.tolerance,
      ),
    })),
  );

function worstTensor(specs: readonly ParameterSpec[], flat: Float32Array, run: TrainingCase): Deviation {
  const views = tensorViews(specs, flat);
  return worstOf(
    specs.map((spec) => ({
      part: referenceName(spec.name),
      worst: deviation(
        { shape: spec.shape, data: views.get(spec.name) ?? [] },
        arrayOf(run.final, spec),
        run.tolerance,
      ),
    })),
  );
}

/** Logits of the evaluation's images, with the weights that this training has led to. */
async function checkLogits(
  engine: Engine,
  network: Network,
  { parameters, statistics }: Weights,
  { eval: { x, logits }, tolerance }: TrainingCase,
  blocks: number | null,
): Promise<number> {
  const model = await engine.load(inferenceGraph(network, { blocks, batchSize: x.shape[0] ?? 0 }));
  const feed = (data: Float32Array, shape: readonly number[] = [data.length]): EngineArray => ({ shape, data });
  try {
    const results = await model.run({
      images: feed(Float32Array.from(x.data), x.shape),
      imageScale: feed(new Float32Array(network.input.channels).fill(1)),
      imageShift: feed(new Float32Array(network.input.channels)),
      parameters: feed(parameters),
      statistics: feed(statistics),
    });
    return results.logits === undefined ? Number.POSITIVE_INFINITY : deviation(results.logits, logits, tolerance);
  } finally {
    await model.release();
  }
}
