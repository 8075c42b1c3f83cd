/** @file Finds the image files of a folder of class folders, optionally below train/, valid/ and test/. */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UsageError } from '../error.js';

export interface ImageFile {
  readonly path: string;
  readonly label: number;
  /** Bytes. */
  readonly size: number;
  /** Time of the last change, in milliseconds. */
  readonly mtimeMs: number;
}

export interface FolderScan {
  /** Names of the class folders, sorted. */
  readonly classes: readonly string[];
  readonly train: readonly ImageFile[];
  readonly valid: readonly ImageFile[] | null;
  readonly test: readonly ImageFile[] | null;
  /** Files in class folders that are no images by their names. */
  readonly ignored: readonly string[];
}

const imageName = /\.(jpe?g|png|webp)$/i;
/** What file managers leave behind; hidden files are junk too. */
const junkName = /^(\.|__MACOSX$|thumbs\.db$|desktop\.ini$)/i;
const validNames = ['valid', 'val', 'validation'];
const splitNames = ['train', 'test', ...validNames];

/**
 * The image files of a folder, in order of class and path.
 *
 * @throws UsageError where the folder cannot be read, holds no class folders or one only, a class has no images, or the
 * splits differ in their classes.
 */
export async function scanFolder(folder: string): Promise<FolderScan> {
  const names = (await visibleEntries(folder)).folders;
  const split = names.includes('train') && names.every((name) => splitNames.includes(name));
  const ignored: string[] = [];
  const trainFolder = split ? join(folder, 'train') : folder;
  const classes = await classFolders(trainFolder);
  const read = async (name: string | undefined) =>
    name === undefined ? null : readSplit(join(folder, name), classes, trainFolder, ignored);
  return {
    classes,
    train: await readClasses(trainFolder, classes, ignored),
    valid: await read(split ? names.find((name) => validNames.includes(name)) : undefined),
    test: await read(split ? names.find((name) => name === 'test') : undefined),
    ignored,
  };
}

async function classFolders(folder: string): Promise<string[]> {
  const { folders, files } = await visibleEntries(folder);
  if (folders.length === 0) {
    const loose = files.filter((name) => imageName.test(name)).length;
    const found = loose > 0 ? `${loose} images that are not in class folders` : 'no class folders';
    throw new UsageError(
      `The folder ${folder} holds ${found}: it must hold one folder a class, named as the class, with its JPEG, PNG or WebP files.`,
    );
  }
  if (folders.length === 1) {
    throw new UsageError(
      `The folder ${folder} holds only one class folder ('${folders[0]}'): a classifier needs images of at least two classes.`,
    );
  }
  return folders;
}

/** The files of a split other than training, whose classes must be those of the training images. */
async function readSplit(
  folder: string,
  classes: readonly string[],
  trainFolder: string,
  ignored: string[],
): Promise<ImageFile[]> {
  const { folders } = await visibleEntries(folder);
  const unknown = folders.find((name) => !classes.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `The folder ${folder} holds the class '${unknown}', which ${trainFolder} does not have: its classes are ${classes.join(', ')}.`,
    );
  }
  const missing = classes.find((name) => !folders.includes(name));
  if (missing !== undefined) {
    throw new UsageError(
      `The folder ${folder} lacks the class '${missing}', which ${trainFolder} has: every split needs every class.`,
    );
  }
  return readClasses(folder, classes, ignored);
}

async function readClasses(folder: string, classes: readonly string[], ignored: string[]): Promise<ImageFile[]> {
  const files: ImageFile[] = [];
  const paths = classes.map((name) => join(folder, name));
  const seen = new Set(await Promise.all([folder, ...paths].map((path) => realpath(path))));
  for (const [label, name] of classes.entries()) {
    const inClass = await readClass(join(folder, name), label, ignored, seen);
    if (inClass.length === 0) {
      throw new UsageError(
        `The class folder ${join(folder, name)} holds no JPEG, PNG or WebP files: add images or remove the folder.`,
      );
    }
    for (const file of inClass) files.push(file);
  }
  return files;
}

/**
 * The image files in a folder and the folders below it. A link to a folder that was seen is not followed: it would lead
 * in circles, or bring images of one class into another, and the same images into training and test.
 */
async function readClass(folder: string, label: number, ignored: string[], seen: Set<string>): Promise<ImageFile[]> {
  const { files, folders } = await visibleEntries(folder);
  const images: ImageFile[] = [];
  for (const name of files) {
    const path = join(folder, name);
    if (imageName.test(name)) {
      const { size, mtimeMs } = await stat(path);
      images.push({ path, label, size, mtimeMs });
    } else {
      ignored.push(path);
    }
  }
  for (const name of folders) {
    const path = join(folder, name);
    const place = await realpath(path);
    if (seen.has(place)) continue;
    seen.add(place);
    for (const file of await readClass(path, label, ignored, seen)) images.push(file);
  }
  return images;
}

/** Names of the files and folders in a folder, sorted, without junk. Links are followed, those to nowhere are junk. */
async function visibleEntries(folder: string): Promise<{ files: string[]; folders: string[] }> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw new UsageError(`The folder ${folder} cannot be read (${messageOf(error)}).`);
  }
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of entries) {
    if (junkName.test(entry.name)) continue;
    const kind = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => null) : entry;
    if (kind?.isDirectory()) folders.push(entry.name);
    else if (kind?.isFile()) files.push(entry.name);
  }
  // By code units: the same order in every language and on every machine.
  return { files: files.sort(), folders: folders.sort() };
}
