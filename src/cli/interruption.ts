/** @file Ctrl-C: the first asks a command to finish what it is writing, the second ends the program at once. */
import type { EndingSignal, Host } from './host.js';
import type { Terminal } from './terminal.js';

/** Exit statuses of a program that a signal ended: 128 and the number of the signal. */
export const signalStatus: Readonly<Record<EndingSignal, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** The user stopped the command; the message says how to go on. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** The program's exit status. */
  readonly status: number;

  constructor(message: string, status: number = signalStatus.SIGINT) {
    super(message);
    this.status = status;
  }
}

/** Listens to signals while a command runs. */
export class Interruption {
  readonly #terminal: Terminal;
  readonly #host: Pick<Host, 'exit' | 'resumable'>;
  readonly #controller = new AbortController();
  readonly #release: () => void;
  #graceful: string | undefined;
  #status: number = signalStatus.SIGINT;

  constructor(terminal: Terminal, host: Pick<Host, 'onSignal' | 'exit' | 'resumable'>) {
    this.#terminal = terminal;
    this.#host = host;
    this.#release = host.onSignal((signal) => this.#receive(signal));
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

  /** From now on this command goes on with what is recorded, however the program ends. */
  canGoOn(command: string): void {
    this.#host.resumable(command);
  }

  /** Stops listening. */
  release(): void {
    this.#release();
  }

  #receive(signal: EndingSignal): void {
    this.#status = signalStatus[signal];
    if (this.#graceful === undefined || this.#controller.signal.aborted) {
      this.#terminal.clearStatus();
      this.#host.exit(this.#status);
      return;
    }
    const announcement = this.#graceful;
    this.#terminal.alert((colors) => colors.yellow(announcement));
    this.#controller.abort();
  }
}
