/** @file Runs the built program as a user would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** What the program keeps for its user is kept for the tests. */
export const ownData = { XDG_DATA_HOME: join(tmpdir(), 'nas-test-data') };

export interface Outcome {
  /** Exit status, or the signal that ended it. */
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface NasOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Called with everything that came on stderr so far. */
  readonly onError?: (text: string, child: ChildProcess) => void;
}

/** A new empty folder. */
export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'nas-test-'));

/** Runs `nas` with these arguments; never throws for its exit status. */
export function nas(
  args: readonly string[],
  { cwd = newFolder(), env = {}, onError }: NasOptions = {},
): Promise<Outcome> {
  return new Promise((done, failed) => {
    const { NASTURTIUM_STORE: _, NO_COLOR: __, FORCE_COLOR: ___, ...inherited } = process.env;
    const child = spawn(process.execPath, [main, ...args], { cwd, env: { ...inherited, ...ownData, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onError?.(stderr, child);
    });
    child.once('error', failed);
    child.once('close', (status, signal) => done({ status: status ?? signal ?? 'unknown', stdout, stderr }));
  });
}

/** Runs `nas`, and kills it as soon as it has written this to stderr. */
export const killedNas = (
  written: string,
  args: readonly string[],
  options: Omit<NasOptions, 'onError'>,
): Promise<Outcome> =>
  nas(args, { ...options, onError: (text, child) => text.includes(written) && child.kill('SIGKILL') });
