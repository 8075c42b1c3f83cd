/** @file Grows a trained network, or one that a user names, without changing what it computes, and writes it down. */
import { basename, join } from 'node:path';
import type { Engine } from '../engine/engine.js';
import { nodeEngine } from '../engine/node-engine.js';
import { UsageError } from '../error.js';
import { Layer } from '../nn/feature.js';
import { usualNoise } from '../nn/inherit.js';
import { deeper, deeperPlaces, insertBranch, largerWindows, wider } from '../nn/morphisms/index.js';
import type { Network } from '../nn/network.js';
import type { TrainedNetwork } from '../nn/trained-network.js';
import { Random } from '../random.js';
import type { TargetOptions } from '../reference/named-network.js';
import { encodeWeights } from '../training/saved-weights.js';
import { deviationBetween, momentsOf } from './random-images.js';
import { claimFolder, resultFiles, writeResultFile } from './result-files.js';
import { trainedNetworkOf } from './trained-result.js';

/** By how much a network grows, and where it goes. */
export interface GrowOptions extends Pick<TargetOptions, 'input' | 'classes' | 'allowModules'> {
  /** Each group of channels becomes so many times as large. */
  readonly wider?: number | undefined;
  /** So many blocks are inserted that do nothing at first. */
  readonly deeper?: number | undefined;
  /** Pixels that the windows of convolutions get, where they have fewer. */
  readonly kernel?: number | undefined;
  /** Whether a little noise is added to what would be trained alike, which changes the function a little. Default false. */
  readonly noise?: boolean;
  /** Of what is drawn: which channels are copied, noise, and the weights of a network that has none. Default 0. */
  readonly seed?: number;
  /** A new folder for the files; default `runs/TARGET-grown`, numbered where that is taken. */
  readonly out?: string | undefined;
  /** Default: `nodeEngine()`. */
  readonly engine?: Engine;
}

/** A network that has grown. */
export interface GrownNetwork {
  /** The largest difference between what both networks give for random images: see `deviationBetween`. */
  readonly deviation: number;
  readonly params: number;
  readonly macs: number;
  readonly before: { readonly params: number; readonly macs: number };
  readonly files: { readonly network: string; readonly weights: string };
}

/**
 * Grows a network: windows first, then channels, then depth.
 *
 * @param target the folder of a result, its weights or its model, or a network by name, which then gets random weights
 * @throws {UsageError} where nothing is to grow, or cannot, and where the target is none
 * @throws {WorkError} where files cannot be read or written
 */
export async function growTarget(target: string, options: GrowOptions): Promise<GrownNetwork> {
  const { kernel, wider: factor, deeper: blocks, seed = 0, engine = nodeEngine() } = options;
  if (kernel === undefined && factor === undefined && blocks === undefined) {
    throw new UsageError('Nothing says how the network is to grow: give --wider, --deeper or --kernel.');
  }
  const before = await trainedNetworkOf(target, { ...options, seed });
  const noise = options.noise === true ? usualNoise(new Random(seed).stream('growth')) : undefined;
  let grown = before;
  if (kernel !== undefined) grown = largerWindows(grown, { window: kernel });
  if (factor !== undefined) grown = wider(grown, { factor, seed, noise });
  if (blocks !== undefined) grown = await withBlocks(engine, grown, { blocks, seed, noise });
  const out = claimFolder(options.out, `${basename(target).replace(/[^\w.-]+/g, '-')}-grown`);
  const files = { network: join(out, resultFiles.network), weights: join(out, resultFiles.weights) };
  await writeResultFile(files.network, `${JSON.stringify(grown.network.toJson(), null, 1)}\n`);
  await writeResultFile(files.weights, encodeWeights(grown.network, grown.weights));
  const { params, macs } = grown.network.cost();
  const old = before.network.cost();
  return {
    deviation: await deviationBetween(engine, [before, grown], seed),
    params,
    macs,
    before: { params: old.params, macs: old.macs },
    files,
  };
}

/** Blocks over the whole depth: behind ReLUs, and where the network has none, as branches beside its layers. */
async function withBlocks(
  engine: Engine,
  trained: TrainedNetwork,
  {
    blocks,
    ...how
  }: { readonly blocks: number } & Pick<Parameters<typeof deeper>[1], 'noise'> & { readonly seed: number },
): Promise<TrainedNetwork> {
  const relus = deeperPlaces(trained.network);
  const places = relus.length > 0 ? relus : branchPlaces(trained.network);
  if (places.length === 0) throw new UsageError('The network has no feature map behind which a block can be inserted.');
  let grown = trained;
  for (let block = 0; block < blocks; block++) {
    const place = places[Math.floor(((block + 0.5) * places.length) / blocks)] ?? places[0];
    if (place === undefined) break;
    const after = place.name;
    grown =
      relus.length > 0
        ? deeper(grown, { ...how, after, moments: await momentsOf(engine, grown, after, how.seed) })
        : insertBranch(grown, { ...how, after, from: place.inputs[0].name });
  }
  return grown;
}

/** Layers that give a map of the size of one that they read. */
const branchPlaces = ({ layers }: Network): Layer[] =>
  layers.filter(({ shape, inputs: [x] }) => {
    return x instanceof Layer && shape.length === 3 && x.shape.slice(1).join() === shape.slice(1).join();
  });
