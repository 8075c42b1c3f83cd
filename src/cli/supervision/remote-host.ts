/** @file The terminal of another process: what is written goes there, and signals come from there. */
import { firstLineOf, WorkError } from '../../error.js';
import { currentUserFunction } from '../../reference/user-call.js';
import { placeText, userPlaceOf } from '../../reference/user-place.js';
import type { EndingSignal, Host } from '../host.js';
import type { OutputStream } from '../terminal.js';
import { type Order, orderSchema, type Report } from './message.js';

interface Begun {
  readonly args: readonly string[];
  readonly host: RemoteHost;
}

/** The host of a command in a supervised process. */
export class RemoteHost implements Host {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env = process.env;
  readonly failure: Promise<never>;
  readonly #listeners = new Set<(signal: EndingSignal) => void>();
  #goOn: string | undefined;
  #isDone = false;

  private constructor(order: Order & { kind: 'run' }) {
    this.stdout = { ...order.stdout, write: (text) => this.#send({ kind: 'write', stream: 'stdout', text }) };
    this.stderr = { ...order.stderr, write: (text) => this.#send({ kind: 'write', stream: 'stderr', text }) };
    process.on('message', (message) => this.#obey(orderSchema.parse(message)));
    this.failure = new Promise((_, reject) => {
      for (const event of ['uncaughtException', 'unhandledRejection']) {
        process.on(event, (error) => reject(this.#explained(error)));
      }
    });
    // It may be rejected after the command has ended.
    this.failure.catch(() => {});
    process.on('exit', (status) => {
      if (!this.#isDone && process.connected) this.#send({ kind: 'exit', reason: this.#reasonOfExit(status) });
    });
  }

  /** Waits until it is told what to run. */
  static async begin(): Promise<Begun> {
    const order = new Promise<Order>((resolve) => {
      process.once('message', (message) => resolve(orderSchema.parse(message)));
    });
    process.send?.({ kind: 'ready' } satisfies Report);
    const begin = await order;
    if (begin.kind !== 'run') throw new RangeError(`the first order must be to run, not ${begin.kind}`);
    return { args: begin.args, host: new RemoteHost(begin) };
  }

  onSignal(listener: (signal: EndingSignal) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  exit(status: number): void {
    this.#isDone = true;
    this.#send({ kind: 'done', status });
  }

  resumable(command: string): void {
    this.#goOn = command;
    this.#send({ kind: 'resumable', command });
  }

  #obey(order: Order): void {
    if (order.kind === 'resized') {
      Object.assign(this.stdout, order.stdout);
      Object.assign(this.stderr, order.stderr);
    } else if (order.kind === 'signal') {
      this.#send({ kind: 'heard' });
      for (const listener of this.#listeners) listener(order.signal);
    }
  }

  #send(report: Report): void {
    if (process.connected) process.send?.(report, () => {});
  }

  /** Of an error that nothing caught: the user's where it has been in the user's code, or nobody knows where it was. */
  #explained(error: unknown): unknown {
    const place = userPlaceOf(error);
    if (place === undefined && error instanceof Error) return error;
    const where = place === undefined ? 'a module of your own' : placeText(place);
    const goOn = this.#goOn === undefined ? '' : `\nTo go on after that:\n  ${this.#goOn}`;
    return new WorkError(
      `A timer or a promise failed in ${where} (${firstLineOf(error)}), and nothing caught it: catch it there.${goOn}`,
      { cause: error },
    );
  }

  /** Only the user's code ends the process without the command having ended. */
  #reasonOfExit(status: number): string {
    const place = userPlaceOf(new Error());
    const within = currentUserFunction();
    const where =
      place === undefined
        ? within === undefined
          ? 'A module of your own'
          : `The module ${within.module}`
        : placeText(place);
    return `The program was ended by process.exit(${status}) in ${where}: leave that out; an error that is thrown is told.`;
  }
}
