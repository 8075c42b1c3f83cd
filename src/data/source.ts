/** @file Images as their source has them, before missing splits are made, and what must hold of them. */
import { UsageError } from '../error.js';
import type { Images } from './dataset.js';

/** What a reader of one format returns. */
export interface ImageSource {
  readonly name: string;
  /** Names of the classes; a label is an index into them. */
  readonly classes: readonly string[];
  /** Where the images come from, in one sentence. */
  readonly origin: string;
  /** How the source's own splits came about: a clause that begins the sentence `Dataset.split`. */
  readonly split: string;
  readonly mirrorInvariant: boolean;
  readonly notices: readonly string[];
  readonly train: Images;
  /** `null` where the source has none; it is then taken from `train`. */
  readonly valid: Images | null;
  readonly test: Images | null;
  /** The part of each class that becomes test images where `test` is `null`. */
  readonly testFraction: number;
}

/** Test images where the source has none: 15 % of each class, the test share of the customary 70/15/15 split. */
export const defaultTestFraction = 0.15;

/** How fast and how far a dataset is loaded. */
export interface LoadProgress {
  readonly step: 'download' | 'convert' | 'decode';
  /** Bytes of a download, classes converted, or images decoded. */
  readonly done: number;
  readonly total: number;
}

/**
 * Checks everything that training takes for granted.
 *
 * @throws {UsageError} where there are fewer than two classes, a class has no images in a split or too few to split,
 *   labels are outside the classes, or splits differ in their shapes
 */
export function checkSource(source: ImageSource): void {
  const { name, classes, train } = source;
  if (classes.length < 2) {
    throw new UsageError(
      `${name} has only one class${classes[0] === undefined ? '' : ` ('${classes[0]}')`}: a classifier needs images of at least two.`,
    );
  }
  const splits = { training: train, validation: source.valid, test: source.test };
  for (const [split, images] of Object.entries(splits)) if (images !== null) checkSplit(source, split, images);
  const needed = 1 + Number(source.valid === null) + Number(source.test === null);
  for (const [label, count] of classCounts(train, classes.length).entries()) {
    if (count >= needed) continue;
    throw new UsageError(
      `Class '${classes[label]}' of ${name} has ${count} training image(s), but at least ${needed} are needed, as ` +
        `${source.valid === null && source.test === null ? 'validation and test images are' : 'a split is'} taken from them: add images or remove the class.`,
    );
  }
}

function checkSplit(source: ImageSource, split: string, images: Images): void {
  const { name, classes, train } = source;
  const shape = `${images.channels}×${images.height}×${images.width}`;
  const expected = `${train.channels}×${train.height}×${train.width}`;
  if (shape !== expected) {
    throw new UsageError(
      `The ${split} images of ${name} are ${shape} (channels × height × width), but its training images are ${expected}: all splits must have one shape.`,
    );
  }
  const wrong = images.labels.findIndex((label) => label >= classes.length);
  if (wrong >= 0) {
    throw new UsageError(
      `Label ${images.labels[wrong]} of ${split} image ${wrong} of ${name} is outside 0 to ${classes.length - 1}, the labels of its ${classes.length} classes.`,
    );
  }
  const empty = classCounts(images, classes.length).indexOf(0);
  if (empty >= 0) {
    throw new UsageError(
      `Class '${classes[empty]}' of ${name} has no ${split} images: add some, or remove the class from every split.`,
    );
  }
}

/** The number of images of each class. */
export function classCounts(images: Pick<Images, 'labels'>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of images.labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** Class names for labels that come without names: as many as the largest training label says. */
export function numberedClasses(labels: Uint16Array): string[] {
  const largest = labels.reduce((most, label) => Math.max(most, label), -1);
  return Array.from({ length: largest + 1 }, (_, label) => String(label));
}

/** How `ImageSource.split` begins for a source that may have splits of its own; `holder` is a plural such as 'IDX files'. */
export function ownSplits(holder: string, valid: Images | null, test: Images | null): string {
  const parts = [valid && 'validation', test && 'test'].filter((part) => part !== null);
  if (parts.length === 0) return `The ${holder} hold training images only`;
  return `Training${parts.length === 2 ? ', ' : ' and '}${parts.join(' and ')} images as the ${holder} have them`;
}
