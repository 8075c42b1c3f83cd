import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkError } from '../error.js';
import { fetchTarball, type PinnedPackage, visitPackageFiles } from './npm-package.js';

/** A registry of one package that only those get who show the token. */
interface Registry {
  readonly url: string;
  readonly server: Server;
  requests: number;
  tarball: Buffer;
  /** What the registry says the tarball's integrity is. */
  promise: string;
}

const token = 'a-token-of-the-test';
let folder: string;
let registry: Registry;
let pinned: PinnedPackage;

const integrityOf = (bytes: Buffer) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

async function startRegistry(tarball: Buffer): Promise<Registry> {
  const server = createServer((request, response) => {
    running.requests++;
    if (request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401).end();
    } else if (request.url === '/made') {
      const dist = { tarball: `${running.url}made.tgz`, integrity: running.promise };
      const versions = { '1.0.0': { name: 'made', version: '1.0.0', dist } };
      response.end(JSON.stringify({ name: 'made', 'dist-tags': { latest: '1.0.0' }, versions }));
    } else if (request.url === '/made.tgz') {
      response.end(running.tarball);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the registry has no port');
  const running: Registry = {
    url: `http://127.0.0.1:${address.port}/`,
    server,
    requests: 0,
    tarball,
    promise: integrityOf(tarball),
  };
  return running;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
  await mkdir(join(folder, 'package', 'src'), { recursive: true });
  await writeFile(join(folder, 'package', 'package.json'), '{"name":"made","version":"1.0.0"}');
  await writeFile(join(folder, 'package', 'src', '0.json'), '[0]');
  await writeFile(join(folder, 'package', 'src', '1.json'), '[1]');
  await create({ gzip: true, file: join(folder, 'made.tgz'), cwd: folder }, ['package']);
  const tarball = await readFile(join(folder, 'made.tgz'));
  registry = await startRegistry(tarball);
  pinned = {
    name: 'made',
    version: '1.0.0',
    integrity: integrityOf(tarball),
    bytes: tarball.length,
    alternative: 'do without',
  };
  // The user's own configuration, as npm would read it, and nothing of the machine's.
  await writeFile(
    join(folder, 'npmrc'),
    `registry=${registry.url}\n//127.0.0.1:${new URL(registry.url).port}/:_authToken=${token}\n`,
  );
  for (const name of Object.keys(process.env)) if (/^npm_config_/i.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv('npm_config_userconfig', join(folder, 'npmrc'));
  vi.stubEnv('npm_config_cache', join(folder, 'npm-cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await new Promise((resolve) => registry.server.close(resolve));
  await rm(folder, { recursive: true });
});

async function read(wanted = /\.json$/): Promise<{ [path: string]: string }> {
  const files: { [path: string]: string } = {};
  const visit = ({ path, bytes }: { path: string; bytes: Buffer }) => {
    files[path] = bytes.toString();
  };
  await visitPackageFiles(pinned, (path) => wanted.test(path), visit, { fetch: fetchTarball });
  return files;
}

describe('a package', () => {
  it('comes from the registry of the user, with the credentials of the user, and only the wanted files are seen', async () => {
    expect(await read(/^src\//)).toEqual({ 'src/0.json': '[0]', 'src/1.json': '[1]' });
    expect(registry.requests).toBe(2);
  });

  it.each([
    ['the registry has another one than the known', (tarball: Buffer) => integrityOf(tarball)],
    ['its bytes are not those that the registry promises', () => pinned.integrity],
  ])('is refused where %s', async (_where, promise) => {
    await writeFile(join(folder, 'package', 'src', '1.json'), '[2]');
    await create({ gzip: true, file: join(folder, 'made.tgz'), cwd: folder }, ['package']);
    registry.tarball = await readFile(join(folder, 'made.tgz'));
    registry.promise = promise(registry.tarball);
    const failure = read();
    await expect(failure).rejects.toThrow(WorkError);
    await expect(failure).rejects.toThrow(
      /made@1\.0\.0 from 127\.0\.0\.1:\d+ is not the known one: its checksum differs\. .* or do without\.$/,
    );
  });

  it('that cannot be fetched gives one error with what, why and what to do', async () => {
    pinned = { ...pinned, name: 'absent' };
    await expect(read()).rejects.toThrow(
      /absent@1\.0\.0 could not be fetched from 127\.0\.0\.1:\d+: 404 .*npm config list.* or do without\.$/,
    );
    await writeFile(join(folder, 'npmrc'), `registry=${registry.url}\n`);
    await expect(read()).rejects.toThrow(/could not be fetched.* 401/);
  });
});

describe('visitPackageFiles', () => {
  it('passes on what a visit throws, after the download', async () => {
    const visit = () => {
      throw new WorkError('Not like this.');
    };
    await expect(visitPackageFiles(pinned, () => true, visit, { fetch: fetchTarball })).rejects.toThrow(
      'Not like this.',
    );
  });
});
