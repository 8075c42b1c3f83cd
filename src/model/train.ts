/** @file Trains one network at length, exports it, and judges the exported file. */
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.js';
import { resizeImages } from '../data/resize.js';
import { subset } from '../data/split.js';
import { channelStatistics } from '../data/statistics.js';
import type { Engine } from '../engine/engine.js';
import { exportOnnx } from '../nn/export.js';
import type { Network } from '../nn/network.js';
import type { Weights } from '../nn/weights.js';
import type { Point } from '../training/curve.js';
import { encodeWeights } from '../training/saved-weights.js';
import { trainNetwork } from '../training/train-network.js';
import type { TrainSettings } from '../training/train-settings.js';
import { rateModel } from './evaluate.js';
import { type Latency, measureLatency } from './latency.js';
import { readModelFile } from './onnx-model.js';
import { resultFiles, writeResultFile } from './result-files.js';

export interface TrainRequest {
  readonly network: Network;
  readonly dataset: Dataset;
  readonly settings: TrainSettings;
  /** What training begins with. Default: random weights. */
  readonly initial?: Weights | undefined;
  readonly seed: number;
  readonly engine: Engine;
  /** Of the engine. */
  readonly threads: number;
  /** An existing folder for the files. */
  readonly out: string;
  /** Written into the model file beside the classes. */
  readonly metadata: { readonly [key: string]: string };
  readonly signal: AbortSignal;
  readonly onPoint: (point: Point) => void;
}

/** What came out; accuracies are of the exported file, with the weights of the best epoch. */
export interface TrainedModel {
  /** Fraction of the test images in [0, 1]. */
  readonly testAccuracy: number;
  readonly testLoss: number;
  readonly testImages: number;
  /** Of the validation images, by which the epoch was chosen. */
  readonly validAccuracy: number;
  readonly epochs: number;
  /** Counted from 1. */
  readonly bestEpoch: number;
  /** Wall-clock seconds of training. */
  readonly seconds: number;
  readonly curve: readonly Point[];
  readonly latency: Latency;
}

/**
 * Trains, and writes model, weights and network into `out`. The test images are looked at once, at the end.
 *
 * @throws {UsageError} where network and data do not fit
 * @throws {WorkError} where training diverges or a file cannot be written
 */
export async function trainModel(request: TrainRequest): Promise<TrainedModel> {
  const { network, dataset, settings, initial, seed, engine, threads, out, signal } = request;
  const curve: Point[] = [];
  const began = performance.now();
  const { metrics, weights } = await trainNetwork(
    network,
    dataset,
    settings,
    { seed, threads, ...(initial && { initial }) },
    {
      engine,
      signal,
      report: (point) => {
        curve.push(point);
        request.onPoint(point);
      },
    },
  );
  const seconds = (performance.now() - began) / 1000;
  await writeResultFile(join(out, resultFiles.weights), encodeWeights(network, weights));
  const onnx = exportOnnx(network, weights, {
    normalization: normalizationOf(request),
    classes: dataset.classes,
    metadata: request.metadata,
  });
  const file = join(out, resultFiles.onnx);
  await writeResultFile(file, onnx);
  await writeResultFile(join(out, resultFiles.network), `${JSON.stringify(network.toJson(), null, 1)}\n`);
  const model = await readModelFile(file);
  const test = await rateModel(engine, model, dataset, 'test', { threads, signal });
  return {
    testAccuracy: test.accuracy,
    testLoss: test.loss,
    testImages: test.images,
    validAccuracy: metrics.validAccuracy,
    epochs: metrics.epochs,
    bestEpoch: metrics.bestEpoch,
    seconds,
    curve,
    latency: await measureLatency(engine, model),
  };
}

/** The statistics by which the images were normalised while training: those of its training images at its size. */
function normalizationOf({ network, dataset, settings, seed }: TrainRequest) {
  const images = subset(dataset.train, settings.subset, seed);
  const { height, width } = network.input;
  const fits = images.height === height && images.width === width;
  return channelStatistics(fits ? images : resizeImages(images, height));
}
