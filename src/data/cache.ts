/** @file The cache of converted datasets: one checksummed binary file each, written whole or not at all. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { z } from 'zod';
import { messageOf, WorkError } from '../error.js';
import { makeFolder } from '../folder.js';
import { isStalePartial, writeWhole } from '../whole-file.js';
import type { Images } from './dataset.js';
import type { ImageSource } from './source.js';

/** The first bytes of every cache file; the number rises when the layout changes. */
const magic = Buffer.from('nasturtium images 1\n');
const digestBytes = 32;
/** Reads go in steps, as the operating system takes at most 2 GiB at once. */
const stepBytes = 2 ** 28;

const shapeSchema = z.strictObject({
  count: z.int().nonnegative(),
  channels: z.int().positive(),
  height: z.int().positive(),
  width: z.int().positive(),
});
const headerSchema = z.strictObject({
  name: z.string(),
  classes: z.array(z.string()),
  origin: z.string(),
  split: z.string(),
  mirrorInvariant: z.boolean(),
  notices: z.array(z.string()),
  testFraction: z.number(),
  train: shapeSchema,
  valid: shapeSchema.nullable(),
  test: shapeSchema.nullable(),
});

/** Where converted datasets lie: `chosen`, else the variable NASTURTIUM_CACHE, else the user's cache folder. */
export function cacheFolder(chosen?: string | undefined): string {
  return chosen ?? (process.env.NASTURTIUM_CACHE || envPaths('nasturtium', { suffix: '' }).cache);
}

/**
 * What the cache holds under `key`, or else what `make` returns, which is then kept. A damaged file is noticed by its
 * checksum and made anew. Processes that do this at once do not disturb each other: the last one to finish wins.
 *
 * @throws {WorkError} where the cache cannot be written, and whatever `make` throws
 */
export async function cached(folder: string, key: string, make: () => Promise<ImageSource>): Promise<ImageSource> {
  const file = join(folder, `${key}.images`);
  const kept = await readSource(file);
  if (kept !== 'missing' && kept !== 'damaged') return kept;
  await guarded(folder, () => makeReady(folder));
  const source = await make();
  await guarded(folder, () => writeSource(file, source));
  if (kept === 'missing') return source;
  return { ...source, notices: [...source.notices, `The cached copy ${file} was damaged and has been made anew.`] };
}

/** So that a cache that cannot be written is known before anything is downloaded. What killed processes left goes. */
async function makeReady(folder: string): Promise<void> {
  makeFolder(folder);
  await access(folder, constants.W_OK | constants.X_OK);
  for (const name of await readdir(folder)) if (isStalePartial(name)) await rm(join(folder, name), { force: true });
}

/** Runs what touches the cache folder, and says what to do where that fails. */
async function guarded<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new WorkError(
      `The converted dataset cannot be written to the cache folder ${folder} (${messageOf(error)}): make room or make it writable, ` +
        'or name another folder in the environment variable NASTURTIUM_CACHE.',
    );
  }
}

async function readSource(file: string): Promise<ImageSource | 'missing' | 'damaged'> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch {
    return 'missing';
  }
  try {
    const { size } = await handle.stat();
    if (size < magic.length + 4 + digestBytes) return 'damaged';
    const bytes = new Uint8Array(size);
    await readFully(handle, bytes);
    const body = bytes.subarray(0, size - digestBytes);
    if (digest([body]).compare(bytes, size - digestBytes) !== 0) return 'damaged';
    return decodeSource(body) ?? 'damaged';
  } finally {
    await handle.close();
  }
}

async function readFully(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(stepBytes, bytes.length - at), at);
    if (bytesRead === 0) return;
    at += bytesRead;
  }
}

async function writeSource(file: string, source: ImageSource): Promise<void> {
  const parts = encodeSource(source);
  await writeWhole(file, [...parts, digest(parts)]);
}

function digest(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) {
    for (let at = 0; at < part.length; at += stepBytes) hash.update(part.subarray(at, at + stepBytes));
  }
  return hash.digest();
}

const bytesOf = (labels: Uint16Array) => new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength);

function encodeSource(source: ImageSource): Uint8Array[] {
  const shape = ({ count, channels, height, width }: Images) => ({ count, channels, height, width });
  const { valid, test } = source;
  const header: z.infer<typeof headerSchema> = {
    name: source.name,
    classes: [...source.classes],
    origin: source.origin,
    split: source.split,
    mirrorInvariant: source.mirrorInvariant,
    notices: [...source.notices],
    testFraction: source.testFraction,
    train: shape(source.train),
    valid: valid && shape(valid),
    test: test && shape(test),
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const splits = [source.train, valid, test].filter((images) => images !== null);
  return [magic, length, text, ...splits.flatMap((images) => [images.pixels, bytesOf(images.labels)])];
}

/** `null` for a file of another layout. */
function decodeSource(bytes: Uint8Array): ImageSource | null {
  if (magic.compare(bytes, 0, magic.length) !== 0) return null;
  const headerStart = magic.length + 4;
  const headerEnd = headerStart + new DataView(bytes.buffer).getUint32(magic.length, true);
  const header = parseHeader(Buffer.from(bytes.subarray(headerStart, headerEnd)).toString());
  if (header === null) return null;
  let at = headerEnd;
  const take = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const images = (shape: z.infer<typeof shapeSchema>): Images => {
    const pixels = take(shape.count * shape.channels * shape.height * shape.width);
    const labels = new Uint16Array(shape.count);
    bytesOf(labels).set(take(2 * shape.count));
    return { ...shape, pixels, labels };
  };
  const train = images(header.train);
  const valid = header.valid && images(header.valid);
  const test = header.test && images(header.test);
  return at === bytes.length ? { ...header, train, valid, test } : null;
}

function parseHeader(text: string): z.infer<typeof headerSchema> | null {
  try {
    return headerSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
