/** @file Scores of architectures without training, on images of a dataset. */
import type { Dataset } from '../data/dataset.js';
import { type LoadOptions, loadDataset } from '../data/load.js';
import type { Engine } from '../engine/engine.js';
import { nodeEngine } from '../engine/node-engine.js';
import { UsageError } from '../error.js';
import type { Json } from '../json.js';
import { scoringBatches } from '../proxy/batches.js';
import type { ProxyDefinition } from '../proxy/proxy.js';
import { proxiesNamed } from '../proxy/registry.js';
import { batchesFor, type NetworkScores, scoreNetwork } from '../proxy/score.js';
import { referred } from '../reference/reference.js';
import { spaceRegistry } from '../space/registry.js';
import { buildNetwork, type SearchSpace } from '../space/space.js';

/** What architectures are scored with. */
export interface ScoreOptions extends Pick<LoadOptions, 'cacheFolder' | 'onProgress'> {
  /** A name or a module. */
  readonly space: string;
  /** By name. */
  readonly proxies: readonly string[];
  /** A built-in name or a path; its training images are used. */
  readonly data: string;
  /** Images of a batch. Default 64. */
  readonly batch?: number | undefined;
  /** Draws images, weights and the split. Default 0. */
  readonly seed?: number | undefined;
  /** Of the engine. Default 1. */
  readonly threads?: number | undefined;
  /** Default: `nodeEngine()`. */
  readonly engine?: Engine | undefined;
  /** Hears how many are done. */
  readonly onScore?: ((done: number, count: number) => void) | undefined;
}

/** An architecture and its scores. */
export interface ArchitectureScores extends NetworkScores {
  /** In the usual notation of the space. */
  readonly architecture: string;
  readonly parameters: number;
  readonly macs: number;
}

export const defaultScoreBatch = 64;

/**
 * Scores architectures without training, in their order.
 *
 * @param architectures in any notation of the space
 * @throws {UsageError} where an architecture, the space, a proxy or the data cannot be used, with which and why
 */
export async function scoreArchitectures(
  architectures: readonly string[],
  options: ScoreOptions,
): Promise<ArchitectureScores[]> {
  const proxies = proxiesNamed(options.proxies);
  const { definition: space } = await referred(options.space, spaceRegistry);
  if (architectures.length === 0) throw new UsageError('There is no architecture to score: name one at least.');
  const parsed = architectures.map((text) => space.parse(text));
  const { data, seed = 0 } = options;
  const dataset = await loadDataset(data, { ...options, seed });
  return scoreAll({ space, architectures: parsed, dataset, proxies }, options);
}

/** What is scored. */
export interface Scored {
  readonly space: SearchSpace;
  readonly architectures: readonly Json[];
  readonly dataset: Dataset;
  readonly proxies: readonly ProxyDefinition[];
}

/** Scores architectures that are read already; see {@link scoreArchitectures}. */
export async function scoreAll(
  { space, architectures, dataset, proxies }: Scored,
  options: Pick<ScoreOptions, 'batch' | 'seed' | 'threads' | 'engine' | 'onScore'>,
): Promise<ArchitectureScores[]> {
  const { batch = defaultScoreBatch, seed = 0, threads = 1, engine = nodeEngine(), onScore } = options;
  const { train, classes } = dataset;
  const { channels, height, width } = train;
  const batches = scoringBatches(train, { size: batch, count: batchesFor(proxies), seed });
  const scored: ArchitectureScores[] = [];
  for (const architecture of architectures) {
    const network = buildNetwork(space, architecture, { channels, height, width, classes: classes.length });
    const scores = await scoreNetwork(engine, network, { proxies, batches, seed, threads });
    const { params: parameters, macs } = network.cost();
    scored.push({ architecture: space.format(architecture), ...scores, parameters, macs });
    onScore?.(scored.length, architectures.length);
  }
  return scored;
}
