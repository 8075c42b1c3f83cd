/** @file Reads images and labels from a NumPy .npz archive. */
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { messageOf, UsageError } from '../error.js';
import { MOST_UNPACKED_BYTES, readBinaryFile, tooLarge } from './binary-file.js';
import type { Images } from './dataset.js';
import { integersOf, type NpyArray, parseNpy } from './npy.js';
import { defaultTestFraction, type ImageSource, numberedClasses, ownSplits } from './source.js';

/** The largest label that fits; far above any number of classes that makes sense. */
const largestLabel = 65_535;

/**
 * Reads `x_train`, `y_train`, and `x_test`, `y_test`, `x_valid`, `y_valid` if they are there. Images are uint8 of the
 * shape [N, H, W], [N, H, W, C] or [N, C, H, W] with C 1 or 3 (where both could be meant, channels come last, as in NumPy
 * and Keras); labels are integers from 0 on, [N] or [N, 1].
 *
 * @throws {UsageError} where an array is missing or of another type or shape, lengths are unequal or labels out of range
 */
export async function readNpz(file: string): Promise<ImageSource> {
  const arrays = await unpack(await readBinaryFile(file), file);
  const train = readSplit(arrays, file, 'train');
  if (train === null) {
    throw new UsageError(
      `${file} lacks the arrays x_train and y_train; it holds ${[...arrays.keys()].join(', ') || 'no arrays'}. Save it with numpy.savez(file, x_train=…, y_train=…, x_test=…, y_test=…).`,
    );
  }
  const valid = readSplit(arrays, file, 'valid');
  const test = readSplit(arrays, file, 'test');
  return {
    name: file,
    classes: numberedClasses(train.labels),
    origin: `The NumPy archive ${file}.`,
    split: ownSplits('arrays of the archive', valid, test),
    mirrorInvariant: false,
    notices: [],
    testFraction: defaultTestFraction,
    train,
    valid,
    test,
  };
}

/** The arrays by name; those that are not read are empty. */
async function unpack(bytes: Uint8Array, file: string): Promise<Map<string, Uint8Array>> {
  const arrays = new Map<string, Uint8Array>();
  let unpacked = 0;
  try {
    const archive = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    for await (const entry of archive.eachEntry()) {
      const wanted = WANTED.test(entry.fileName);
      unpacked += wanted ? entry.uncompressedSize : 0;
      if (unpacked > MOST_UNPACKED_BYTES) throw tooLarge(file);
      arrays.set(entry.fileName.replace(/\.npy$/, ''), wanted ? await contentOf(archive, entry) : new Uint8Array());
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} is no whole .npz archive (${messageOf(error)}): fetch or save it again.`);
  }
  return arrays;
}

const WANTED = /^[xy]_(train|valid|test)\.npy$/;

/** @throws {Error} where the archive is damaged: yauzl compares sizes, and the checksum is compared here */
async function contentOf(archive: ZipFile, entry: Entry): Promise<Uint8Array> {
  const bytes = await buffer(await archive.openReadStreamPromise(entry));
  if (crc32(bytes) !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is wrong`);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readSplit(arrays: Map<string, Uint8Array>, file: string, split: string): Images | null {
  const images = arrays.get(`x_${split}`);
  const labels = arrays.get(`y_${split}`);
  if (images === undefined && labels === undefined) return null;
  if (images === undefined || labels === undefined) {
    const [there, missing] = images === undefined ? ['y', 'x'] : ['x', 'y'];
    throw new UsageError(`${file} holds ${there}_${split} but lacks ${missing}_${split}: each needs the other.`);
  }
  const imageArray = `x_${split} of ${file}`;
  const labelArray = `y_${split} of ${file}`;
  const read = readImages(parseNpy(images, imageArray), imageArray);
  const values = readLabels(parseNpy(labels, labelArray), labelArray);
  if (values.length !== read.count) {
    throw new UsageError(
      `x_${split} of ${file} holds ${read.count} images, but y_${split} holds ${values.length} labels: there must be one label an image.`,
    );
  }
  return { ...read, labels: values };
}

function readImages({ dtype, shape, bytes }: NpyArray, where: string): Omit<Images, 'labels'> {
  if (dtype !== 'uint8') {
    throw new UsageError(
      `${where} has the type ${dtype}, but images must be uint8 from 0 to 255: convert it, such as with (255 * x).round().astype('uint8') if it lies between 0 and 1.`,
    );
  }
  const [count = 0, first = 0, second = 0, third = 0] = shape;
  const isChannels = (dimension: number) => dimension === 1 || dimension === 3;
  const sized = shape.every((dimension) => dimension > 0);
  if (shape.length === 3 && sized) return { count, channels: 1, height: first, width: second, pixels: bytes };
  if (shape.length === 4 && sized && isChannels(third)) {
    const pixels = third === 1 ? bytes : channelsFirst(bytes, count, first * second, third);
    return { count, channels: third, height: first, width: second, pixels };
  }
  if (shape.length === 4 && sized && isChannels(first)) {
    return { count, channels: first, height: second, width: third, pixels: bytes };
  }
  throw new UsageError(
    `${where} has the shape (${shape.join(', ')}), but must be (N, H, W), (N, H, W, C) or (N, C, H, W) with 1 or 3 channels and no dimension of 0.`,
  );
}

/** [N, H × W, C] as [N, C, H × W]. */
function channelsFirst(bytes: Uint8Array, count: number, plane: number, channels: number): Uint8Array {
  const pixels = new Uint8Array(bytes.length);
  for (let image = 0; image < count; image++) {
    const start = image * plane * channels;
    for (let channel = 0; channel < channels; channel++) {
      for (let at = 0; at < plane; at++) {
        pixels[start + channel * plane + at] = bytes[start + at * channels + channel] ?? 0;
      }
    }
  }
  return pixels;
}

function readLabels(array: NpyArray, where: string): Uint16Array {
  const { dtype, shape } = array;
  if (shape.length !== 1 && !(shape.length === 2 && shape[1] === 1)) {
    const hint = shape.length === 2 ? ' Turn one-hot rows into labels with y.argmax(axis=1).' : '';
    throw new UsageError(`${where} has the shape (${shape.join(', ')}), but must be (N) or (N, 1).${hint}`);
  }
  const values = integersOf(array);
  if (values === null) {
    throw new UsageError(
      `${where} has the type ${dtype}, but labels must be integers: convert it with astype('int64').`,
    );
  }
  const wrong = values.findIndex((value) => value < 0 || value > largestLabel);
  if (wrong >= 0) {
    throw new UsageError(
      `${where} has the label ${values[wrong]} at ${wrong}, but labels must be class numbers from 0 on.`,
    );
  }
  return Uint16Array.from(values);
}
