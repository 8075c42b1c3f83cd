/** @file What networks are for, as the data say. */
import type { Dataset } from '../data/dataset.js';
import type { BuildTarget } from '../space/space.js';

/** The shape of the images and the number of classes. */
export function targetOf({ train, classes }: Dataset): BuildTarget {
  const { channels, height, width } = train;
  return { channels, height, width, classes: classes.length };
}
