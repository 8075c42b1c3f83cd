/**
 * @file An executor of local child processes.
 *
 * The well-kept pools (piscina, tinypool) run short functions in threads or processes of equal standing. Trials need other
 * things from a pool: to end one by force without touching its neighbours, to limit its resident memory while it
 * runs, to learn why a process died, to stream points out of it, and to leave Ctrl-C to the parent. Of these, piscina
 * offers none for processes, and tinypool reports every death alike; what remains of a pool is a list of idle children.
 */
import { messageOf, WorkError } from '../error.js';
import type { JobRequest } from '../evaluation/evaluation.js';
import type { ExecutionOptions, ExecutionOutcome, Executor, TrialLimits } from './executor.js';
import { TrialProcess, type TrialProcessOptions } from './trial-process.js';

/** A process may die while it starts for reasons that pass, such as Ctrl-C before it listens to signals. */
const START_ATTEMPTS = 3;

/** What the processes of a pool are started with. */
export interface ProcessPoolOptions {
  /** Intra-op threads of each trial. */
  readonly threads: number;
  readonly limits: TrialLimits;
  /** Absolute paths of modules that the children load first, for layers of the user's own; default: none. */
  readonly modules?: readonly string[];
  /** The folder of the study's artefacts. */
  readonly artifacts: string;
  /** The compiled module that the children run; default: the one beside this. */
  readonly entry?: URL;
}

/** Runs every trial in a child process of its own, and keeps the processes that survive for the next trials. */
export class ProcessPool implements Executor {
  readonly #options: TrialProcessOptions;
  readonly #all = new Set<TrialProcess>();
  readonly #idle: TrialProcess[] = [];

  constructor(options: ProcessPoolOptions) {
    const { modules = [], entry = new URL('./worker-process.js', import.meta.url), ...others } = options;
    this.#options = { ...others, entry, modules };
  }

  async run(request: JobRequest, options: ExecutionOptions): Promise<ExecutionOutcome> {
    const process = await this.#take(options.signal);
    if (!process) return { state: 'stopped' };
    try {
      return await process.run(request, options);
    } finally {
      this.#return(process);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((process) => process.kill()));
    this.#all.clear();
    this.#idle.length = 0;
  }

  /** An idle process or a new one; `undefined` where the signal came first. */
  async #take(signal: AbortSignal): Promise<TrialProcess | undefined> {
    let problem: unknown;
    for (let attempt = 0; attempt < START_ATTEMPTS && !signal.aborted; attempt++) {
      for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
        if (idle.isUsable) return idle;
        this.#all.delete(idle);
      }
      try {
        const started = await TrialProcess.start(this.#options);
        this.#all.add(started);
        return started;
      } catch (error) {
        problem = error;
      }
    }
    if (signal.aborted) return undefined;
    throw new WorkError(messageOf(problem));
  }

  #return(process: TrialProcess): void {
    if (process.isUsable) this.#idle.push(process);
    else this.#all.delete(process);
  }
}
