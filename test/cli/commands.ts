/** @file Runs commands of the built program within the process of a test: as `nas` does, without the start of a process each time. */

import { type Outcome, ownData } from './nas.js';
import { noSignals } from './no-signals.js';

const built = new URL('../../dist/cli/run.js', import.meta.url).href;
const { run }: typeof import('../../src/cli/run.js') = await import(built);

/**
 * What runs `nas` with its arguments. The process of the test works in `cwd` from now on, with `env` in its environment.
 * Modules of the user's own are loaded into it, and not into a process of theirs. `onError` hears what is written to stderr.
 */
export function commandsIn(
  cwd: string,
  env: NodeJS.ProcessEnv,
  onError: (text: string) => void = () => {},
): (...args: string[]) => Promise<Outcome> {
  process.chdir(cwd);
  Object.assign(process.env, ownData, env);
  return async (...args) => {
    const written = { stdout: '', stderr: '' };
    const stdout = {
      write(text: string) {
        written.stdout += text;
      },
    };
    const stderr = {
      write(text: string) {
        written.stderr += text;
        onError(text);
      },
    };
    const status = await run(args, { ...noSignals, stdout, stderr, env: {}, failure: new Promise(() => {}) });
    return { status, ...written };
  };
}
