/** @file Elastic resolution: the image of a network that takes it larger or smaller than the target has it. */
import type { ImageShape } from '../nn/feature.js';
import { type BuildTarget, targetImage } from './space.js';

/** The target's image with sides of `share` times their lengths, at least one pixel. */
export function scaledImage(share: number, target: BuildTarget): ImageShape {
  const { channels, height, width } = targetImage(target);
  const side = (full: number) => Math.max(1, Math.round(share * full));
  return { channels, height: side(height), width: side(width) };
}
