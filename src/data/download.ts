/** @file Downloads one file over HTTP as npm would, within limits of time and size, or says in a clause why not. */
import { setMaxListeners } from 'node:events';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent } from '@npmcli/agent';
import { getProxy } from '@npmcli/agent/lib/proxy.js';
import { getAuth } from 'npm-registry-fetch';
import { firstLineOf } from '../error.js';
import type { NpmOptions } from './npm-config.js';

/** How long a download may take, in milliseconds. Its size is bounded as well, by `DownloadRequest.mostBytes`. */
export interface DownloadLimits {
  /** Longest wait without an answer or without a further byte; default `defaultLimits.silence`. */
  readonly silence: number;
  /** Waits before it is tried again after a lost connection or a failure of the server, one an attempt. */
  readonly pauses: readonly number[];
}

/** A minute, as a proxy that looks into files may give their bytes late; two more attempts, as somebody is watching. */
export const defaultLimits: DownloadLimits = { silence: 60_000, pauses: [500, 2000] };

export interface DownloadRequest {
  readonly url: string;
  readonly headers?: { readonly [name: string]: string } | undefined;
  /** The download ends with a failure at the first byte more. */
  readonly mostBytes: number;
  /** Gets the number of bytes so far. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

export interface Download {
  readonly bytes: Buffer;
  /** What the server says it is, such as `text/html`. */
  readonly type: string;
}

type FailureKind = 'unreachable' | 'silent' | 'refused' | 'absent' | 'server' | 'content';

/** Why something could not be fetched: `message` is a clause without a full stop that follows a colon. */
export class DownloadFailure extends Error {
  override readonly name = 'DownloadFailure';
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** As many as browsers allow, and npm. */
const mostRedirects = 20;

/**
 * The file at an address.
 *
 * @throws {DownloadFailure} where there is no answer in time, an answer with another status than 200, more bytes than
 * allowed, or a connection that ends too early
 */
export async function download(
  request: DownloadRequest,
  options: NpmOptions,
  limits: DownloadLimits,
): Promise<Download> {
  for (const wait of limits.pauses) {
    try {
      return await attempt(request, options, limits);
    } catch (error) {
      if (!(error instanceof DownloadFailure) || !['unreachable', 'server'].includes(error.kind)) throw error;
      await pause(wait);
    }
  }
  return attempt(request, options, limits);
}

async function attempt(request: DownloadRequest, options: NpmOptions, { silence }: DownloadLimits): Promise<Download> {
  const { url, mostBytes, onBytes } = request;
  const stop = new AbortController();
  // Every redirect listens to it, and there may be more of them than Node.js thinks normal.
  setMaxListeners(0, stop.signal);
  const watch = setTimeout(() => stop.abort(), silence);
  let phase: 'cannot be reached' | 'broke off' = 'cannot be reached';
  try {
    const answer = await follow(request, options, stop.signal);
    phase = 'broke off';
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of answer) {
      watch.refresh();
      bytes += chunk.length;
      if (bytes > mostBytes) {
        const most = mostBytes.toLocaleString('en-US');
        throw new DownloadFailure('content', `${place(url)} gives more than the ${most} bytes that are expected`);
      }
      chunks.push(chunk);
      onBytes?.(bytes);
    }
    return { bytes: Buffer.concat(chunks), type: answer.headers['content-type'] ?? '' };
  } catch (error) {
    if (error instanceof DownloadFailure) throw error;
    if (stop.signal.aborted) {
      throw new DownloadFailure('silent', `${place(url)} has sent nothing for ${silence / 1000} s`);
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : firstLineOf(error);
    throw new DownloadFailure('unreachable', `${place(url)} ${phase} (${code})`);
  } finally {
    clearTimeout(watch);
    // Ends what is still under way: a body that nobody reads to its end, a connection that never comes about.
    stop.abort();
  }
}

/** The answer with status 200 at the end of the redirects. Credentials go only where npm's settings name them. */
async function follow(
  { url, headers }: DownloadRequest,
  options: NpmOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let at = url;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const answer = await send(at, headers, options, signal);
    const { statusCode: status = 0 } = answer;
    const { location } = answer.headers;
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined) {
      checkStatus(at, status);
      return answer;
    }
    answer.destroy();
    if (!URL.canParse(location, at)) break;
    at = new URL(location, at).href;
  }
  throw new DownloadFailure('content', `${place(url)} redirects in circles or to nowhere`);
}

/** Sends a request as npm-registry-fetch would, by npm's own agent, but over connections that end with the signal. */
function send(
  url: string,
  headers: DownloadRequest['headers'],
  options: NpmOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { token, auth, cert, key } = getAuth(url, options);
  const authorization = token ? `Bearer ${token}` : auth && `Basic ${auth}`;
  const { noProxy, ca, localAddress, userAgent } = options;
  const proxy = getProxy(url, { proxy: options.httpsProxy ?? options.proxy, noProxy });
  const agent = new Agent({
    ...{ proxy, noProxy, ca, localAddress },
    // Agents of proxies are kept by the module and would have the signal of an earlier download.
    signal: proxy === null ? signal : undefined,
    cert: cert ?? options.cert,
    key: key ?? options.key,
    rejectUnauthorized: options.strictSSL !== false,
    keepAlive: false,
  });
  const request = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      agent,
      signal,
      headers: {
        ...headers,
        ...(typeof userAgent === 'string' && { 'user-agent': userAgent }),
        ...(authorization && { authorization }),
      },
    });
    sent.on('response', resolve);
    // Stays, as an error may come after the answer, too; the reader of the answer hears of it as well.
    sent.on('error', reject);
    // A request tells of its end only once it has a connection, which a proxy may never give.
    signal.addEventListener('abort', reject);
    sent.end();
  });
}

function checkStatus(url: string, status: number): void {
  if (status === 200) return;
  if (status === 401 || status === 403 || status === 407) {
    throw new DownloadFailure('refused', `${place(url)} refuses access (HTTP status ${status})`);
  }
  if (status === 404 || status === 410) {
    throw new DownloadFailure('absent', `there is nothing at ${place(url)} (HTTP status ${status})`);
  }
  const kind = status >= 500 || status === 408 || status === 429 ? 'server' : 'content';
  throw new DownloadFailure(kind, `${place(url)} answers with HTTP status ${status}`);
}

/** An address without credentials. */
export function place(url: string): string {
  if (!URL.canParse(url)) return url;
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  shown.search = '';
  return shown.href;
}
