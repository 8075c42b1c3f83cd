/** @file Layers put into a trained network that do nothing at first: depth, skips and branches. */
import { UsageError } from '../../error.js';
import { channelsOf } from '../blocks/conv-norm.js';
import { type Feature, type Layer, scope } from '../feature.js';
import { type GrowthNoise, inheritWeights } from '../inherit.js';
import { activation, add, batchNorm, conv2d } from '../layers/index.js';
import type { Network } from '../network.js';
import { rewrite } from '../rewrite.js';
import type { TrainedNetwork } from '../trained-network.js';
import { initialWeights, tensorViews } from '../weights.js';

/** What is inserted where. */
interface Insertion {
  /** Name of the layer whose readers then read the inserted layers. */
  readonly after: string;
  /** Of the numbers of layers that do not matter at first. Default 0. */
  readonly seed?: number;
  /** Default none: the function stays. */
  readonly noise?: GrowthNoise | undefined;
}

/** What the channels of a feature are like over images. */
export interface Moments {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** What {@link deeper} inserts. */
export interface DeeperOptions extends Insertion {
  /**
   * Of the map behind which the layers come: with them the new batch norm does nothing in training, too, where it normalises by
   * the batch. Default: means of 0 and variances of 1, which is right at inference alone.
   */
  readonly moments?: Moments;
  /** Pixels of the window of the new convolution, an odd number. Default 3. */
  readonly window?: number;
}

/** What {@link insertSkip} inserts. */
export interface SkipOptions extends Insertion {
  /** Name of an earlier layer of the same shape. */
  readonly from: string;
}

/** What {@link insertBranch} inserts. */
export interface BranchOptions extends Insertion {
  /** Name of an earlier layer with a map of the same size, of any channels. */
  readonly from: string;
  /** Pixels of the window of the new convolution, an odd number. Default 3. */
  readonly window?: number;
}

/**
 * The layers after which {@link deeper} may insert others: maps that an activation gives which is the same when it is applied
 * twice, such as ReLU; after others, such as tanh, one more would change the function (Chen et al. 2016, section 2.3).
 */
export const deeperPlaces = ({ layers }: Network): Layer[] =>
  layers.filter(
    ({ kind, attributes, shape }) => shape.length === 3 && kind.growth?.isIdempotent?.(attributes) === true,
  );

/**
 * Net2DeeperNet: a convolution that is the identity, a batch norm, and the activation once more, behind an activation.
 *
 * @throws {UsageError} where there is no such layer, or its activation is not one of {@link deeperPlaces}
 */
export function deeper(trained: TrainedNetwork, { window = 3, moments, ...insertion }: DeeperOptions): TrainedNetwork {
  const { network } = trained;
  const place = layerNamed(network, insertion.after);
  if (!deeperPlaces(network).includes(place)) {
    throw new UsageError(
      `No layers can be put behind "${place.name}" that change nothing: name the ReLU of a feature map, or insert a branch.`,
    );
  }
  return inserted(trained, { ...insertion, statistics: moments }, 'deeper', (x) => {
    const normed = batchNorm(conv2d(x, { out: channelsOf(x), kernel: oddWindow(window) }));
    return x.graph.add(place.kind, [normed], place.attributes, place.kind.kind);
  });
}

/**
 * A skip: what an earlier layer gives is added, times one factor a channel that starts at zero.
 *
 * @throws {UsageError} where one of the layers is missing, or their shapes differ
 */
export function insertSkip(trained: TrainedNetwork, { from, ...insertion }: SkipOptions): TrainedNetwork {
  const [source, place] = [layerNamed(trained.network, from), layerNamed(trained.network, insertion.after)];
  requireEarlier(source, place, source.shape.join() === place.shape.join());
  return inserted(trained, insertion, 'skip', (x, now) => add([x, batchNorm(now(source))]));
}

/**
 * A branch: convolution, norm, ReLU, and one more of each but the ReLU, whose norm starts at zero, added to what the layer gives.
 *
 * @throws {UsageError} where one of the layers is missing, or their maps differ in size
 */
export function insertBranch(
  trained: TrainedNetwork,
  { from, window = 3, ...insertion }: BranchOptions,
): TrainedNetwork {
  const [source, place] = [layerNamed(trained.network, from), layerNamed(trained.network, insertion.after)];
  const sizes = [source, place].map(({ shape }) => (shape.length === 3 ? shape.slice(1).join() : undefined));
  requireEarlier(source, place, sizes[0] !== undefined && sizes[0] === sizes[1]);
  return inserted(trained, insertion, 'branch', (x, now) => {
    const out = channelsOf(x);
    const wide = batchNorm(conv2d(now(source), { out, kernel: oddWindow(window) }));
    return add([x, batchNorm(conv2d(activation(wide, 'relu'), { out, kernel: 1 }))]);
  });
}

function inserted(
  trained: TrainedNetwork,
  { after, seed = 0, noise, statistics }: Insertion & { readonly statistics?: Moments | undefined },
  name: string,
  body: (x: Feature, now: (before: Feature) => Feature) => Feature,
): TrainedNetwork {
  const place = layerNamed(trained.network, after);
  const free = freeScope(trained.network, `${after}.${name}`);
  const grown = rewrite(trained.network, (layer, { copy, now }) => {
    const copied = copy(layer);
    return layer === place ? scope(copied, free, (x) => body(x, now)) : copied;
  });
  const initial = initialWeights(grown, seed);
  const views = tensorViews(grown.statistics, initial.statistics);
  for (const [tensor, numbers] of Object.entries(statistics ?? {}))
    views.get(`${free}.batchNorm.${tensor}`)?.set(numbers);
  const { weights } = inheritWeights(trained, { network: grown, weights: initial }, { noise });
  return { network: grown, weights };
}

/** A name under which the network has no layers: their names, and so their numbers, would change. */
function freeScope({ layers }: Network, wanted: string): string {
  const isTaken = (name: string) => layers.some((layer) => layer.name === name || layer.name.startsWith(`${name}.`));
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}_${count}`;
    if (!isTaken(name)) return name;
  }
}

function layerNamed({ layers }: Network, name: string): Layer {
  const layer = layers.find((one) => one.name === name);
  if (layer !== undefined) return layer;
  throw new UsageError(`The network has no layer "${name}".`);
}

function requireEarlier(source: Layer, place: Layer, fits: boolean): void {
  if (fits && source.index < place.index) return;
  throw new UsageError(
    `"${source.name}" [${source.shape.join(', ')}] cannot be added to "${place.name}" [${place.shape.join(', ')}]: it must come before, and have its size.`,
  );
}

function oddWindow(window: number): number {
  if (Number.isInteger(window) && window > 0 && window % 2 === 1) return window;
  throw new UsageError(`A window of ${window} pixels has no middle: give an odd number.`);
}
