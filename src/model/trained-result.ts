/** @file Networks with their weights, as a result has them. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf, UsageError, WorkError } from '../error.js';
import type { Network } from '../nn/network.js';
import type { TrainedNetwork } from '../nn/trained-network.js';
import { initialWeights, type Weights } from '../nn/weights.js';
import { networkOf, type TargetOptions } from '../reference/named-network.js';
import { decodeWeights } from '../training/saved-weights.js';
import { resultFiles } from './result-files.js';

/**
 * A network with the weights of a result; or one by name, with random ones.
 *
 * @param target the folder of a result, its weights or its model, or a network by name
 * @throws {UsageError} where there is no such thing, or it lacks a file
 */
export async function trainedNetworkOf(
  target: string,
  { seed, ...options }: TargetOptions & { readonly seed: number },
): Promise<TrainedNetwork> {
  const folder = resultFolder(target);
  if (folder === undefined) {
    const { network } = await networkOf(target, options);
    return { network, weights: initialWeights(network, seed) };
  }
  const { network } = await networkOf(join(folder, resultFiles.network), options);
  return { network, weights: await readWeights(join(folder, resultFiles.weights), network) };
}

/**
 * The folder of a result, named itself or by its weights or its model.
 *
 * @throws {UsageError} where it lacks a file
 */
function resultFolder(target: string): string | undefined {
  const isFolder = existsSync(target) && statSync(target).isDirectory();
  const isFile = ['.safetensors', '.onnx'].some((end) => target.toLowerCase().endsWith(end));
  if (!isFolder && !isFile) return undefined;
  const folder = isFolder ? target : dirname(target);
  const missing = [resultFiles.network, resultFiles.weights].filter((file) => !existsSync(join(folder, file)));
  if (missing.length === 0) return folder;
  throw new UsageError(
    `The folder ${folder} has no ${missing.join(' and no ')}: give the folder of a result of nas train or nas search, which hold both.`,
  );
}

/**
 * The weights of a network, from a file.
 *
 * @throws {UsageError} where the file cannot be read, or has the weights of another network
 */
export async function readWeights(file: string, network: Network): Promise<Weights> {
  try {
    return decodeWeights(network, await readFile(file));
  } catch (error) {
    const reason = error instanceof WorkError ? messageOf(error) : `It cannot be read (${messageOf(error)}).`;
    throw new UsageError(`The file ${file} holds no weights of the network. ${reason}`);
  }
}
