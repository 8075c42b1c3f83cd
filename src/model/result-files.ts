/** @file The folder of a result: which files lie in it, and that nothing of somebody else is overwritten. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { messageOf, UsageError, WorkError } from '../error.js';
import { makeFolder } from '../folder.js';
import { isStalePartial, writeNewWhole, writeWhole } from '../whole-file.js';

/** Names of the files that a result consists of. */
export const resultFiles = {
  onnx: 'model.onnx',
  card: 'model-card.json',
  cardText: 'model-card.md',
  report: 'report.html',
  network: 'network.json',
  weights: 'weights.safetensors',
  config: 'search.yaml',
} as const;

/** Paths of result files; `null` for one that was not made. */
export interface ResultPaths {
  readonly onnx: string | null;
  readonly card: string | null;
  readonly report: string | null;
}

/**
 * Makes the folder for a new result and returns its absolute path.
 *
 * @param wanted as the user gave it, or `undefined`: then it is `runs/NAME`, or the first free `runs/NAME-2`, …
 * @throws {UsageError} where the folder cannot be written, or holds a result already
 */
export function claimFolder(wanted: string | undefined, name: string): string {
  if (wanted === undefined) return claimFree(resolve('runs', name));
  const folder = resolve(wanted);
  const present = isFolder(folder) ? Object.values(resultFiles).filter((file) => existsSync(join(folder, file))) : [];
  if (present.length > 0) throw occupied(folder, present);
  makeWritable(folder);
  return folder;
}

/**
 * Writes the first file of a new result. Of two processes that claim one folder at once, only one gets it.
 *
 * @throws {UsageError} where the file is there already
 * @throws {WorkError} where it cannot be written
 */
export function writeFirstFile(folder: string, file: string, content: string): void {
  const path = join(folder, file);
  try {
    writeNewWhole(path, content);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw occupied(folder, [file]);
    throw unwritten(path, error);
  }
}

/**
 * Makes a folder that a study claimed before; its own files may lie in it. What killed processes left of files goes.
 *
 * @throws {UsageError} where it cannot be written
 */
export function makeWritable(folder: string): void {
  if (existsSync(folder) && !isFolder(folder)) {
    throw new UsageError(`The output ${folder} is a file, not a folder: name another one with --out.`);
  }
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
    for (const name of readdirSync(folder)) if (isStaleResult(name)) rmSync(join(folder, name));
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** Two processes never claim the same folder: the one that makes it has it. */
function claimFree(wanted: string): string {
  makeWritable(dirname(wanted));
  for (let count = 1; ; count++) {
    const folder = count === 1 ? wanted : `${wanted}-${count}`;
    try {
      mkdirSync(folder);
      return folder;
    } catch (error) {
      if (!existsSync(folder)) throw unwritable(folder, error);
    }
  }
}

const occupied = (folder: string, present: readonly string[]): UsageError =>
  new UsageError(
    `The folder ${folder} holds a result already (${present.join(', ')}): name another one with --out, or remove it.`,
  );

const unwritable = (folder: string, error: unknown): UsageError =>
  new UsageError(
    `The output folder ${folder} cannot be written (${messageOf(error)}): make it writable, or name another one with --out.`,
  );

/** What a killed process left of a file of a result. */
const isStaleResult = (name: string): boolean =>
  isStalePartial(name) && Object.values(resultFiles).some((file) => name.startsWith(`${file}.`));

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** Writes a file of a result, whole or not at all. @throws {WorkError} where that fails, for example on a full disk */
export async function writeResultFile(file: string, content: Uint8Array | string): Promise<void> {
  try {
    await writeWhole(file, content);
  } catch (error) {
    throw unwritten(file, error);
  }
}

const unwritten = (file: string, error: unknown): WorkError =>
  new WorkError(`The file ${file} cannot be written (${messageOf(error)}): make room or make its folder writable.`);
