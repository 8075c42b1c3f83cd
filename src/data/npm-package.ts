/** @file Fetches a pinned npm package as npm itself would: the user's registry, proxy, credentials and certificates. */
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import Config from '@npmcli/config';
import settings from '@npmcli/config/lib/definitions/index.js';
import pacote from 'pacote';
import { Parser } from 'tar';
import { firstLineOf, WorkError } from '../error.js';
import type { LoadProgress } from './source.js';

/** A package whose every byte is known. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** Subresource integrity (sha512) of the tarball. */
  readonly integrity: string;
  /** Size of the tarball, for progress. */
  readonly bytes: number;
  /** What else a user can do who cannot fetch the package: the end of a sentence that begins with 'or'. */
  readonly alternative: string;
}

/** Hands the tarball of a package to `consume`, perhaps more than once, and checks its integrity. */
export type FetchTarball = <T>(
  pinned: PinnedPackage,
  consume: (tarball: NodeJS.ReadableStream) => Promise<T>,
) => Promise<T>;

/**
 * npm's configuration as it holds in this folder, read from the same places in the same order as npm reads it:
 * `npm_config_*` variables, then the `.npmrc` of the project, the user and the machine.
 */
export async function npmOptions(): Promise<Record<string, unknown>> {
  const execPath = process.execPath;
  const npmCli = process.env.npm_execpath;
  const npmPath =
    npmCli === undefined ? join(dirname(execPath), '..', 'lib', 'node_modules', 'npm') : join(dirname(npmCli), '..');
  // A copy of the environment, as loading writes npm's variables into it; no arguments, as those are ours and not npm's.
  const config = new Config({ ...settings, npmPath, env: { ...process.env }, argv: [execPath, 'npm'], execPath });
  await config.load();
  return config.flat;
}

/** Fetches from the user's registry, or from npm's own cache. */
export const fetchTarball: FetchTarball = async (pinned, consume) => {
  const options = await npmOptions();
  try {
    return await pacote.tarball.stream(`${pinned.name}@${pinned.version}`, consume, {
      ...options,
      integrity: pinned.integrity,
      // npm waits up to a minute before it tries again; somebody is watching here.
      retry: { retries: 2, minTimeout: 500, maxTimeout: 3000 },
    });
  } catch (error) {
    if (error instanceof WorkError) throw error;
    throw fetchError(pinned, error, options.registry);
  }
};

function fetchError({ name, version, alternative }: PinnedPackage, error: unknown, registry: unknown): WorkError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const from = typeof registry === 'string' && URL.canParse(registry) ? ` from ${new URL(registry).host}` : '';
  const what =
    code === 'EINTEGRITY'
      ? `The npm package ${name}@${version}${from} is not the known one: its checksum differs`
      : `The npm package ${name}@${version} could not be fetched${from}: ${firstLineOf(error)}`;
  return new WorkError(
    `${what}. Check the network and npm's registry and proxy settings ('npm ping', 'npm config list'), or ${alternative}.`,
  );
}

/** One file of a package. */
export interface PackageFile {
  /** Relative to the package. */
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * Hands the wanted files of a package to `visit` one after another, without holding more than the one at hand.
 * `visit` may see the same file again, as a broken download is begun anew.
 */
export async function visitPackageFiles(
  pinned: PinnedPackage,
  wanted: (path: string) => boolean,
  visit: (file: PackageFile) => void,
  { fetch, onProgress }: { fetch: FetchTarball; onProgress?: ((progress: LoadProgress) => void) | undefined },
): Promise<void> {
  const inside = (path: string) => path.replace(/^[^/]+\//, '');
  await fetch(pinned, async (tarball) => {
    // Failures are thrown at the end; while the download goes on they must not count as ones that nobody handles.
    const visits: Promise<void>[] = [];
    let done = 0;
    const parser = new Parser({
      filter: (path, entry) => 'type' in entry && entry.type === 'File' && wanted(inside(path)),
      onReadEntry: (entry) => {
        const visiting = entry.concat().then((bytes) => visit({ path: inside(entry.path), bytes }));
        visiting.catch(() => {});
        visits.push(visiting);
      },
    });
    const parsed = once(parser, 'end');
    parsed.catch(() => {});
    for await (const chunk of tarball) {
      done += chunk.length;
      onProgress?.({ step: 'download', done, total: pinned.bytes });
      if (!parser.write(Buffer.from(chunk))) await Promise.race([once(parser, 'drain'), parsed]);
    }
    parser.end();
    await parsed;
    await Promise.all(visits);
  });
}
