/** @file Trains what a user names: a preset, `SPACE:GENOTYPE` or a file, on data that a user names. */
import { basename, extname, join } from 'node:path';
import { loadDataset } from '../data/load.js';
import type { LoadProgress } from '../data/source.js';
import type { Engine } from '../engine/engine.js';
import { nodeEngine } from '../engine/node-engine.js';
import { UsageError } from '../error.js';
import type { Cost } from '../nn/cost.js';
import type { AllowedModules } from '../reference/module-trust.js';
import { isOnnxTarget, type NamedNetwork, networkOf } from '../reference/named-network.js';
import { modelCard } from '../report/model-card.js';
import type { Point } from '../training/curve.js';
import { finalImageViews, plannedEpochs, trainSettings } from '../training/train-settings.js';
import { version } from '../version.js';
import { describeData } from './data-description.js';

import { describeMachine, describeVersions } from './machine.js';
import { claimFolder, resultFiles, writeResultFile } from './result-files.js';
import { type TrainedModel, trainModel } from './train.js';
import { readWeights } from './trained-result.js';

/** How one architecture is trained and where its files go. */
export interface TrainTargetOptions {
  /** A built-in name or a path. */
  readonly data: string;
  /** Settings of the evaluation `train`; absent and `undefined` ones have its defaults. */
  readonly settings?: { readonly [name: string]: unknown };
  /** A file of weights to begin with, as a result has it. Default: random weights. */
  readonly weights?: string | undefined;
  /** Default 0. */
  readonly seed?: number;
  /** Of the engine. Default 1, which gives the same bits every time. */
  readonly threads?: number;
  /** Default: `nodeEngine()`. */
  readonly engine?: Engine;
  /** A new folder for the files; default `runs/TARGET`, numbered where that is taken. */
  readonly out?: string | undefined;
  /** Modules that may run though only a file names them. Default: none. */
  readonly allowModules?: AllowedModules | undefined;
  readonly signal?: AbortSignal;
  /** Hears how far loading of the data is. */
  readonly onLoading?: (progress: LoadProgress) => void;
  /** Hears each point of the learning curve. */
  readonly onPoint?: (point: Point, epochs: number) => void;
}

export interface TrainResult extends TrainedModel {
  readonly target: string;
  readonly data: string;
  /** How the splits of the data came about: what the accuracies mean. */
  readonly split: string;
  readonly cost: Cost;
  readonly files: { readonly onnx: string; readonly card: string; readonly cardText: string; readonly weights: string };
}

/**
 * Trains a network for the images and classes of the data, and writes model, weights and card.
 *
 * @throws {UsageError} where target, data or settings are wrong, or do not fit each other
 * @throws {WorkError} where training diverges or a file cannot be written
 */
export async function trainTarget(target: string, options: TrainTargetOptions): Promise<TrainResult> {
  const {
    data,
    seed = 0,
    threads = 1,
    engine = nodeEngine(),
    allowModules,
    signal = new AbortController().signal,
    onPoint,
  } = options;
  if (isOnnxTarget(target)) {
    throw new UsageError(
      `${target} is an ONNX file: it can be evaluated, but not trained. Give a preset, SPACE:GENOTYPE or a JSON file.`,
    );
  }
  const settings = trainSettings.parse({ imageViews: finalImageViews, ...withoutUndefined(options.settings ?? {}) });
  // Wrong names are cheaper to find than images to load.
  await networkOf(target, { allowModules });
  const dataset = await loadDataset(data, { seed, ...(options.onLoading && { onProgress: options.onLoading }) });
  const { channels, height, width } = dataset.train;
  const named = await networkOf(target, {
    input: { channels, height, width },
    classes: dataset.classes.length,
    anySize: true,
    allowModules,
  });
  const { weights: file } = options;
  const initial = file === undefined ? undefined : await readWeights(file, named.network);
  const out = claimFolder(options.out, folderName(target));
  const trained = await trainModel({
    network: named.network,
    initial,
    dataset,
    settings,
    seed,
    engine,
    threads,
    out,
    metadata: { architecture: target, data: dataset.name, split: dataset.split, nasturtium: version },
    signal,
    onPoint: (point) => onPoint?.(point, plannedEpochs(settings, dataset.train.count)),
  });
  const { json, markdown } = modelCard({
    name: target,
    file: resultFiles.onnx,
    date: new Date().toISOString().slice(0, 10),
    data: describeData(data, dataset),
    input: named.network.input,
    search: null,
    notation: target,
    architecture: architectureOf(named),
    cost: named.network.cost(),
    accuracy: { test: trained.testAccuracy, valid: trained.validAccuracy },
    latency: trained.latency,
    training: { epochs: trained.epochs, seconds: trained.seconds, settings },
    seed,
    machine: describeMachine(),
    versions: describeVersions(engine),
  });
  const files = {
    onnx: join(out, resultFiles.onnx),
    card: join(out, resultFiles.card),
    cardText: join(out, resultFiles.cardText),
    weights: join(out, resultFiles.weights),
  };
  await writeResultFile(files.card, `${JSON.stringify(json, null, 2)}\n`);
  await writeResultFile(files.cardText, markdown);
  return { target, data, split: dataset.split, ...trained, cost: named.network.cost(), files };
}

const architectureOf = ({ name, genotype }: NamedNetwork) => genotype?.architecture ?? name;

const withoutUndefined = (settings: { readonly [name: string]: unknown }) =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));

/** A short name for a folder: a genotype may be long and full of bars. */
function folderName(target: string): string {
  const colon = target.indexOf(':');
  if (colon > 1) return target.slice(0, colon);
  return basename(target, extname(target)).replace(/[^\w.-]+/g, '-') || 'model';
}
