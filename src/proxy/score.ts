/** @file Scores of networks without training: one graph a network, run once a batch. */

import { blockSize } from '../engine/blocked-kernels.js';
import type { Engine, EngineArray, EngineModel } from '../engine/engine.js';
import { messageOf } from '../error.js';
import type { Network } from '../nn/network.js';
import { initialWeights, type Weights } from '../nn/weights.js';
import { Random } from '../random.js';
import { emitModel, type Tensor } from '../tensor/index.js';
import type { LabelledBatch } from './batches.js';
import { type DrawnInput, ProxyGraph } from './graph.js';
import type { Probe } from './probe.js';
import { type Measured, type ProxyDefinition, UndefinedScore } from './proxy.js';

/** What networks are scored with. */
export interface ScoringOptions {
  readonly proxies: readonly ProxyDefinition[];
  /** As many as {@link batchesFor} says, of one size. */
  readonly batches: readonly LabelledBatch[];
  /** Draws weights and random images. */
  readonly seed: number;
  /** Of the engine. Default 1. */
  readonly threads?: number;
  /** Channels in a block of the processor's own layout; `null` for standard operators. Default: what the engine has. */
  readonly blocks?: number | null;
  /** Default: drawn by the seed, as training begins. */
  readonly weights?: Weights;
}

/** The scores of one network, by the names of the proxies. */
export interface NetworkScores {
  /** `null` where a proxy is undefined. */
  readonly scores: Readonly<Record<string, number | null>>;
  /** Why, for each that is undefined, as a clause. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** How many batches the proxies want together. */
export const batchesFor = (proxies: readonly ProxyDefinition[]): number =>
  Math.max(1, ...proxies.map(({ batches = 1 }) => batches));

/** The scores of a network. All that the proxies measure is in one graph, which shares what several need. */
export async function scoreNetwork(engine: Engine, network: Network, options: ScoringOptions): Promise<NetworkScores> {
  const { proxies, batches, seed, weights } = options;
  const [first] = batches;
  if (first === undefined) throw new RangeError('there are no images to score on');
  const graph = new ProxyGraph(network, first.labels.length, () => weights ?? initialWeights(network, seed));
  const reasons: Record<string, string> = {};
  for (const { name, needs = [] } of proxies) {
    const reason = needs.flatMap((need) => need.missing(graph, batches) ?? [])[0];
    if (reason !== undefined) reasons[name] = reason;
  }
  const defined = proxies.filter(({ name }) => !(name in reasons));
  const runs = await measure(engine, graph, defined, options);
  const measured = measurements(graph, first, runs);
  const scores = Object.fromEntries(
    proxies.map((proxy): [string, number | null] => {
      if (proxy.name in reasons) return [proxy.name, null];
      const score = scoreOf(proxy, measured);
      if (typeof score === 'number') return [proxy.name, score];
      reasons[proxy.name] = score.reason;
      return [proxy.name, null];
    }),
  );
  return { scores, reasons };
}

function scoreOf(proxy: ProxyDefinition, measured: Measured): number | { readonly reason: string } {
  try {
    const score = proxy.score(measured);
    return Number.isFinite(score) ? score : { reason: `its value is ${score}` };
  } catch (error) {
    if (error instanceof UndefinedScore) return { reason: messageOf(error) };
    throw error;
  }
}

/** What the graph gave, batch by batch. */
type Runs = readonly Readonly<Record<string, EngineArray>>[];

async function measure(
  engine: Engine,
  graph: ProxyGraph,
  proxies: readonly ProxyDefinition[],
  options: ScoringOptions,
): Promise<Runs> {
  const { batches, seed, threads = 1, blocks = await blockSize(engine) } = options;
  const probes = new Set(proxies.flatMap((proxy) => proxy.probes ?? []));
  if (probes.size === 0) return [];
  const outputs = Object.fromEntries([...probes].flatMap((probe) => outputsOf(probe, graph)));
  const model = await engine.load(emitModel(outputs, { blocks }), { threads, optimized: false, runs: 'few' });
  try {
    const fixed = { ...weightFeeds(graph.values), ...drawnFeeds(graph.drawn, seed) };
    const runs: Feeds[] = [];
    for (const batch of batches.slice(0, batchesFor(proxies))) {
      runs.push(await runOn(model, { ...fixed, ...batchFeeds(batch, graph) }));
    }
    return runs;
  } finally {
    await model.release();
  }
}

const outputsOf = (probe: Probe<unknown>, graph: ProxyGraph): [string, Tensor][] =>
  Object.entries(probe.tensors(graph)).map(([name, tensor]) => [`${probe.name}.${name}`, tensor]);

function arraysOf(
  { name }: Probe<unknown>,
  arrays: Readonly<Record<string, EngineArray>>,
): Record<string, Float32Array> {
  const prefix = `${name}.`;
  return Object.fromEntries(
    Object.entries(arrays).flatMap(([output, { data }]) =>
      output.startsWith(prefix) && data instanceof Float32Array ? [[output.slice(prefix.length), data]] : [],
    ),
  );
}

type Feeds = Readonly<Record<string, EngineArray>>;

/** Whatever the graph has no use for is left out. */
const runOn = (model: EngineModel, feeds: Feeds): Promise<Feeds> =>
  model.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => model.inputs.has(name))));

const weightFeeds = ({ parameters, statistics }: Weights): Feeds => ({
  parameters: { shape: [parameters.length], data: parameters },
  statistics: { shape: [statistics.length], data: statistics },
});

const batchFeeds = ({ images, labels }: LabelledBatch, graph: ProxyGraph): Feeds => ({
  images: { shape: graph.images.shape, data: images },
  labels: { shape: graph.labels.shape, data: labels },
});

const drawnFeeds = (drawn: readonly DrawnInput[], seed: number): Feeds =>
  Object.fromEntries(drawn.map((input) => [input.name, { shape: input.shape, data: drawInput(input, seed) }]));

function drawInput({ name, shape, distribution }: DrawnInput, seed: number): Float32Array {
  const random = new Random(seed).stream('score', name);
  const size = shape.reduce((product, count) => product * count, 1);
  const draw = {
    normal: () => random.normal(),
    uniform: () => random.uniform(),
    sign: () => 2 * random.integer(2) - 1,
  };
  return Float32Array.from({ length: size }, draw[distribution]);
}

function measurements(graph: ProxyGraph, { labels }: LabelledBatch, runs: Runs): Measured {
  const reading = <T>(probe: Probe<T>, run: Feeds | undefined): T => probe.read(arraysOf(probe, run ?? {}), graph);
  return {
    network: graph.network,
    graph,
    labels,
    of: (probe) => reading(probe, runs[0]),
    each: (probe) => runs.map((run) => reading(probe, run)),
  };
}
