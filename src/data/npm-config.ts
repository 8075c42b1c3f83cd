/** @file npm's configuration as the user has it: registry, proxy, credentials, certificates, cache. */
import { dirname, join } from 'node:path';
import Config from '@npmcli/config';
import settings from '@npmcli/config/lib/definitions/index.js';

/** npm's settings under the names that npm's own modules take. */
export type NpmOptions = Readonly<Record<string, unknown>>;

/**
 * npm's configuration as it holds in this folder, read from the same places in the same order as npm reads it:
 * `npm_config_*` variables, then the `.npmrc` of the project, the user and the machine.
 */
export async function npmOptions(): Promise<NpmOptions> {
  const execPath = process.execPath;
  const npmCli = process.env.npm_execpath;
  const npmPath =
    npmCli === undefined ? join(dirname(execPath), '..', 'lib', 'node_modules', 'npm') : join(dirname(npmCli), '..');
  // A copy of the environment, as loading writes npm's variables into it; no arguments, as those are ours and not npm's.
  const config = new Config({ ...settings, npmPath, env: { ...process.env }, argv: [execPath, 'npm'], execPath });
  await config.load();
  return config.flat;
}
