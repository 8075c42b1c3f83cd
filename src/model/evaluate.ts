/** @file Accuracy of an exported model, run as a deployment would: the file, pixels in, answers out. */
import { availableParallelism } from 'node:os';
import { evaluationBatches } from '../data/batches.js';
import type { Dataset, Images } from '../data/dataset.js';
import { type LoadOptions, loadDataset } from '../data/load.js';
import { resizeImages } from '../data/resize.js';
import type { Engine, EngineArray, EngineModel } from '../engine/engine.js';
import { nodeEngine } from '../engine/node-engine.js';
import { firstLineOf, UsageError, WorkError } from '../error.js';
import { RatingSum } from '../training/classifier.js';
import { type OnnxModelFile, readModelFile } from './onnx-model.js';

/** The images that are classified. */
export type Split = 'train' | 'valid' | 'test';

/** How well a model classifies. */
export interface ModelRating {
  /** Fraction in [0, 1]. */
  readonly accuracy: number;
  /** Mean cross-entropy. */
  readonly loss: number;
  /** How many images were judged. */
  readonly images: number;
  /** Of the model alone, without loading and resizing. */
  readonly imagesPerSecond: number;
  readonly batch: number;
  readonly threads: number;
}

/** Which images a model is measured on. */
export interface EvaluateOptions extends Pick<LoadOptions, 'cacheFolder' | 'onProgress'> {
  /** A built-in name or a path. */
  readonly data: string;
  /** Default `test`. */
  readonly split?: Split | undefined;
  /** Fixes the split where the source has none. Default 0. */
  readonly seed?: number | undefined;
  /** Of the engine; default: every core. */
  readonly threads?: number | undefined;
  /** Default: `nodeEngine()`. */
  readonly engine?: Engine | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How good an exported model is on images, and by what it was measured. */
export interface ModelEvaluation extends ModelRating {
  readonly model: string;
  readonly data: string;
  readonly split: Split;
  /** How the splits of the data came about, in one sentence. */
  readonly splitOrigin: string;
  readonly notices: readonly string[];
}

/** Images a run for models that take any number. */
const batchSize = 256;

/**
 * Runs a model file over one split of a dataset.
 *
 * @throws {UsageError} where the file or the data cannot be used, or do not fit each other
 * @throws {WorkError} where ONNX Runtime cannot run the model
 */
export async function evaluateModel(file: string, options: EvaluateOptions): Promise<ModelEvaluation> {
  const { data, split = 'test', seed = 0, threads, engine = nodeEngine(), signal } = options;
  const model = await readModelFile(file);
  const dataset = await loadFor(model, data, { ...options, seed });
  const rating = await rateModel(engine, model, dataset, split, { threads, signal });
  return { model: file, data, split, splitOrigin: dataset.split, notices: dataset.notices, ...rating };
}

/** Images of a folder are loaded at 32 pixels unless told otherwise: too few for a model that takes larger ones. */
async function loadFor(model: OnnxModelFile, data: string, options: LoadOptions): Promise<Dataset> {
  const dataset = await loadDataset(data, options);
  const { height, width } = model.input;
  if (height !== width || height <= dataset.test.height) return dataset;
  return loadDataset(data, { ...options, imageSize: height });
}

/** Judges a model by the images of one split. */
export async function rateModel(
  engine: Engine,
  model: OnnxModelFile,
  dataset: Dataset,
  split: Split,
  { threads = availableParallelism(), signal }: { threads?: number | undefined; signal?: AbortSignal | undefined } = {},
): Promise<ModelRating> {
  checkClasses(model, dataset);
  const images = fitted(model, dataset[split]);
  const { input, output, file } = model;
  const batch = input.batch ?? batchSize;
  const shape = [batch, input.channels, input.height, input.width];
  const loaded = await load(engine, model, threads);
  const sum = new RatingSum();
  const classes = dataset.classes.length;
  let milliseconds = 0;
  try {
    for (const { pixels, labels, count } of evaluationBatches(images, batch)) {
      signal?.throwIfAborted();
      const began = performance.now();
      const scores = (await run(loaded, file, { [input.name]: { shape, data: pixels } }))[output];
      milliseconds += performance.now() - began;
      if (scores === undefined || scores.shape.length !== 2 || scores.shape[1] !== classes) {
        throw new UsageError(
          `The output "${output}" of ${file} has the shape [${scores?.shape.join(', ') ?? ''}], but ${dataset.name} has ${classes} classes: [${batch}, ${classes}] is needed.`,
        );
      }
      sum.add(output === 'logits' ? scores.data : asLogits(scores.data, classes), labels, count, classes);
    }
  } finally {
    await loaded.release();
  }
  return {
    ...sum.rating,
    images: images.count,
    imagesPerSecond: (1000 * images.count) / milliseconds,
    batch,
    threads,
  };
}

function checkClasses({ file, classes }: OnnxModelFile, dataset: Dataset): void {
  if (classes === null) return;
  if (classes.length !== dataset.classes.length) {
    throw new UsageError(
      `The model ${file} tells ${classes.length} classes apart, but ${dataset.name} has ${dataset.classes.length}.`,
    );
  }
  const at = classes.findIndex((name, index) => name !== dataset.classes[index]);
  if (at >= 0) {
    throw new UsageError(
      `The model ${file} was trained for other classes than ${dataset.name} has: its class ${at} is "${classes[at]}", that of the data "${dataset.classes[at]}".`,
    );
  }
}

/** The images at the size that the model takes. */
function fitted({ file, input }: OnnxModelFile, images: Images): Images {
  const { channels, height, width } = input;
  if (channels !== images.channels) {
    throw new UsageError(
      `The model ${file} takes images of ${channels} channel(s), but those of the data have ${images.channels}.`,
    );
  }
  if (images.height === height && images.width === width) return images;
  if (height !== width) {
    throw new UsageError(
      `The model ${file} takes images of ${height}×${width}, but those of the data have ${images.height}×${images.width}, and images are resized to squares only.`,
    );
  }
  return resizeImages(images, height);
}

async function load(engine: Engine, { file, bytes }: OnnxModelFile, threads: number): Promise<EngineModel> {
  try {
    return await engine.load(bytes, { threads });
  } catch (error) {
    throw new WorkError(`ONNX Runtime cannot load ${file}: ${firstLineOf(error)}.`);
  }
}

async function run(model: EngineModel, file: string, inputs: { readonly [name: string]: EngineArray }) {
  try {
    return await model.run(inputs);
  } catch (error) {
    throw new WorkError(`ONNX Runtime cannot run ${file}: ${firstLineOf(error)}.`);
  }
}

/** Rows that are probabilities, as some models give them, become their logarithms, whose softmax they are. */
function asLogits(scores: ArrayLike<number>, classes: number): ArrayLike<number> {
  const values = Array.from(scores);
  const sums = values.filter((_, index) => index < classes).reduce((sum, value) => sum + value, 0);
  const areProbabilities = Math.abs(sums - 1) < 1e-3 && values.every((value) => value >= 0 && value <= 1);
  return areProbabilities ? values.map((value) => Math.log(Math.max(value, Number.MIN_VALUE))) : scores;
}
