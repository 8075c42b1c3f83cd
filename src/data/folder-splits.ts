/** @file Tells the splits of a folder of images from its classes, by the names that people give to splits. */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../error.js';
import { isImageName, visibleEntries } from './folder-entries.js';

type Split = 'train' | 'valid' | 'test';

export interface SplitFolder {
  /** As the split is called, such as `seg_train`. */
  readonly name: string;
  /** The folder that holds its classes, which may lie deeper. */
  readonly path: string;
}

export interface SplitFolders {
  readonly train: SplitFolder;
  readonly valid: SplitFolder | null;
  readonly test: SplitFolder | null;
  /** Folders beside them that are no splits, and hold no classes either. */
  readonly leftOut: readonly string[];
}

const splitWords: readonly (readonly [Split, RegExp])[] = [
  ['train', /^(train|training|trn)(set|data|images?)?$/],
  ['valid', /^(val|valid|validation|validate|validating|dev|development|eval|evaluation)(set|data|images?)?$/],
  ['test', /^(test|testing|tst)(set|data|images?)?$/],
];
const splitPurpose: { readonly [split in Split]: string } = { train: 'training', valid: 'validation', test: 'test' };
/** Words that say nothing beside a split's: `train_set`, `01_train`, `train-images`. */
const fillers = /^(set|data|dataset|images?|imgs?|pics?|pictures?|photos?|split|samples?|folder|dir|\d+)$/;

interface SplitName {
  readonly name: string;
  readonly split: Split;
  /** What is left of the name without split and fillers, such as `seg` of `seg_train`: splits that belong together share it. */
  readonly series: string;
}

/** What split a name says, if it says one: `TRAIN`, `training_set`, `testset`, `Validation`, `eval`, `seg_train`. */
function readSplitName(name: string): SplitName | null {
  const words = name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const found = words.flatMap((word) => splitWords.filter(([, pattern]) => pattern.test(word)).map(([split]) => split));
  const [split, ...more] = found;
  if (split === undefined || more.length > 0) return null;
  const rest = words.filter((word) => !fillers.test(word) && !splitWords.some(([, pattern]) => pattern.test(word)));
  return { name, split, series: rest.join(' ') };
}

/** Whether a name is that of a training split, as far as names can tell. */
export const isTrainName = (name: string): boolean => readSplitName(name)?.split === 'train';

const knownNames = 'train, valid and test are known, with the common variants such as Training, val, eval or test_set';

/**
 * The splits in a folder; `null` where its folders are classes.
 *
 * @throws {UsageError} where validation or test images come without training images, a split is there twice, or another
 * folder with classes lies beside the splits
 */
export async function findSplits(folder: string): Promise<SplitFolders | null> {
  const { folders } = await visibleEntries(folder);
  const splits = splitsAmong(folder, folders);
  // A lone folder of trains is a class: what is a split holds class folders.
  if (splits.length === 1 && folders.length > 1 && (await holdsImages(join(folder, splits[0]?.name ?? ''))))
    return null;
  const place = async (wanted: Split): Promise<SplitFolder | null> => {
    const found = splits.find(({ split }) => split === wanted);
    return found ? { name: found.name, path: await innermost(join(folder, found.name), found.name) } : null;
  };
  const train = await place('train');
  if (train === null) return null;
  const leftOut = await othersLeftOut(folder, folders, splits);
  return { train, valid: await place('valid'), test: await place('test'), leftOut };
}

/** The training folder with the validation and test folders of its series; none where there is no training folder. */
function splitsAmong(folder: string, folders: readonly string[]): SplitName[] {
  const named = folders.map(readSplitName).filter((name) => name !== null);
  const training = named.find(({ split }) => split === 'train');
  if (training === undefined) {
    if (named.length < folders.length || new Set(named.map(({ split }) => split)).size < 2) return [];
    throw new UsageError(
      `The folder ${folder} holds ${listed(folders)}, but no training images: add a folder train with one folder a class.`,
    );
  }
  const splits = named.filter(({ split, series }) => split === 'train' || series === training.series);
  const twice = splits.find((one, index) => splits.findIndex(({ split }) => split === one.split) < index);
  if (twice === undefined) return splits;
  const rivals = splits.filter(({ split }) => split === twice.split).map(({ name }) => name);
  throw new UsageError(
    `The folder ${folder} holds ${rivals.length} folders of ${splitPurpose[twice.split]} images, ${listed(rivals)}: keep one, or name the others after another split (${knownNames}).`,
  );
}

/** The folders beside the splits, none of which may hold classes; beside a lone split there may be none at all. */
async function othersLeftOut(
  folder: string,
  folders: readonly string[],
  splits: readonly SplitName[],
): Promise<string[]> {
  const names = splits.map(({ name }) => name);
  const others = folders.filter((name) => !names.includes(name));
  for (const name of others) {
    if (splits.length > 1 && !(await holdsImagesDeeper(await innermost(join(folder, name), name)))) continue;
    throw new UsageError(
      `The folder ${folder} holds ${listed(names)}, ${splits.length > 1 ? 'which are splits' : 'which looks like a split'}, beside '${name}', which is none: ` +
        `move it elsewhere, or name it after the split that it is (${knownNames}). If all of them are classes, rename ${listed(names)}.`,
    );
  }
  return others.map((name) => join(folder, name));
}

/** Follows folders that hold nothing but a folder of their own name, as in `seg_train/seg_train/`. */
async function innermost(folder: string, name: string): Promise<string> {
  const { files, folders } = await visibleEntries(folder);
  const [only, ...more] = folders;
  const nested = only?.toLowerCase() === name.toLowerCase() && more.length === 0 && !files.some(isImageName);
  return nested ? innermost(join(folder, only), name) : folder;
}

const holdsImages = async (folder: string): Promise<boolean> => (await visibleEntries(folder)).files.some(isImageName);

/** Whether images lie in folders of this folder, as those of classes do. */
async function holdsImagesDeeper(folder: string, seen = new Set<string>()): Promise<boolean> {
  seen.add(await realpath(folder));
  for (const name of (await visibleEntries(folder)).folders) {
    const below = join(folder, name);
    if (seen.has(await realpath(below))) continue;
    if ((await holdsImages(below)) || (await holdsImagesDeeper(below, seen))) return true;
  }
  return false;
}

/** Names as a sentence has them: 'a', 'b' and 'c'. */
export function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}
