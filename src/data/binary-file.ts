/** @file Reads the binary files of a dataset, gzip'd or not. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { messageOf, UsageError } from '../error.js';

/**
 * The bytes of a file; those of a file whose name ends in `.gz` are unpacked.
 *
 * @throws {UsageError} where the file cannot be read or unpacked
 */
export async function readBinaryFile(path: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = plain(await readFile(path));
  } catch (error) {
    throw new UsageError(`The file ${path} cannot be read (${messageOf(error)}).`);
  }
  if (!path.endsWith('.gz')) return bytes;
  try {
    return plain(await promisify(gunzip)(bytes));
  } catch (error) {
    throw new UsageError(`The file ${path} is no whole gzip file (${messageOf(error)}): fetch it again.`);
  }
}

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
