/**
 * @file The process with the terminal, while a command with code of the user's own runs in another: it passes on what that
 * writes and the signals that come, and ends it where the code takes too much.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { WorkError } from '../../error.js';
import type { EndingSignal, Host } from '../host.js';
import { Interrupted, signalStatus } from '../interruption.js';
import type { OutputStream, Terminal } from '../terminal.js';
import { type Allowance, allowanceFrom } from './allowance.js';
import { excessOf, memoryDeath, place } from './excess.js';
import {
  type Order,
  reportSchema,
  type StreamFacts,
  WATCH_DESCRIPTOR,
  type WatchedCalls,
  watchedCallsSchema,
} from './message.js';

/** How long a command may take to hear a signal. One that computes does not hear it. */
const HEARING_MILLISECONDS = 1500;
/** How long the end of its output may lag behind the end of a process. */
const LAST_WORDS_MILLISECONDS = 500;
/** With this V8 begins the trace of a process that has no memory left. */
const TRACE = /^(<--- Last few GCs --->|FATAL ERROR: |#\n# Fatal )/m;
const KEPT_CHARACTERS = 20_000;

export interface SupervisionContext {
  readonly host: Host;
  readonly terminal: Terminal;
}

/**
 * Runs a command in a process of its own and returns its exit status.
 *
 * @throws {WorkError} where the process had to be ended, or ended without a result
 * @throws {Interrupted} where the user did not want to wait for code that does not end
 */
export async function supervise(args: readonly string[], context: SupervisionContext): Promise<number> {
  const supervision = new Supervision(args, context, allowanceFrom(context.host.env));
  return supervision.status();
}

class Supervision {
  readonly #context: SupervisionContext;
  readonly #allowance: Allowance;
  readonly #debug: boolean;
  readonly #child: ChildProcess;
  readonly #cleanups: (() => void)[] = [];
  #calls: WatchedCalls = [];
  #goOn: string | undefined;
  #exitReason: string | undefined;
  /** The trace that V8 or the system's libraries print of a process that dies. */
  #trace = '';
  #hasHeard = false;
  #signals = 0;
  /** The first verdict counts. */
  #verdict: { readonly status: number } | { readonly problem: Error } | undefined;

  constructor(args: readonly string[], context: SupervisionContext, allowance: Allowance) {
    this.#context = context;
    this.#allowance = allowance;
    this.#debug = args.includes('--debug');
    // What the user's code prints comes by standard output and standard error: neither is the command's own.
    const child = fork(new URL('./supervised.js', import.meta.url), {
      stdio: ['inherit', 'pipe', 'pipe', 'ipc', 'pipe'],
    });
    this.#child = child;
    child.on('message', (message) => this.#hear(message, args));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#relayPrinted(text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#relayErrors(text));
    const watch = child.stdio[WATCH_DESCRIPTOR];
    if (watch instanceof Readable) {
      watch.on('error', () => {});
      createInterface({ input: watch }).on('line', (line) => this.#look(line));
    }
    this.#cleanups.push(context.host.onSignal((signal) => this.#receive(signal)));
    const resize = () => this.#order({ kind: 'resized', ...this.#streams() });
    process.stdout.on('resize', resize);
    this.#cleanups.push(() => process.stdout.off('resize', resize));
  }

  async status(): Promise<number> {
    const [code, signal] = await once(this.#child, 'exit');
    // Processes that it began may hold its output open.
    await Promise.race([once(this.#child, 'close'), pause(LAST_WORDS_MILLISECONDS)]);
    for (const cleanup of this.#cleanups) cleanup();
    const verdict = this.#verdict ?? { problem: this.#causeOfDeath(code, signal) };
    if ('status' in verdict) return verdict.status;
    if (this.#debug && this.#trace !== '') this.#context.terminal.alert(() => this.#trace);
    throw verdict.problem;
  }

  #hear(message: unknown, args: readonly string[]): void {
    const report = reportSchema.safeParse(message).data;
    // Code of the user's may send messages, too.
    if (report === undefined || this.#verdict !== undefined) return;
    switch (report.kind) {
      case 'ready':
        this.#order({ kind: 'run', args: [...args], ...this.#streams() });
        break;
      case 'write':
        this.#context.terminal.relay(report.stream, report.text);
        break;
      case 'heard':
        this.#hasHeard = true;
        break;
      case 'resumable':
        this.#goOn = report.command;
        break;
      case 'exit':
        this.#exitReason = report.reason;
        break;
      case 'done':
        this.#verdict = { status: report.status };
        // Without the channel it ends by itself, and so do the processes that it began.
        if (this.#child.connected) this.#child.disconnect();
    }
  }

  #look(line: string): void {
    const calls = watchedCallsSchema.safeParse(JSON.parse(line)).data ?? [];
    this.#calls = calls;
    const excess = excessOf(calls, this.#allowance);
    if (excess !== undefined) this.#end(new WorkError(this.#withGoingOn(excess)));
  }

  #receive(signal: EndingSignal): void {
    this.#signals++;
    if (this.#signals > 1) {
      this.#interrupt(signal);
      return;
    }
    this.#order({ kind: 'signal', signal });
    const began = performance.now();
    // Only code of the user's is ended without being asked a second time.
    const timer = setInterval(() => {
      const isLate = !this.#hasHeard && performance.now() - began > HEARING_MILLISECONDS;
      if (isLate && this.#calls.length > 0) this.#interrupt(signal);
    }, HEARING_MILLISECONDS / 5);
    this.#cleanups.push(() => clearInterval(timer));
  }

  #interrupt(signal: EndingSignal): void {
    const call = this.#calls.at(-1);
    const where = call === undefined ? '' : ` in ${place(call)}, which did not end`;
    this.#end(new Interrupted(this.#withGoingOn(`Stopped${where}.`), signalStatus[signal]));
  }

  #end(problem: Error): void {
    this.#verdict ??= { problem };
    this.#child.kill('SIGKILL');
  }

  #causeOfDeath(code: number | null, signal: NodeJS.Signals | null): WorkError {
    const cause =
      this.#exitReason ??
      memoryDeath(this.#trace, this.#calls) ??
      `The process with the modules of your own ended without a result (${signal ?? `exit status ${code}`})${signal === 'SIGKILL' ? ': by hand, or by the system because memory ran out' : ''}.`;
    return new WorkError(this.#withGoingOn(cause));
  }

  #withGoingOn(sentence: string): string {
    return this.#goOn === undefined
      ? sentence
      : `${sentence} What was recorded is kept. To go on after that:\n  ${this.#goOn}`;
  }

  #relayPrinted(text: string): void {
    this.#context.terminal.relayPrinted(text);
  }

  #relayErrors(text: string): void {
    if (this.#trace === '') {
      const at = text.search(TRACE);
      if (at > 0 || at < 0) this.#relayPrinted(at < 0 ? text : text.slice(0, at).trimEnd());
      if (at >= 0) this.#trace = text.slice(at);
    } else this.#trace = (this.#trace + text).slice(0, KEPT_CHARACTERS);
  }

  #order(order: Order): void {
    if (this.#child.connected) this.#child.send(order, () => {});
  }

  #streams(): { readonly stdout: StreamFacts; readonly stderr: StreamFacts } {
    const { stdout, stderr } = this.#context.host;
    const facts = ({ isTTY = false, columns }: OutputStream) => ({
      isTTY,
      ...(columns !== undefined && { columns }),
    });
    return { stdout: facts(stdout), stderr: facts(stderr) };
  }
}
