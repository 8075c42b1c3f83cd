/** @file Which file holds the studies. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import envPaths from 'env-paths';
import { messageOf, UsageError } from '../error.js';
import { makeFolder } from '../folder.js';
import { StudyStore } from './store.js';

/**
 * The file of the store: `chosen`, else the variable NASTURTIUM_STORE, else `studies.db` in the user's data folder. One
 * place for all projects: `nas studies` and `nas resume` work in any folder, as the printed commands promise, and no
 * database comes to lie in a repository by accident. A project that wants its own sets the variable.
 */
export function storeFile(chosen?: string | undefined): string {
  return chosen ?? (process.env.NASTURTIUM_STORE || defaultFile());
}

const defaultFile = (): string => join(envPaths('nasturtium', { suffix: '' }).data, 'studies.db');

/** Opens the store for searching; makes the folder of the default file, but none that the user named. */
export function openStore(chosen?: string | undefined): StudyStore {
  const file = storeFile(chosen);
  if (file === defaultFile()) makeStoreFolder(dirname(file));
  return StudyStore.open(file);
}

/** Opens the store that holds `study` for going on with it. @throws {UsageError} where there is no store */
export function openStoreOf(chosen: string | undefined, study: string): StudyStore {
  // Looked at first: opening for writing would make a store where a name was misspelt.
  readStoreOf(chosen, study).close();
  return openStore(chosen);
}

/** Opens the store for looking; `null` where the default file is not there yet: no study was ever begun. */
export function readStore(chosen?: string | undefined): StudyStore | null {
  const file = storeFile(chosen);
  if (file === defaultFile() && !existsSync(file)) return null;
  return StudyStore.read(file);
}

/** Opens the store that is to hold `study`. @throws {UsageError} where there is no store */
export function readStoreOf(chosen: string | undefined, study: string): StudyStore {
  const store = readStore(chosen);
  if (store !== null) return store;
  throw new UsageError(`There is no study named "${study}", nor any other: begin one with 'nas search'.`);
}

function makeStoreFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw new UsageError(
      `The folder ${folder} for the store cannot be made (${messageOf(error)}): name a file with --store or NASTURTIUM_STORE.`,
    );
  }
}
