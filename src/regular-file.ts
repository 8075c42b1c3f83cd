/** @file Reads files that users name. */
import { statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';

/**
 * The bytes of a file. Pipes and devices are refused: they may never end, or never begin.
 *
 * @throws {Error} where it cannot be read, with what the operating system says, or is no regular file
 */
export async function readRegularFile(path: string): Promise<Buffer> {
  refuseEndless(await stat(path));
  return readFile(path);
}

/**
 * Refuses what may never end.
 *
 * @throws {Error} where it is missing, or neither a regular file nor a folder
 */
export function checkRegularFile(path: string): void {
  refuseEndless(statSync(path));
}

/** A folder is left to those who read, who know better what to say of it. */
function refuseEndless(found: { isFile(): boolean; isDirectory(): boolean }): void {
  if (!found.isFile() && !found.isDirectory()) throw new Error('it is a pipe or a device: save it as a file first');
}
