/** @file From arguments to an exit status: parses, runs one command, and puts errors into words. */
import { setImmediate } from 'node:timers/promises';
import { CommanderError } from 'commander';
import { messageOf, UsageError, WorkError } from '../error.js';
import type { Host } from './host.js';
import { Interrupted, Interruption } from './interruption.js';
import { createProgram } from './program.js';
import { NeedsSupervision } from './supervision/needs-supervision.js';
import { supervise } from './supervision/supervisor.js';
import { type OutputMode, Terminal } from './terminal.js';

/** Exit statuses, as the documentation promises them. */
const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

/** Runs the program with these arguments (without `node` and the script) and returns its exit status. */
export async function run(args: readonly string[], host: Host): Promise<number> {
  const { stdout, stderr, env } = host;
  const terminal = new Terminal({ stdout, stderr, env, mode: modeOf(args) });
  const interruption = new Interruption(terminal, host);
  try {
    const command = createProgram({ terminal, interruption }).parseAsync(args, { from: 'user' });
    // A promise that nothing caught is told of when the turn has ended in which it was rejected.
    await Promise.race([command.then(() => setImmediate()), host.failure]);
    return DONE;
  } catch (error) {
    if (!(error instanceof NeedsSupervision)) return report(error, terminal, args.includes('--debug'));
    interruption.release();
    return supervise(args, { host, terminal }).catch((problem) => report(problem, terminal, args.includes('--debug')));
  } finally {
    interruption.release();
  }
}

/** The mode holds for errors in the arguments, too, and so is known before they are parsed. */
function modeOf(args: readonly string[]): OutputMode {
  if (args.includes('--json')) return 'json';
  return args.includes('--quiet') || args.includes('-q') ? 'quiet' : 'human';
}

function report(error: unknown, terminal: Terminal, debug: boolean): number {
  // Help or the version was printed: asked for, or in place of a command that was not named.
  if (error instanceof CommanderError && error.exitCode === 0) return DONE;
  if (error instanceof CommanderError && terminal.mode !== 'json') return WRONG_USAGE;
  terminal.clearStatus();
  const { kind, status, message } = explain(error);
  terminal.alert((colors) => (kind === 'interrupted' ? message : `${colors.red(colors.bold('error:'))} ${message}`));
  if (debug && error instanceof Error) terminal.alert((colors) => colors.dim(error.stack ?? ''));
  if (terminal.mode === 'json' && !terminal.hasResult) {
    terminal.result({ error: { kind, message, exitStatus: status } }, () => '');
  }
  return status;
}

interface Explanation {
  readonly kind: 'usage' | 'work' | 'interrupted' | 'internal';
  readonly status: number;
  readonly message: string;
}

function explain(error: unknown): Explanation {
  if (error instanceof Interrupted) return { kind: 'interrupted', status: error.status, message: error.message };
  if (error instanceof CommanderError) {
    return { kind: 'usage', status: WRONG_USAGE, message: "Which command? 'nas --help' lists them." };
  }
  if (error instanceof UsageError) return { kind: 'usage', status: WRONG_USAGE, message: error.message };
  if (error instanceof WorkError) return { kind: 'work', status: FAILED, message: error.message };
  return {
    kind: 'internal',
    status: FAILED,
    message: `${messageOf(error)}\nThis is a defect of nasturtium: run the command again with --debug and report what it shows.`,
  };
}
