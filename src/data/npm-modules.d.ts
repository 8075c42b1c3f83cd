/** @file The parts of npm's own modules that are used here and that have no published types. */
declare module '@npmcli/config/lib/definitions/index.js' {
  import type Config from '@npmcli/config';

  const settings: Pick<Config.Options, 'definitions' | 'shorthands' | 'flatten'>;
  export default settings;
}

declare module 'npm-registry-fetch' {
  /** The registry of a package. */
  export function pickRegistry(spec: string, options: object): string;
  /** What the configuration says of credentials for an address. */
  export function getAuth(
    url: string,
    options: object,
  ): { token: string | null; auth: string | null; cert: string | null; key: string | null };
}

declare module '@npmcli/agent' {
  import { Agent as HttpAgent } from 'node:http';

  /** Connects directly or through a proxy; all other options go to `net.connect` and `tls.connect`. */
  export class Agent extends HttpAgent {
    constructor(options: object);
  }
}

declare module '@npmcli/agent/lib/proxy.js' {
  /** The proxy for an address, of the settings or else of the environment. */
  export function getProxy(url: string, settings: { proxy: unknown; noProxy: unknown }): URL | null;
}

declare module 'cacache' {
  export const get: {
    /** Rejects where the cache does not hold it whole. */
    byDigest(cache: string, integrity: string): Promise<Uint8Array>;
  };
  export function put(cache: string, key: string, data: Uint8Array): Promise<unknown>;
}
