/** @file What cell networks begin with: the skeletons of CIFAR-10 and of ImageNet. */
import type { ImageShape } from '../../nn/feature.js';

/** `cifar` keeps the size of the image, `imagenet` takes an eighth of it. */
export type Stem = 'cifar' | 'imagenet';

/** Images of this side or smaller are not shrunk before the first cell. */
const LARGEST_SMALL_SIDE = 64;

/** The stem for images of this size. */
export const stemFor = ({ height, width }: ImageShape): Stem =>
  Math.max(height, width) > LARGEST_SMALL_SIDE ? 'imagenet' : 'cifar';
