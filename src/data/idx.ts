/** @file Reads IDX files, the format of the original MNIST and Fashion-MNIST. */
import { UsageError } from '../error.js';
import { findFile, listFolder, readBinaryFile } from './binary-file.js';
import type { Images } from './dataset.js';
import { defaultTestFraction, type ImageSource, numberedClasses, ownSplits } from './source.js';

/** The prefixes under which each split's files are found. */
const prefixes = { train: ['train'], valid: ['valid', 'validation'], test: ['t10k', 'test'] };

/** Both spellings that are in use: `train-images-idx3-ubyte` and `train-images.idx3-ubyte`. */
const spellings = (prefix: string, what: 'images-idx3' | 'labels-idx1'): string[] => [
  `${prefix}-${what}-ubyte`,
  `${prefix}-${what.replace('-', '.')}-ubyte`,
];

/** Whether a folder with these entries holds IDX files. */
export const holdsIdx = (entries: readonly string[]): boolean =>
  entries.some((name) => /idx[13]-ubyte(\.gz)?$/.test(name));

/**
 * Reads `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`, and those of `t10k` (or `test`) and `valid` if they are
 * there; each plain or gzip'd.
 *
 * @throws {UsageError} where a file is missing, damaged or of another type, or counts differ
 */
export async function readIdxFolder(folder: string): Promise<ImageSource> {
  const entries = await listFolder(folder);
  const train = await readSplit(folder, entries, prefixes.train);
  if (train === null) {
    throw new UsageError(
      `The folder ${folder} holds IDX files, but no training images: train-images-idx3-ubyte and train-labels-idx1-ubyte (or those names with .gz) are needed.`,
    );
  }
  const valid = await readSplit(folder, entries, prefixes.valid);
  const test = await readSplit(folder, entries, prefixes.test);
  return {
    name: folder,
    classes: numberedClasses(train.labels),
    origin: `IDX files in ${folder}.`,
    split: ownSplits('IDX files', valid, test),
    mirrorInvariant: false,
    notices: [],
    testFraction: defaultTestFraction,
    train,
    valid,
    test,
  };
}

async function readSplit(folder: string, entries: string[], names: readonly string[]): Promise<Images | null> {
  const imageNames = names.flatMap((prefix) => spellings(prefix, 'images-idx3'));
  const labelNames = names.flatMap((prefix) => spellings(prefix, 'labels-idx1'));
  const imageFile = findFile(folder, entries, imageNames);
  const labelFile = findFile(folder, entries, labelNames);
  if (imageFile === null && labelFile === null) return null;
  if (imageFile === null || labelFile === null) {
    const [there, missing] = imageFile === null ? [labelFile, imageNames[0]] : [imageFile, labelNames[0]];
    throw new UsageError(`${there} is there, but ${missing} (or ${missing}.gz) is missing beside it.`);
  }
  const images = parseIdx(await readBinaryFile(imageFile), imageFile, 3);
  const labels = parseIdx(await readBinaryFile(labelFile), labelFile, 1);
  const [count = 0, height = 0, width = 0] = images.dimensions;
  if (labels.data.length !== count) {
    throw new UsageError(
      `${imageFile} holds ${count} images, but ${labelFile} holds ${labels.data.length} labels: there must be one label an image.`,
    );
  }
  return { count, channels: 1, height, width, pixels: images.data, labels: Uint16Array.from(labels.data) };
}

/**
 * An array of unsigned bytes. The header is two zero bytes, the type (8 is unsigned byte), the number of dimensions, and
 * each dimension as a big-endian 32-bit number (LeCun, Cortes and Burges, THE MNIST DATABASE).
 */
function parseIdx(bytes: Uint8Array, file: string, rank: number): { dimensions: number[]; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 4 + 4 * rank;
  if (bytes.length < start || view.getUint16(0) !== 0) {
    throw new UsageError(`${file} is no IDX file: it does not begin with an IDX header.`);
  }
  if (bytes[2] !== 8 || bytes[3] !== rank) {
    throw new UsageError(
      `${file} has the IDX type 0x${view.getUint16(2).toString(16).padStart(4, '0')}, but 0x080${rank} is needed: unsigned bytes in ${rank} dimension(s).`,
    );
  }
  const dimensions = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = dimensions.reduce((product, dimension) => product * dimension, 1);
  if (size === 0 || bytes.length - start !== size) {
    throw new UsageError(
      `${file} should hold ${dimensions.join('×')} = ${size} bytes after its header, but holds ${bytes.length - start}: it is damaged or empty.`,
    );
  }
  return { dimensions, data: bytes.subarray(start) };
}
