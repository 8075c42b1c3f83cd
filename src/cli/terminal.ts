/** @file Where output goes: one result on stdout, everything else on stderr, colour and bars only on a terminal. */
import picocolors from 'picocolors';

/** Functions that colour a text, or leave it as it is. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** `human`: tables and progress; `json`: one document; `quiet`: the result alone. */
export type OutputMode = 'human' | 'json' | 'quiet';

/** What of a stream is needed here. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  /** Columns of a terminal. */
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface TerminalOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: NodeJS.ProcessEnv;
  readonly mode: OutputMode;
}

/** A status line is drawn anew at most this often. */
const REDRAW_MILLISECONDS = 100;

/** Everything that a command writes goes through here. */
export class Terminal {
  readonly mode: OutputMode;
  /** For text on stdout. */
  readonly colors: Colors;
  /** For text on stderr. */
  readonly noteColors: Colors;
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  readonly #drawsBars: boolean;
  #status = '';
  #drawn = 0;
  #hasResult = false;

  constructor({ stdout, stderr, env, mode }: TerminalOptions) {
    this.mode = mode;
    this.#stdout = stdout;
    this.#stderr = stderr;
    const plain = Boolean(env.NO_COLOR) || env.TERM === 'dumb';
    this.colors = picocolors.createColors(!plain && stdout.isTTY === true);
    this.noteColors = picocolors.createColors(!plain && stderr.isTTY === true);
    this.#drawsBars = !plain && stderr.isTTY === true && mode !== 'quiet';
  }

  /** The result of the command: a JSON document, or the text for people, in lines of at most `width` columns. */
  result(document: object, text: (colors: Colors, width: number) => string): void {
    this.clearStatus();
    this.#hasResult = true;
    const shown = this.mode === 'json' ? JSON.stringify(document, null, 2) : text(this.colors, this.#width);
    if (shown !== '') this.#stdout.write(`${shown}\n`);
  }

  /** Whether the one result was written. */
  get hasResult(): boolean {
    return this.#hasResult;
  }

  /** Text that a command in another process has written to one of the streams, as it is. */
  relay(stream: 'stdout' | 'stderr', text: string): void {
    if (stream === 'stdout') {
      this.#hasResult = true;
      this.#stdout.write(text);
    } else {
      // What does not end a line is a status line that is still to be drawn over.
      this.#status = text.endsWith('\n') ? '' : text;
      this.#stderr.write(text);
    }
  }

  /** Text that code of the user's has printed: it goes to stderr, and the status line around it. */
  relayPrinted(text: string): void {
    const status = this.#status;
    this.clearStatus();
    this.#stderr.write(text);
    if (status === '' || !text.endsWith('\n')) return;
    this.#status = status;
    this.#stderr.write(status);
  }

  /** Advice that follows a result; for people only. */
  hint(text: (colors: Colors) => string): void {
    if (this.mode === 'human') this.#stdout.write(`${text(this.colors)}\n`);
  }

  /** A line on what goes on; for people only. */
  note(text: (colors: Colors) => string): void {
    if (this.mode === 'human') this.#line(text(this.noteColors));
  }

  /** What somebody must see in every mode, such as an error. */
  alert(text: (colors: Colors) => string): void {
    this.#line(text(this.noteColors));
  }

  /** Whether there is a status line to draw. */
  get drawsStatus(): boolean {
    return this.#drawsBars;
  }

  /** Columns for text on stdout; without limit where that is no terminal, as programs read lines. */
  get #width(): number {
    return this.#stdout.isTTY === true ? (this.#stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
  }

  /** Shows what goes on in one line that is drawn over and over; does nothing where stderr is no terminal. */
  status(text: (colors: Colors) => string, now: number = performance.now()): void {
    if (!this.#drawsBars || now - this.#drawn < REDRAW_MILLISECONDS) return;
    this.#drawn = now;
    this.#status = text(this.noteColors);
    this.#stderr.write(`\r\u001b[2K${this.#status}`);
  }

  /** Takes the status line away. */
  clearStatus(): void {
    if (this.#status === '') return;
    this.#status = '';
    this.#drawn = 0;
    this.#stderr.write('\r\u001b[2K');
  }

  #line(text: string): void {
    const status = this.#status;
    this.clearStatus();
    this.#stderr.write(`${text}\n`);
    if (status === '') return;
    this.#status = status;
    this.#stderr.write(status);
  }
}
