/** @file Finds the image files of a folder of class folders, optionally below folders of splits. */
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../error.js';
import { isImageName, visibleEntries } from './folder-entries.js';
import { findSplits, isTrainName, listed, type SplitFolder } from './folder-splits.js';

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
  /** Who the splits belong to in a sentence, such as 'folders Training and Test'. */
  readonly holder: string;
  /** What was left out, a sentence each. */
  readonly notices: readonly string[];
}

/** What is not read, by the reason. */
interface LeftOut {
  /** Folders beside class folders or splits whose images are in no class folders. */
  readonly folders: string[];
  /** Files in class folders that are no images by their names. */
  readonly otherFiles: string[];
  /** Images beside class folders or splits. */
  readonly looseImages: string[];
}

/**
 * The image files of a folder, in order of class and path.
 *
 * @throws {UsageError} where the folder cannot be read, holds no class folders or one only, a class has no images, the
 * splits differ in their classes, the folders look like splits or groups and not like classes, or a rule of `findSplits`
 * is broken
 */
export async function scanFolder(folder: string): Promise<FolderScan> {
  const splits = await findSplits(folder);
  const leftOut: LeftOut = { folders: [...(splits?.leftOut ?? [])], otherFiles: [], looseImages: [] };
  if (splits !== null) noteLooseImages(folder, (await visibleEntries(folder)).files, leftOut);
  const trainFolder = splits?.train.path ?? folder;
  const classes = await classFolders(trainFolder, leftOut);
  const train = await readClasses(trainFolder, classes, leftOut);
  const names = splits === null ? [] : [splits.train.name];
  const read = async (split: SplitFolder | null | undefined) => {
    const files = split ? await readSplit(split.path, classes, trainFolder, leftOut) : null;
    if (split && files !== null) names.push(split.name);
    return files;
  };
  const [valid, test] = [await read(splits?.valid), await read(splits?.test)];
  const holder = names.length > 1 ? `folders ${listed(names)}` : 'folders';
  return { classes, train, valid, test, holder, notices: [...noticesOf(leftOut)] };
}

function* noticesOf({ folders, otherFiles, looseImages }: LeftOut): Generator<string> {
  for (const folder of folders) yield `Left out the folder ${folder}: it holds no class folders.`;
  if (looseImages.length > 0) {
    yield `Left out ${looseImages.length} image(s) that are in no class folder, such as ${looseImages[0]}.`;
  }
  if (otherFiles.length > 0) {
    yield `Left out ${otherFiles.length} file(s) that are not named as JPEG, PNG or WebP, such as ${otherFiles[0]}.`;
  }
}

function noteLooseImages(folder: string, files: readonly string[], { looseImages }: LeftOut): void {
  looseImages.push(...files.filter(isImageName).map((name) => join(folder, name)));
}

async function classFolders(folder: string, leftOut: LeftOut): Promise<readonly string[]> {
  const { folders, files } = await visibleEntries(folder);
  const [only, ...more] = folders;
  if (only === undefined) {
    const loose = files.filter(isImageName).length;
    const found = loose > 0 ? `${loose} images that are not in class folders` : 'no class folders';
    throw new UsageError(
      `The folder ${folder} holds ${found}: it must hold one folder a class, named as the class, with its JPEG, PNG or WebP files.`,
    );
  }
  if (more.length === 0) {
    const below = (await visibleEntries(join(folder, only))).folders;
    const hint = below.length > 1 ? ` If its folders are the classes, give ${join(folder, only)}.` : '';
    throw new UsageError(
      `The folder ${folder} holds only one class folder ('${only}'): a classifier needs images of at least two classes.${hint}`,
    );
  }
  checkSpelling(folder, folders);
  await checkNoGroups(folder, folders);
  noteLooseImages(folder, files, leftOut);
  return folders;
}

/** Whether names are the same but for capital letters. */
const alike = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function checkSpelling(folder: string, classes: readonly string[]): void {
  const lowered = classes.map((name) => name.toLowerCase());
  const twice = classes.filter(
    (_, index) => lowered.indexOf(lowered[index] ?? '') !== lowered.lastIndexOf(lowered[index] ?? ''),
  );
  if (twice.length === 0) return;
  throw new UsageError(
    `The folder ${folder} holds the classes ${shortlisted(twice)}, which differ by capital letters only: put the images of one class into one folder, or rename one.`,
  );
}

/**
 * Refuses what would be learnt as classes and looks like something else: folders that hold no images themselves but two or
 * more folders that are the same in each (splits under other names, folds, classes with splits below them), and a folder
 * that holds two or more of the classes beside it (a split beside the classes).
 */
async function checkNoGroups(folder: string, classes: readonly string[]): Promise<void> {
  const entries = await Promise.all(classes.map((name) => visibleEntries(join(folder, name))));
  for (const [index, { folders }] of entries.entries()) {
    const repeated = folders.filter((name) => classes.includes(name));
    if (repeated.length < 2) continue;
    throw new UsageError(
      `The folder ${join(folder, classes[index] ?? '')} holds ${shortlisted(repeated)}, as ${folder} does, so that it looks like a split beside classes: put the other folders into ${join(folder, 'train')}, or move it elsewhere.`,
    );
  }
  if (entries.some(({ files }) => files.some(isImageName))) return;
  const [first, ...others] = entries.map(({ folders }) => folders);
  const shared = (first ?? []).filter((name) => others.every((folders) => folders.some((each) => alike(each, name))));
  if (shared.length < 2) return;
  const what = `The folders ${shortlisted(classes)} of ${folder} hold no images themselves but the same folders in each, ${shortlisted(shared)}`;
  const train = shared.find(isTrainName);
  if (train !== undefined) {
    throw new UsageError(
      `${what}, which look like splits: put the splits above the classes, as in ${join(folder, train, classes[0] ?? '')}.`,
    );
  }
  throw new UsageError(
    `${what}: they look like splits or groups, and not like classes. Name splits train, valid and test; or give the folder whose folders are the classes, such as ${join(folder, classes[0] ?? '')}.`,
  );
}

const shortlisted = (names: readonly string[]): string =>
  names.length > 6 ? `${listed(names.slice(0, 5))} and ${names.length - 5} more` : listed(names);

/** The files of a split other than training, whose classes must be those of the training images; `null` where it has no classes. */
async function readSplit(
  folder: string,
  classes: readonly string[],
  trainFolder: string,
  leftOut: LeftOut,
): Promise<ImageFile[] | null> {
  const { folders, files } = await visibleEntries(folder);
  // As in competitions, whose test images come without classes.
  if (folders.length === 0 && files.some(isImageName)) {
    leftOut.folders.push(folder);
    return null;
  }
  const unknown = folders.find((name) => !classes.includes(name));
  if (unknown !== undefined) {
    const respelled = classes.find((name) => alike(name, unknown));
    if (respelled !== undefined) {
      throw new UsageError(
        `The folder ${folder} calls '${unknown}' what ${trainFolder} calls '${respelled}': spell the class alike in every split.`,
      );
    }
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
  noteLooseImages(folder, files, leftOut);
  return readClasses(folder, classes, leftOut);
}

async function readClasses(folder: string, classes: readonly string[], leftOut: LeftOut): Promise<ImageFile[]> {
  const files: ImageFile[] = [];
  const paths = classes.map((name) => join(folder, name));
  const seen = new Set(await Promise.all([folder, ...paths].map((path) => realpath(path))));
  for (const [label, path] of paths.entries()) {
    const others: string[] = [];
    const inClass = await readClass(path, label, others, seen);
    if (inClass.length === 0) {
      const found = others.length > 0 ? ` (but ${others.length} of other kinds, such as ${others[0]})` : '';
      throw new UsageError(
        `The class folder ${path} holds no JPEG, PNG or WebP files${found}: add images or remove the folder.`,
      );
    }
    for (const file of inClass) files.push(file);
    for (const other of others) leftOut.otherFiles.push(other);
  }
  return files;
}

/**
 * The image files in a folder and the folders below it; `others` gets the rest. A link to a folder that was seen is not
 * followed: it would lead in circles, or bring images of one class into another, and the same images into training and test.
 */
async function readClass(folder: string, label: number, others: string[], seen: Set<string>): Promise<ImageFile[]> {
  const { files, folders } = await visibleEntries(folder);
  const images: ImageFile[] = [];
  for (const name of files) {
    const path = join(folder, name);
    if (isImageName(name)) {
      const { size, mtimeMs } = await stat(path);
      images.push({ path, label, size, mtimeMs });
    } else {
      others.push(path);
    }
  }
  for (const name of folders) {
    const path = join(folder, name);
    const place = await realpath(path);
    if (seen.has(place)) continue;
    seen.add(place);
    for (const file of await readClass(path, label, others, seen)) images.push(file);
  }
  return images;
}
