/** @file Decodes one JPEG, PNG or WebP file to a small square of bytes. */
import sharp from 'sharp';
import { firstLineOf } from '../error.js';
import { readRegularFile } from '../regular-file.js';
import { fileKind } from './file-kind.js';

/** How many colours an image has. */
export type Channels = 'grey' | 'colour';

export interface DecodedImage {
  readonly channels: Channels;
  /** C × size × size bytes, channel by channel; C is 1 for grey, 3 for colour. */
  readonly pixels: Uint8Array;
}

/**
 * As decoders in common use, this one goes on after a warning, such as an odd version in a header or bytes after the end
 * of the image. Cut and damaged images are errors.
 */
const failOn = 'error';

/** What decides the pixels beside the file: what was decoded otherwise is decoded anew. */
export const decoder = `libvips ${sharp.versions.vips}, ${failOn}`;

/**
 * Decodes, turns upright (EXIF), lays transparent parts on white, and resizes so that the shorter side fits, keeping the
 * centre, as image classifiers are commonly trained (Krizhevsky et al. 2012, §2). Colour spaces become sRGB, deep images
 * 8 bits.
 *
 * @param channels what the image becomes; `null`: what it is.
 * @throws {Error} where the file cannot be decoded, with what it really is as the message: a clause that follows
 *   "PATH is"
 */
export async function decodeImage(path: string, size: number, channels: Channels | null): Promise<DecodedImage> {
  const bytes = await readRegularFile(path).catch((error) => {
    throw new Error(`closed to readers (${firstLineOf(error)})`);
  });
  try {
    return await decode(bytes, size, channels);
  } catch (error) {
    throw new Error(whatItIs(bytes, error));
  }
}

const readable = ['a JPEG', 'a PNG', 'a WebP'];

function whatItIs(bytes: Uint8Array, error: unknown): string {
  const kind = fileKind(bytes);
  if (kind === null) return `no image that can be read (${firstLineOf(error)})`;
  if (readable.includes(kind)) return `${kind} that is cut or damaged (${firstLineOf(error)})`;
  return `${kind}, which cannot be read: JPEG, PNG and WebP can`;
}

async function decode(bytes: Uint8Array, size: number, channels: Channels | null): Promise<DecodedImage> {
  const image = sharp(bytes, { failOn });
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
