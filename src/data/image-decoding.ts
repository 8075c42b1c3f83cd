/** @file Decodes one JPEG, PNG or WebP file to a small square of bytes. */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';

/** How many colours an image has. */
export type Channels = 'grey' | 'colour';

export interface DecodedImage {
  readonly channels: Channels;
  /** C × size × size bytes, channel by channel; C is 1 for grey, 3 for colour. */
  readonly pixels: Uint8Array;
}

/**
 * Decodes, turns upright (EXIF), lays transparent parts on white, and resizes so that the shorter side fits, keeping the
 * centre, as image classifiers are commonly trained (Krizhevsky et al. 2012, §2). Colour spaces become sRGB, deep images
 * 8 bits.
 *
 * @param channels what the image becomes; `null`: what it is.
 * @throws whatever is wrong with the file.
 */
export async function decodeImage(path: string, size: number, channels: Channels | null): Promise<DecodedImage> {
  const image = sharp(await readFile(path));
  const { space } = await image.metadata();
  const kept = channels ?? (space === 'b-w' || space === 'grey16' ? 'grey' : 'colour');
  const { data, info } = await image
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .resize(size, size, { fit: 'cover' })
    .toColourspace(kept === 'grey' ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { channels: kept, pixels: channelsFirst(data, size * size, info.channels, kept === 'grey' ? 1 : 3) };
}

/** The first `wanted` of interleaved channels, one after another; a single channel stands for all that are wanted. */
function channelsFirst(data: Uint8Array, plane: number, channels: number, wanted: number): Uint8Array {
  const pixels = new Uint8Array(wanted * plane);
  for (let channel = 0; channel < wanted; channel++) {
    const from = Math.min(channel, channels - 1);
    for (let at = 0; at < plane; at++) pixels[channel * plane + at] = data[at * channels + from] ?? 0;
  }
  return pixels;
}
