/** @file Where a command runs: its streams, the signals that reach it, and how it ends. */
import type { OutputStream } from './terminal.js';

/** Signals that ask a program to end. */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type EndingSignal = (typeof endingSignals)[number];

/** What a command needs of the process around it. */
export interface Host {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: NodeJS.ProcessEnv;
  /** Rejected where something fails that no command waits for, such as a timer in a module of the user's own. */
  readonly failure: Promise<never>;
  /** Calls the listener for every signal, until the function that it returns is called. */
  onSignal(listener: (signal: EndingSignal) => void): () => void;
  /** Ends the program at once. */
  exit(status: number): void;
  /** What can be gone on with by this command, also where the program ends without a further word. */
  resumable(command: string): void;
}

/** The process itself, with the terminal of the user. */
export function ownProcess(): Host {
  const { stdout, stderr, env } = process;
  // A reader that has seen enough, such as `head`, closes the pipe: no error, and nothing more to do.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
      // Nobody can be told that stderr fails.
      if (stream === stdout) stderr.write(`error: The output cannot be written (${error.message}).\n`);
      process.exit(1);
    });
  }
  return {
    stdout,
    stderr,
    env,
    failure: new Promise(() => {}),
    onSignal(listener) {
      for (const signal of endingSignals) process.on(signal, listener);
      return () => {
        for (const signal of endingSignals) process.off(signal, listener);
      };
    },
    exit: (status) => process.exit(status),
    resumable: () => {},
  };
}
