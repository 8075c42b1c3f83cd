/** @file Reads a folder of class folders of images, once: the decoded images are kept in the cache. */
import { createHash } from 'node:crypto';
import { relative, resolve } from 'node:path';
import { firstLineOf, UsageError } from '../error.js';
import { cached } from './cache.js';
import type { Images } from './dataset.js';
import { type Channels, decodeImage, decoder } from './image-decoding.js';
import { type FolderScan, type ImageFile, scanFolder } from './image-files.js';
import { defaultTestFraction, type ImageSource, type LoadProgress, ownSplits } from './source.js';

/** Side in pixels to which folder images are resized: that of CIFAR-10, which small networks are made for. */
export const defaultImageSize = 32;

/** Part of the images that may be broken before loading stops. */
const tolerableBrokenFraction = 0.01;

/** How many files are read and decoded at once; sharp decodes in a pool of four threads. */
const concurrency = 8;

export interface FolderOptions {
  /** Side in pixels of the square that every image becomes. */
  readonly imageSize: number;
  /** Turns all images into grey or colour ones; without it they must be alike. */
  readonly channels?: Channels | undefined;
  readonly cacheFolder: string;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/**
 * Images that have one channel only if all of them are grey. They are decoded once and then come from the cache, until a
 * path, a size, a time of change or an option differs.
 *
 * @throws {UsageError} where `scanFolder` does, more than 1 % of the images are broken, or grey is mixed with colour
 */
export async function readImageFolder(folder: string, options: FolderOptions): Promise<ImageSource> {
  const { imageSize, cacheFolder } = options;
  if (!Number.isInteger(imageSize) || imageSize < 1 || imageSize > 1024) {
    throw new UsageError(`The image size is ${imageSize}, but must be a whole number from 1 to 1024 pixels.`);
  }
  const scan = await scanFolder(folder);
  const key = `folder-${fingerprint(folder, scan, options)}`;
  const source = await cached(cacheFolder, key, () => decodeFolder(folder, scan, options));
  // What was left out is no part of what is kept, and may have changed since.
  return { ...source, notices: [...scan.notices, ...source.notices] };
}

function fingerprint(folder: string, scan: FolderScan, { imageSize, channels }: FolderOptions): string {
  const files = (list: readonly ImageFile[] | null) =>
    list?.map(({ path, size, mtimeMs }) => [relative(folder, path), size, mtimeMs]) ?? null;
  const splits = [files(scan.train), files(scan.valid), files(scan.test)];
  const all = [resolve(folder), imageSize, channels ?? null, scan.holder, ...splits, decoder];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 32);
}

async function decodeFolder(folder: string, scan: FolderScan, options: FolderOptions): Promise<ImageSource> {
  const folderDecoder = new FolderDecoder(folder, scan, options);
  const train = await folderDecoder.decode(scan.train);
  const valid = scan.valid && (await folderDecoder.decode(scan.valid));
  const test = scan.test && (await folderDecoder.decode(scan.test));
  return {
    name: folder,
    classes: scan.classes,
    origin: `Images in ${folder}, resized to ${options.imageSize}×${options.imageSize} pixels.`,
    split: ownSplits(scan.holder, valid, test),
    // Grey images are often of letters or the like; photographs keep their class in the mirror.
    mirrorInvariant: train.channels === 3,
    notices: folderDecoder.brokenNotices(),
    testFraction: defaultTestFraction,
    train,
    valid,
    test,
  };
}

/** Decodes the splits of one folder and keeps account of what is wrong with them. */
class FolderDecoder {
  readonly #folder: string;
  readonly #options: FolderOptions;
  readonly #total: number;
  readonly #broken: { path: string; reason: string }[] = [];
  /** The first file seen of each kind. */
  readonly #examples = new Map<Channels, string>();
  #done = 0;

  constructor(folder: string, scan: FolderScan, options: FolderOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#total = scan.train.length + (scan.valid?.length ?? 0) + (scan.test?.length ?? 0);
  }

  /** The images of a split without the broken ones, in the order of the files. */
  async decode(files: readonly ImageFile[]): Promise<Images> {
    const decoded = new Array<Uint8Array | null>(files.length).fill(null);
    const queue = files.entries();
    const work = async () => {
      // All workers draw from one iterator.
      for (const [index, file] of queue) decoded[index] = await this.#decodeAndCheck(file);
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    return this.#join(files, decoded);
  }

  brokenNotices(): string[] {
    return this.#sortedBroken().map(({ path, reason }) => `Skipped ${path}: it is ${reason}.`);
  }

  /** Throws again in every worker, so that all of them stop. */
  async #decodeAndCheck(file: ImageFile): Promise<Uint8Array | null> {
    const pixels = await this.#decodeFile(file);
    this.#checkMixed();
    this.#checkBroken();
    this.#done++;
    this.#options.onProgress?.({ step: 'decode', done: this.#done, total: this.#total });
    return pixels;
  }

  async #decodeFile({ path }: ImageFile): Promise<Uint8Array | null> {
    try {
      const { channels, pixels } = await decodeImage(path, this.#options.imageSize, this.#options.channels ?? null);
      if (!this.#examples.has(channels)) this.#examples.set(channels, path);
      return pixels;
    } catch (error) {
      this.#broken.push({ path, reason: firstLineOf(error) });
      return null;
    }
  }

  #checkMixed(): void {
    const grey = this.#examples.get('grey');
    const colour = this.#examples.get('colour');
    if (grey === undefined || colour === undefined) return;
    throw new UsageError(
      `The images in ${this.#folder} mix channel counts: ${grey} is grey (1 channel), ${colour} is in colour (3 channels). ` +
        'Convert them to one kind; in TypeScript, `loadDataset` does it with its option `channels`.',
    );
  }

  #checkBroken(): void {
    if (this.#broken.length <= tolerableBrokenFraction * this.#total) return;
    const first = this.#sortedBroken().slice(0, 3);
    throw new UsageError(
      `More than 1 % of the ${this.#total} images in ${this.#folder} cannot be read. ` +
        `${first.map(({ path, reason }) => `${path} is ${reason}`).join('; ')}. Mend, convert or remove such files.`,
    );
  }

  #sortedBroken() {
    return this.#broken.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  #join(files: readonly ImageFile[], decoded: readonly (Uint8Array | null)[]): Images {
    const side = this.#options.imageSize;
    const kept = decoded.flatMap((pixels, index) =>
      pixels === null ? [] : [{ pixels, label: files[index]?.label ?? 0 }],
    );
    const channels = this.#examples.has('grey') ? 1 : 3;
    const pixels = new Uint8Array(kept.length * channels * side * side);
    for (const [index, image] of kept.entries()) pixels.set(image.pixels, index * channels * side * side);
    const labels = Uint16Array.from(kept, ({ label }) => label);
    return { count: kept.length, channels, height: side, width: side, pixels, labels };
  }
}
