/** @file Reads the binary files of a dataset, gzip'd or not. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { messageOf, UsageError } from '../error.js';
import { readRegularFile } from '../regular-file.js';

/**
 * The bytes of a file; those of a file whose name ends in `.gz` are unpacked.
 *
 * @param most bytes that are unpacked
 * @throws {UsageError} where the file cannot be read or unpacked
 */
export async function readBinaryFile(path: string, most = MOST_UNPACKED_BYTES): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = plain(await readRegularFile(path));
  } catch (error) {
    throw new UsageError(`The file ${path} cannot be read (${messageOf(error)}).`);
  }
  if (!path.endsWith('.gz')) return bytes;
  try {
    return plain(await promisify(gunzip)(bytes, { maxOutputLength: most }));
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(path, most);
    throw new UsageError(`The file ${path} is no whole gzip file (${messageOf(error)}): fetch it again.`);
  }
}

/** More than any dataset of small images: the largest, EMNIST's by class, has 0.55 GB. A few kilobytes can unpack to any size. */
export const MOST_UNPACKED_BYTES = 2 ** 31 - 1;

/** That a file unpacks to more than is read. */
export const tooLarge = (path: string, most = MOST_UNPACKED_BYTES): UsageError =>
  new UsageError(
    `The file ${path} unpacks to more than ${Math.round(most / 2 ** 20)} MiB, the most that is read: divide it.`,
  );

/** The same bytes without the ways of a `Buffer`, whose `slice` and JSON differ from those of other arrays. */
const plain = ({ buffer, byteOffset, byteLength }: Buffer) => new Uint8Array(buffer, byteOffset, byteLength);

/** Names of the visible entries of a folder, in order. @throws {UsageError} where it cannot be read */
export async function listFolder(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    throw new UsageError(`The folder ${folder} cannot be read (${messageOf(error)}).`);
  }
}

/** The path of the file that is there under one of the names, plain or gzip'd; `null` if none is. */
export function findFile(folder: string, entries: readonly string[], names: readonly string[]): string | null {
  const found = names.flatMap((name) => [name, `${name}.gz`]).find((name) => entries.includes(name));
  return found === undefined ? null : join(folder, found);
}
