/**
 * @file Whether code may run that a file names and not the user, such as the store of a study. It may where it is what this
 * user ran before: the store keeps the digest of the module, and a seal that only this user's key gives.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { UsageError } from '../error.js';
import { makeFolder } from '../folder.js';
import { checkRegularFile } from '../regular-file.js';
import { writeNewWhole } from '../whole-file.js';

/** A module as a file names it. */
export interface NamedModule {
  /** Its path; a relative one is one in the working directory. */
  readonly module: string;
  /** The SHA-256 of the file when it was recorded; absent where that was not recorded. */
  readonly digest?: string | undefined;
  /** The HMAC of path and digest with the key of the user who recorded them; absent where there was no key. */
  readonly seal?: string | undefined;
}

/** Who names a module, and what it is to do, such as `The study` and `a search space`. */
export interface Naming {
  readonly by: string;
  readonly as: string;
}

/** Paths and digests of modules that the user allows: what `--allow-module` gives. */
export type AllowedModules = readonly string[];

/** A module that the user has named, as it is recorded. */
export function recordedModule(module: string): NamedModule {
  const digest = digestOf(module);
  const seal = sealOf({ module, digest });
  return { module, digest, ...(seal !== undefined && { seal }) };
}

/**
 * Refuses a module that a file names, unless it is what this user ran before, or is allowed. One that is not there is left
 * to be told by who loads it.
 *
 * @throws {UsageError} where it may not, with the path, the digests and how to allow it
 */
export function refuseUnknown(named: NamedModule, { by, as }: Naming, allowed: AllowedModules): void {
  const module = resolve(named.module);
  if (!existsSync(module)) return;
  const digest = digestOf(module);
  if (allowed.some((one) => one.toLowerCase() === digest || resolve(one) === module)) return;
  const reason = reasonAgainst({ ...named, module }, digest);
  if (reason === undefined) return;
  throw new UsageError(
    `${by} names a module of ${as} that is to be run, ${module}, but ${reason}: look at that file, and add --allow-module ${module} if it may run here.`,
  );
}

/** What speaks against a module whose file now has this digest. */
function reasonAgainst(named: NamedModule, digest: string): string | undefined {
  if (named.digest === undefined) return `not what was in it (its sha-256 is ${digest})`;
  if (named.digest !== digest) {
    return `another file is there now (its sha-256 is ${digest}, and was ${named.digest})`;
  }
  const own = sealOf({ module: named.module, digest });
  const isOwn =
    own !== undefined &&
    named.seal?.length === own.length &&
    timingSafeEqual(Buffer.from(named.seal), Buffer.from(own));
  return isOwn ? undefined : `another user or machine recorded it (its sha-256 is ${digest})`;
}

function digestOf(file: string): string {
  checkRegularFile(file);
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function sealOf({ module, digest }: { readonly module: string; readonly digest: string }): string | undefined {
  const key = userKey();
  return key && createHmac('sha256', key).update(`${module}\n${digest}`).digest('hex');
}

const KEY_BYTES = 32;

/** The key of this user on this machine, made at its first use; `undefined` where the data folder cannot be written. */
function userKey(): Buffer | undefined {
  const file = join(envPaths('nasturtium', { suffix: '' }).data, 'module-key');
  try {
    if (!existsSync(file)) makeKey(file);
    const key = readFileSync(file);
    return key.length === KEY_BYTES ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all, also where two processes make it at once. */
function makeKey(file: string): void {
  makeFolder(dirname(file));
  try {
    writeNewWhole(file, randomBytes(KEY_BYTES), 0o600);
  } catch (error) {
    if (!existsSync(file)) throw error;
  }
}
