/** @file Artefacts as files of one folder, each named by the SHA-256 of its bytes. */
import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, WorkError } from '../error.js';
import type { Artifact, ArtifactStore } from '../evaluation/artifact.js';
import { makeFolder } from '../folder.js';
import { isPartial, partialPath, writeWhole } from '../whole-file.js';

const digestPattern = /^[0-9a-f]{64}$/;

/** How many, and how large together. */
export interface FileCount {
  readonly files: number;
  readonly bytes: number;
}

/** How many files were removed and kept, and how large they are. */
export interface Collected {
  readonly removed: FileCount;
  readonly kept: FileCount;
}

/**
 * Any number of processes may put, get and collect at once. A file appears under its name only when it is whole and on the
 * disk, and is never changed. Its time of modification says when it was put last.
 */
export class ArtifactFiles implements ArtifactStore {
  readonly folder: string;

  /** @param folder made when the first artefact is put */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** @throws {WorkError} where the folder cannot be written */
  async put(bytes: Uint8Array): Promise<Artifact & { readonly bytes: number }> {
    const digest = createHash('sha256').update(bytes).digest('hex');
    try {
      makeFolder(this.folder);
      if (!(await this.#renew(digest, bytes))) await writeWhole(join(this.folder, digest), bytes);
    } catch (error) {
      throw new WorkError(
        `A file of ${bytes.length} bytes cannot be written to the folder ${this.folder} (${messageOf(error)}). Make room or make it writable, then resume the study; everything recorded is kept.`,
      );
    }
    return { digest, bytes: bytes.length };
  }

  /** @throws {WorkError} where the file is missing, damaged, or cannot be read */
  async get({ digest }: Artifact): Promise<Uint8Array> {
    if (!digestPattern.test(digest))
      throw new WorkError(`"${digest}" names no file of ${this.folder}: it is no SHA-256.`);
    const file = join(this.folder, digest);
    const unusable = (problem: string) =>
      new WorkError(
        `The file ${file}, which a study needs, ${problem}. Restore it from a backup, or start the study anew.`,
      );
    let bytes: Uint8Array;
    try {
      // A pipe or a device would never end.
      if (!(await lstat(file)).isFile()) throw new Error('it is no regular file');
      bytes = await readFile(file);
    } catch (error) {
      throw unusable(codeOf(error) === 'ENOENT' ? 'is missing' : `cannot be read (${messageOf(error)})`);
    }
    if (createHash('sha256').update(bytes).digest('hex') === digest) return bytes;
    throw unusable('is damaged: its contents are not those that were written');
  }

  /**
   * Removes all files but those of `kept`, and those that were put at `before` or later: a running study puts a file first
   * and refers to it afterwards. Stale partial files go by the same rule.
   *
   * @param before milliseconds since 1970
   * @throws {WorkError} where the folder cannot be read or written
   */
  async collect(kept: ReadonlySet<string>, before: number): Promise<Collected> {
    const none = { files: 0, bytes: 0 };
    const count = { removed: { ...none }, kept: { ...none } };
    try {
      for (const name of await namesIn(this.folder)) {
        const found = await statOf(join(this.folder, name));
        if (found === undefined || !isOurs(name, found)) continue;
        const removed = !kept.has(name) && found.mtimeMs < before && (await this.#remove(name, before));
        const part = removed ? count.removed : count.kept;
        part.files += 1;
        part.bytes += found.size;
      }
    } catch (error) {
      throw new WorkError(`The folder ${this.folder} cannot be cleaned (${messageOf(error)}): make it writable.`);
    }
    return count;
  }

  /** Marks the file as put now, if it is there and whole. */
  async #renew(digest: string, bytes: Uint8Array): Promise<boolean> {
    const file = join(this.folder, digest);
    const found = await statOf(file);
    if (found?.size !== bytes.length || !isOurs(digest, found)) return false;
    try {
      if (!(await readFile(file)).equals(bytes)) return false;
      const now = new Date();
      await utimes(file, now, now);
      return true;
    } catch {
      // Removed meanwhile, or of another user: writing it anew shows whether that is possible.
      return false;
    }
  }

  /** `false` where the file was put again, or was removed, in between: it is set aside before it is looked at again. */
  async #remove(name: string, before: number): Promise<boolean> {
    const aside = partialPath(join(this.folder, name));
    try {
      await rename(join(this.folder, name), aside);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
    const found = await stat(aside);
    if (found.mtimeMs < before) await rm(aside);
    else await rename(aside, join(this.folder, name));
    return found.mtimeMs < before;
  }
}

/** Nothing but what was written here is ever read or removed. */
const isOurs = (name: string, found: Stats): boolean => found.isFile() && (digestPattern.test(name) || isPartial(name));

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** `undefined` where there is nothing of that name. */
async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
