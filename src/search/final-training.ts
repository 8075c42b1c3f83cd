/** @file The last step of a search: the winner is built at full size and trained at length. */

import { z } from 'zod';
import type { Dataset } from '../data/dataset.js';
import type { Engine } from '../engine/engine.js';
import { evaluationNamed } from '../evaluation/registry.js';
import { train } from '../evaluation/train.js';
import type { Json } from '../json.js';
import { type TrainedModel, trainModel } from '../model/train.js';
import { deriveSeed } from '../random.js';
import type { StudyConfiguration } from '../record/configuration.js';
import { pointSchema } from '../record/event.js';
import type { TrialRecord } from '../record/trial.js';
import { spaceNamed } from '../space/registry.js';
import { buildNetwork } from '../space/space.js';
import type { Point } from '../training/curve.js';
import { plannedEpochs, trainSettings } from '../training/train-settings.js';
import { version } from '../version.js';
import { formatArchitecture } from './architecture.js';
import { searchTarget } from './target.js';

export interface WinnerRequest {
  readonly name: string;
  readonly configuration: StudyConfiguration;
  readonly dataset: Dataset;
  readonly best: TrialRecord;
  readonly out: string;
  /** Settings of the evaluation `train`. */
  readonly training: { readonly [key: string]: Json };
  readonly engine: Engine;
  readonly signal: AbortSignal;
  readonly onPoint: (point: Point, epochs: number) => void;
}

/** What the store keeps of the final training. */
export const finalResultSchema = z.object({
  testAccuracy: z.number(),
  testLoss: z.number(),
  testImages: z.number(),
  validAccuracy: z.number(),
  epochs: z.number(),
  bestEpoch: z.number(),
  seconds: z.number(),
  threads: z.number(),
  curve: z.array(pointSchema),
  latency: z.object({
    median: z.number(),
    percentile95: z.number(),
    runs: z.number(),
    batch: z.number(),
    threads: z.number(),
    runtime: z.string(),
  }),
});

export type FinalResult = z.infer<typeof finalResultSchema>;

/** Trains the winner on all threads that the search had. */
export async function trainWinner(request: WinnerRequest): Promise<Json> {
  const { name, configuration, dataset, best, out, engine, signal, onPoint } = request;
  const settings = trainSettings.parse(request.training);
  const { space: searched, evaluation } = configuration;
  const target = searchTarget(dataset, evaluationNamed(evaluation.name).create(evaluation.settings));
  const space = spaceNamed(searched.name);
  const network = buildNetwork(space, best.architecture, train.create(request.training).target?.(target, 1) ?? target);
  const threads = configuration.workers * configuration.threads;
  const trained: TrainedModel = await trainModel({
    network,
    dataset,
    settings,
    seed: deriveSeed(configuration.seed, 'final'),
    engine,
    threads,
    out,
    metadata: {
      study: name,
      trial: String(best.number),
      space: configuration.space.name,
      architecture: formatArchitecture(configuration.space, best.architecture),
      data: dataset.name,
      split: dataset.split,
      nasturtium: version,
    },
    signal,
    onPoint: (point) => onPoint(point, plannedEpochs(settings, dataset.train.count)),
  });
  const result: FinalResult = { ...trained, threads, curve: [...trained.curve], latency: { ...trained.latency } };
  return result;
}
