/** @file Ctrl-C: the first asks a command to finish what it is writing, the second ends the program at once. */
import type { Terminal } from './terminal.js';

/** Exit statuses of a program that a signal ended: 128 and the number of the signal. */
const statuses = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

type Signal = keyof typeof statuses;

/** The user stopped the command; the message says how to go on. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** The program's exit status. */
  readonly status: number;

  constructor(message: string, status: number = statuses.SIGINT) {
    super(message);
    this.status = status;
  }
}

/** Listens to signals while a command runs. */
export class Interruption {
  readonly #terminal: Terminal;
  readonly #controller = new AbortController();
  readonly #listeners = new Map<Signal, () => void>();
  #graceful: string | undefined;
  #status: number = statuses.SIGINT;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const listener = () => this.#receive(signal);
      this.#listeners.set(signal, listener);
      process.on(signal, listener);
    }
  }

  /** The status that the signal which came asks for. */
  get status(): number {
    return this.#status;
  }

  /** Aborted by the first signal of a command that has something to finish. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * From now on there is something to finish: the first signal only aborts `signal`, and tells the user what is being
   * done. Before this the first signal ends the program.
   */
  defer(announcement: string): void {
    this.#graceful = announcement;
  }

  /** Stops listening. */
  release(): void {
    for (const [signal, listener] of this.#listeners) process.off(signal, listener);
  }

  #receive(signal: Signal): void {
    this.#status = statuses[signal];
    if (this.#graceful === undefined || this.#controller.signal.aborted) {
      this.#terminal.clearStatus();
      process.exit(this.#status);
    }
    const announcement = this.#graceful;
    this.#terminal.alert((colors) => colors.yellow(announcement));
    this.#controller.abort();
  }
}
