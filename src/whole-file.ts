/** @file Files that are there whole or not at all, whenever the process is killed, the disk is full or the power goes. */
import { randomUUID } from 'node:crypto';
import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The end of the name of a file that is being written. */
const PARTIAL = '.partial';

/** Some systems write no more than 2 GiB at once. */
const STEP_BYTES = 2 ** 30;

/**
 * Writes a file under a partial name first, until it is on the disk, then gives it its own. A file of that name is replaced.
 *
 * @param content one part after the other
 * @throws {Error} where it cannot be written, with what the operating system says; nothing is left then
 */
export async function writeWhole(path: string, content: string | Uint8Array | Iterable<Uint8Array>): Promise<void> {
  const partial = partialPath(path);
  try {
    const handle = await open(partial, 'wx');
    try {
      for (const part of partsOf(content)) await writeFully(handle, part);
      // The file system's own clock lags behind by some milliseconds.
      const now = new Date();
      await handle.utimes(now, now);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/**
 * Writes a file that must not be there yet: of two processes that do so at once, one succeeds.
 *
 * @param mode who may read and write it; by default whom the process's mask lets
 * @throws {Error} of the code `EEXIST` where it is there; otherwise as `writeWhole`
 */
export function writeNewWhole(path: string, content: string | Uint8Array, mode = 0o666): void {
  const partial = partialPath(path);
  try {
    writeFileSync(partial, content, { flag: 'wx', mode, flush: true });
    linkSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** A name of its own for a file that is being written or removed; what a killed process leaves of it is nobody's. */
export const partialPath = (path: string): string => `${path}.${process.pid}-${randomUUID()}${PARTIAL}`;

/** Whether a name is that of a file that is being written, or was when its process was killed. */
export const isPartial = (name: string): boolean => name.endsWith(PARTIAL);

/** Whether a file is partial, and the process is gone that was writing it. */
export function isStalePartial(name: string): boolean {
  const writer = /\.(\d+)-[0-9a-f-]{36}\.partial$/.exec(name)?.[1];
  return writer !== undefined && !isRunning(Number(writer));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // One of another user may be running.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const partsOf = (content: string | Uint8Array | Iterable<Uint8Array>): Iterable<Uint8Array> => {
  if (typeof content === 'string') return [Buffer.from(content)];
  return content instanceof Uint8Array ? [content] : content;
};

async function writeFully(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await handle.write(bytes, at, Math.min(STEP_BYTES, bytes.length - at))).bytesWritten;
  }
}

/** A new name survives a power cut only when its folder is on the disk too. Windows opens no folders for that. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
