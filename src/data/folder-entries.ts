/** @file What a folder holds, in order and without the junk that file managers leave behind. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UsageError } from '../error.js';

export interface FolderEntries {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Names of the image files that are read. */
const imageName = /\.(jpe?g|png|webp)$/i;
export const isImageName = (name: string): boolean => imageName.test(name);

/**
 * Thumbnails, indexes and bins of macOS, Windows, Linux and network storage (Synology, QNAP). Hidden files and folders,
 * such as `.ipynb_checkpoints` and `.DS_Store`, are junk too.
 */
const junkName =
  /^(\.|@eadir$|@tmp$|@recycle$|@__thumb$|@recently-snapshot$|#recycle$|#snapshot$|\$recycle\.bin$|__macosx$|thumbs\.db$|ehthumbs(_vista)?\.db$|desktop\.ini$|icon\r$|lost\+found$|system volume information$)/i;

/**
 * Names of the files and folders in a folder, sorted, without junk. Links are followed, those to nowhere are junk.
 *
 * @throws {UsageError} where the folder cannot be read
 */
export async function visibleEntries(folder: string): Promise<FolderEntries> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw new UsageError(`The folder ${folder} cannot be read (${messageOf(error)}).`);
  }
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of entries) {
    if (junkName.test(entry.name)) continue;
    const kind = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => null) : entry;
    if (kind?.isDirectory()) folders.push(entry.name);
    else if (kind?.isFile()) files.push(entry.name);
  }
  // By code units: the same order in every language and on every machine.
  return { files: files.sort(), folders: folders.sort() };
}
