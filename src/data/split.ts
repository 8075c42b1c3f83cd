/** @file Stratified splits and subsets: every class keeps its share, and the seed alone decides which images. */
import { UsageError } from '../error.js';
import { Random } from '../random.js';
import type { Dataset, Images } from './dataset.js';
import { checkSource, classCounts, type ImageSource } from './source.js';

/**
 * The part of the training images that validates where the source has no validation split: 10 %, as in the searches of
 * Zoph et al. 2018 and Real et al. 2019, who hold out 5,000 of the 50,000 training images of CIFAR-10.
 */
export const defaultValidFraction = 0.1;

/**
 * The seed of every test split that is made here. It never follows the user's seed: a model that was searched for with
 * one seed and tested with another would otherwise be tested on images that it was trained on.
 */
const testSplitSeed = 0;

/** The images at `indices`, in that order, as a copy. */
function selectImages(images: Images, indices: ArrayLike<number>): Images {
  const size = images.channels * images.height * images.width;
  const pixels = new Uint8Array(indices.length * size);
  const labels = new Uint16Array(indices.length);
  for (let position = 0; position < indices.length; position++) {
    const index = indices[position] ?? 0;
    pixels.set(images.pixels.subarray(index * size, (index + 1) * size), position * size);
    labels[position] = images.labels[index] ?? 0;
  }
  return { ...images, count: indices.length, pixels, labels };
}

/** The places of each label among `indices`, shuffled; label by label in ascending order. */
function shuffledByClass(labels: Uint16Array, indices: Iterable<number>, random: Random): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (const index of indices) {
    const label = labels[index] ?? 0;
    const list = places.get(label);
    if (list === undefined) places.set(label, [index]);
    else list.push(index);
  }
  const ascending = [...places].sort(([a], [b]) => a - b);
  return new Map(ascending.map(([label, list]) => [label, random.stream('class', label).shuffle(list)]));
}

/** Draws `fraction` of each class (at least one image, never all), and returns both parts in ascending order. */
function drawFromClasses(labels: Uint16Array, indices: Iterable<number>, fraction: number, random: Random) {
  const drawn: number[] = [];
  const rest: number[] = [];
  for (const list of shuffledByClass(labels, indices, random).values()) {
    const count = Math.min(Math.max(Math.round(list.length * fraction), 1), list.length - 1);
    drawn.push(...list.slice(0, count));
    rest.push(...list.slice(count));
  }
  return { drawn: drawn.sort((a, b) => a - b), rest: rest.sort((a, b) => a - b) };
}

const percent = (fraction: number): string => `${Math.round(fraction * 1000) / 10} %`;

/** What part of every class the test images are: numbers where they are the same for all, else a percentage. */
function shareOfClasses({ train, classes, testFraction }: ImageSource, test: Images): string {
  const [[whole, ...others], [drawn = 0]] = [classCounts(train, classes.length), classCounts(test, classes.length)];
  if (whole === undefined || others.some((count) => count !== whole)) return percent(testFraction);
  return `${drawn.toLocaleString('en-US')} of the ${whole.toLocaleString('en-US')} images`;
}

/**
 * Makes a dataset of a source: takes the splits that it lacks from its training images.
 *
 * @throws {UsageError} where the source breaks a rule of `checkSource`, or `validFraction` is not between 0 and 1
 */
export function completeSplits(
  source: ImageSource,
  {
    seed = 0,
    validFraction = defaultValidFraction,
  }: { seed?: number | undefined; validFraction?: number | undefined } = {},
): Dataset {
  if (!(validFraction > 0 && validFraction < 1)) {
    throw new UsageError(`The validation fraction is ${validFraction}, but must lie between 0 and 1, such as 0.1.`);
  }
  checkSource(source);
  const { labels } = source.train;
  const clauses = [source.split];
  let { valid, test } = source;
  let remaining: number[] | null = null;
  if (test === null) {
    const split = drawFromClasses(labels, labels.keys(), source.testFraction, new Random(testSplitSeed).stream('test'));
    test = selectImages(source.train, split.drawn);
    remaining = split.rest;
    clauses.push(`the test images are a fixed stratified ${shareOfClasses(source, test)} of every class`);
  }
  if (valid === null) {
    const split = drawFromClasses(labels, remaining ?? labels.keys(), validFraction, new Random(seed).stream('valid'));
    valid = selectImages(source.train, split.drawn);
    remaining = split.rest;
    clauses.push(
      `the validation images are a stratified ${percent(validFraction)} of the training images, seed ${seed}`,
    );
  }
  const train = remaining === null ? source.train : selectImages(source.train, remaining);
  const counts = [train, valid, test].map((images) => images.count.toLocaleString('en-US'));
  return {
    name: source.name,
    classes: source.classes,
    origin: source.origin,
    split: `${clauses.join('; ')} (${counts[0]} train, ${counts[1]} valid, ${counts[2]} test).`,
    mirrorInvariant: source.mirrorInvariant,
    notices: source.notices,
    train,
    valid,
    test,
  };
}

/**
 * A stratified part of the images, in their order. With one seed a larger subset holds every smaller one of which it
 * takes at least as many images of each class, so that a growing budget keeps what it has seen.
 *
 * @param countOrFraction up to 1: the fraction of the images; above 1: their number.
 * @throws {UsageError} where the number is not positive, above the number of images, or below that of classes
 */
export function subset(images: Images, countOrFraction: number, seed: number): Images {
  const count = countOrFraction <= 1 ? Math.round(images.count * countOrFraction) : Math.round(countOrFraction);
  if (!(countOrFraction > 0) || count > images.count) {
    throw new UsageError(
      `A subset of ${countOrFraction} cannot be taken of ${images.count} images: give a fraction up to 1, or a number of at most ${images.count}.`,
    );
  }
  if (count === images.count) return images;
  const classes = [...shuffledByClass(images.labels, images.labels.keys(), new Random(seed).stream('subset')).values()];
  if (count < classes.length) {
    throw new UsageError(
      `A subset of ${count} of ${images.count} images is too small for their ${classes.length} classes: take at least ${classes.length} images.`,
    );
  }
  const shares = apportion(
    classes.map((list) => list.length),
    count,
  );
  return selectImages(
    images,
    classes.flatMap((list, at) => list.slice(0, shares[at])).sort((a, b) => a - b),
  );
}

/** Shares of `total` in proportion to `sizes`, at least one each and exactly `total` in sum (largest remainders). */
function apportion(sizes: readonly number[], total: number): number[] {
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  const exact = sizes.map((size) => (size * total) / whole);
  const shares = exact.map((share) => Math.max(1, Math.floor(share)));
  const surplus = (at: number) => (exact[at] ?? 0) - (shares[at] ?? 0);
  for (let sum = shares.reduce((a, b) => a + b, 0); sum !== total; ) {
    const step = sum < total ? 1 : -1;
    const candidates = shares.flatMap((share, at) => (step > 0 || share > 1 ? [at] : []));
    const chosen = candidates.reduce((best, at) => (step * surplus(at) > step * surplus(best) ? at : best));
    shares[chosen] = (shares[chosen] ?? 0) + step;
    sum += step;
  }
  return shares;
}
