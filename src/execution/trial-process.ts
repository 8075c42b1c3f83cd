/** @file One child process that runs trials, one at a time: started, limited, and its death put into words. */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { messageOf, WorkError } from '../error.js';
import type { JobRequest } from '../evaluation/evaluation.js';
import type { ExecutionOptions, ExecutionOutcome, TrialLimits } from './executor.js';
import { type WorkerCommand, type WorkerReport, workerReportSchema } from './worker-message.js';

const MEBIBYTE = 2 ** 20;
/** Loading ONNX Runtime takes well below a second; a machine may be busy. */
const START_MILLISECONDS = 60_000;
const MEMORY_POLL_MILLISECONDS = 100;
/** How long the end of standard error may lag behind the end of the process. */
const LAST_WORDS_MILLISECONDS = 200;
const KEPT_CHARACTERS = 8_000;

export interface TrialProcessOptions {
  /** The compiled module to run. */
  readonly entry: URL;
  /** Threads for libraries that read their number from the environment. ONNX Runtime's come with each request. */
  readonly threads: number;
  readonly limits: TrialLimits;
  /** Absolute paths of modules that it loads first. */
  readonly modules: readonly string[];
  /** The folder of the study's artefacts. */
  readonly artifacts: string;
}

/** A process that stays warm from trial to trial: what it loaded for one, such as the images, is there for the next. */
export class TrialProcess {
  readonly #child: ChildProcess;
  readonly #limits: TrialLimits;
  readonly #artifacts: string;
  /** Settled when the process has ended, with the reason in words. */
  readonly #death: Promise<Death>;
  #errorOutput = '';
  #isUsable = true;

  private constructor({ entry, threads, limits, modules, artifacts }: TrialProcessOptions) {
    this.#limits = limits;
    this.#artifacts = artifacts;
    const heap = limits.bytes === null ? [] : [`--max-old-space-size=${Math.ceil(limits.bytes / MEBIBYTE)}`];
    this.#child = fork(entry, {
      execArgv: [...heap, ...modules.flatMap((module) => ['--import', pathToFileURL(module).href])],
      env: { ...process.env, OMP_NUM_THREADS: `${threads}`, VIPS_CONCURRENCY: `${threads}` },
      // Standard output is the searching process's own: with --json it holds one document and nothing else.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errorOutput = (this.#errorOutput + text).slice(-KEPT_CHARACTERS);
    });
    this.#death = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        // Also raised for a message that came too late for the process: then it ends by itself.
        if (this.#child.pid === undefined) {
          resolve({ isLost: false, reason: `its process could not be started: ${messageOf(error)}` });
        }
      });
      this.#child.on('exit', (code, signal) => {
        this.#isUsable = false;
        const explain = () => resolve(deathOf(code, signal, this.#errorOutput));
        this.#child.on('close', explain);
        setTimeout(explain, LAST_WORDS_MILLISECONDS).unref();
      });
    });
  }

  /**
   * Starts a process and waits until it is ready.
   *
   * @throws {WorkError} where it ends, or does not answer within a minute
   */
  static async start(options: TrialProcessOptions): Promise<TrialProcess> {
    const started = new TrialProcess(options);
    let timer: NodeJS.Timeout | undefined;
    const ready = new Promise<undefined>((resolve) => {
      const hear = (message: unknown) => {
        if (workerReportSchema.safeParse(message).data?.kind !== 'ready') return;
        started.#child.off('message', hear);
        resolve(undefined);
      };
      started.#child.on('message', hear);
    });
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve('its process did not answer within a minute'), START_MILLISECONDS);
    });
    const problem = await Promise.race([ready, started.#death.then(({ reason }) => reason), late]);
    clearTimeout(timer);
    if (problem === undefined) return started;
    await started.kill();
    throw new WorkError(`The process that runs trials cannot be started: ${problem}.`);
  }

  /** Whether it can run a further trial: it lives, and nobody has ended it. */
  get isUsable(): boolean {
    return this.#isUsable;
  }

  /** The operating system's number of the process. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends the process at once, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#isUsable = false;
    this.#child.kill('SIGKILL');
    await this.#death;
  }

  /** Runs one job. Whatever does not end by itself ends with the process. */
  async run(request: JobRequest, options: ExecutionOptions): Promise<ExecutionOutcome> {
    const { onPoint, onCheckpoint, signal, limits = this.#limits } = options;
    const cleanups: (() => void)[] = [];
    const ended = new Promise<ExecutionOutcome>((resolve) => {
      // The first verdict counts. It stands when the process is gone and its memory is free for the next trial.
      let isSettled = false;
      const verdict = (outcome: ExecutionOutcome) => {
        if (isSettled) return;
        isSettled = true;
        void this.kill().then(() => resolve(outcome));
      };
      const fail = (reason: string) => verdict({ state: 'failed', reason });

      const hear = (message: unknown) => {
        if (isSettled) return;
        const parsed = workerReportSchema.safeParse(message);
        if (!parsed.success) return fail('its process sent a message that makes no sense');
        const report: WorkerReport = parsed.data;
        if (report.kind === 'point') onPoint(report.point);
        if (report.kind === 'checkpoint') onCheckpoint?.(report.artifact);
        if (report.kind === 'memory') checkMemory(report.bytes);
        if (report.kind === 'failed') resolve({ state: 'failed', reason: report.reason });
        if (report.kind === 'completed') resolve({ state: 'completed', result: report.result });
      };
      this.#child.on('message', hear);
      cleanups.push(() => this.#child.off('message', hear));

      const stop = () => verdict({ state: 'stopped' });
      signal.addEventListener('abort', stop);
      cleanups.push(() => signal.removeEventListener('abort', stop));

      const checkMemory = (bytes: number) => {
        if (limits.bytes === null || bytes <= limits.bytes) return;
        fail(`it used ${inMebibytes(bytes)} of memory, more than its limit of ${inMebibytes(limits.bytes)}`);
      };
      if (limits.bytes !== null && process.platform === 'linux') {
        const poll = setInterval(() => checkMemory(residentBytes(this.#child.pid)), MEMORY_POLL_MILLISECONDS);
        cleanups.push(() => clearInterval(poll));
      }
      if (limits.seconds !== null) {
        const { seconds } = limits;
        const timer = setTimeout(() => fail(`it took longer than its limit of ${seconds} s`), seconds * 1000);
        cleanups.push(() => clearTimeout(timer));
      }

      void this.#death.then(({ isLost, reason }) => verdict({ state: isLost ? 'lost' : 'failed', reason }));
      if (signal.aborted) stop();
      else this.#child.send({ kind: 'run', request, artifacts: this.#artifacts } satisfies WorkerCommand, () => {});
    });
    const outcome = await ended;
    for (const cleanup of cleanups) cleanup();
    return outcome;
  }
}

const inMebibytes = (bytes: number): string => `${Math.round(bytes / MEBIBYTE)} MiB`;

/** Resident memory of a process on Linux, 0 where it has ended. */
function residentBytes(pid: number | undefined): number {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return 1024 * Number(kibibytes ?? 0);
  } catch {
    return 0;
  }
}

/** How a process ended that nobody here has ended. */
interface Death {
  /** Whether it was killed from outside, which says nothing of what it did. */
  readonly isLost: boolean;
  readonly reason: string;
}

function deathOf(code: number | null, signal: NodeJS.Signals | null, errorOutput: string): Death {
  const fault = (reason: string): Death => ({ isLost: false, reason });
  if (/heap out of memory/i.test(errorOutput)) return fault('its process ran out of JavaScript heap memory');
  if (signal === 'SIGKILL') {
    return {
      isLost: true,
      reason: 'its process was killed (SIGKILL): by hand, or by the system because memory ran out',
    };
  }
  // Of an uncaught error, Node.js prints the message in the middle.
  const lines = errorOutput.trimEnd().split('\n');
  const line = lines.findLast((text) => /^\w*Error\b.*: /.test(text)) ?? lines.at(-1);
  const lastWords = line ? `; its last words: ${line.trim().slice(0, 300)}` : '';
  if (signal !== null)
    return fault(`its process crashed in native code or was ended from outside (${signal})${lastWords}`);
  return fault(`its process exited with code ${code}${lastWords}`);
}
