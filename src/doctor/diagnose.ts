/** @file What works on this machine: one check a thing that nasturtium needs, with the mend for each that fails. */
import type { Engine } from '../engine/engine.js';
import { nodeEngine } from '../engine/node-engine.js';
import { messageOf } from '../error.js';
import type { Finding } from './finding.js';
import { checkCache, checkMemory, checkNode, checkProcessor, checkStore } from './machine.js';
import { checkRedis, checkRegistry } from './network.js';
import { checkRuntime } from './runtime.js';

export interface Check extends Finding {
  readonly name: string;
}

/** Where the checks look. */
export interface DiagnoseOptions {
  /** As given to `--store`. */
  readonly store?: string | undefined;
  /** Default: `nodeEngine()`. */
  readonly engine?: Engine;
}

/** Makes every check; a check that throws has failed, and the others still run. */
export async function diagnose({ store, engine = nodeEngine() }: DiagnoseOptions = {}): Promise<Check[]> {
  const checks: [string, () => Finding | Promise<Finding>][] = [
    ['Node.js', checkNode],
    ['ONNX Runtime', () => checkRuntime(engine)],
    ['processor', () => checkProcessor(engine)],
    ['memory', checkMemory],
    ['store', () => checkStore(store)],
    ['cache folder', checkCache],
    ['npm registry', checkRegistry],
  ];
  const redis = process.env.REDIS_URL;
  if (redis !== undefined && redis !== '') checks.push(['Redis', () => checkRedis(redis)]);
  return Promise.all(
    checks.map(async ([name, check]) => {
      try {
        return { name, ...(await check()) };
      } catch (error) {
        return {
          name,
          ok: false,
          detail: messageOf(error),
          fix: 'Mend what the message names, or name another file or folder (--store, NASTURTIUM_STORE, NASTURTIUM_CACHE).',
        };
      }
    }),
  );
}
