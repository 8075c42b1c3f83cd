/** @file Image shapes as text: `3x32x32`. */
import type { ImageShape } from '../nn/network.js';

/** What `parseImageShape` reads: the end of a sentence that begins with "it must be". */
export const allowedImageShape = 'CHANNELSxHEIGHTxWIDTH with whole numbers, such as 3x32x32, each side at most 4096';

/** Reads `CxHxW`; `undefined` where the text is no such shape. */
export function parseImageShape(text: string): ImageShape | undefined {
  const match = /^(\d{1,4})[x×](\d{1,4})[x×](\d{1,4})$/i.exec(text.trim());
  if (match === null) return undefined;
  const [channels = 0, height = 0, width = 0] = match.slice(1).map(Number);
  const fits = channels >= 1 && height >= 1 && width >= 1 && Math.max(channels, height, width) <= 4096;
  return fits ? { channels, height, width } : undefined;
}
