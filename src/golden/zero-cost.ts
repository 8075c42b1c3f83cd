/** @file Checks scores without training of small networks of NAS-Bench-201, whose weights and images the file gives. */
import type { Engine } from '../engine/engine.js';
import type { Network, ParameterSpec } from '../nn/network.js';
import { packTensors } from '../nn/weights.js';
import { proxyRegistry } from '../proxy/registry.js';
import { scoreNetwork } from '../proxy/score.js';
import { nasBench201 } from '../space/nas-bench-201.js';
import { type Deviation, deviation } from './deviation.js';
import type { ReferenceArray, ZeroCostFile } from './reference.js';

/**
 * The deviation of each score of a case.
 *
 * @param blocks channels in a block of the processor's own layout; `null` for standard operators.
 * @throws {RangeError | UsageError} where the weights do not fit the architecture, or there is no such proxy
 */
export async function checkScores(
  engine: Engine,
  { x, labels, tolerance }: ZeroCostFile,
  { arch, weights, scores }: ZeroCostFile['cases'][number],
  blocks: number | null,
): Promise<Deviation[]> {
  const [, channels = 0, height = 0, width = 0] = x.shape;
  const arrays = Object.entries(weights);
  const space = nasBench201({ channels: arrays[0]?.[1].shape[0] ?? 0, cells: 1 });
  const classes = arrays.at(-1)?.[1].shape[0] ?? 0;
  const network = space.build(space.parse(arch), { channels, height, width, classes });
  const names = Object.keys(scores);
  const found = await scoreNetwork(engine, network, {
    proxies: names.map((name) => proxyRegistry.named(name)),
    batches: [{ images: Float32Array.from(x.data), labels: Int32Array.from(labels) }],
    seed: 0,
    blocks,
    weights: packed(network, arrays),
  });
  return names.map((name) => ({
    part: name,
    worst: deviation(single(comparable(name, found.scores[name])), single(scores[name]), tolerance),
  }));
}

/** The flow itself, of which the score is the logarithm. */
const comparable = (name: string, score = Number.NaN as number | null): number | undefined =>
  name === 'synflow' ? Math.exp(score ?? Number.NaN) : (score ?? undefined);

const single = (value = Number.NaN) => ({ shape: [], data: [value] });

/** Both have the same layers in the same order; the running statistics stand behind their layer. */
function packed(network: Network, arrays: readonly (readonly [string, ReferenceArray])[]) {
  const isRunning = ([name]: readonly [string, ReferenceArray]): boolean => /\.running_(mean|var)$/.test(name);
  const flat = (specs: readonly ParameterSpec[], some: typeof arrays): Float32Array => {
    const fits =
      some.length === specs.length && some.every(([, { shape }], at) => `${shape}` === `${specs[at]?.shape}`);
    if (!fits) throw new RangeError(`${some.length} arrays do not fit the ${specs.length} of the architecture`);
    return packTensors(
      specs,
      new Map(specs.map(({ name }, at) => [name, Float32Array.from(some[at]?.[1].data ?? [])])),
    );
  };
  return {
    parameters: flat(
      network.parameters,
      arrays.filter((array) => !isRunning(array)),
    ),
    statistics: flat(network.statistics, arrays.filter(isRunning)),
  };
}
