/** @file Replays on a table in child processes, each busy with some runs at a time. */
import { fork } from 'node:child_process';
import { WorkError } from '../error.js';
import type { Replayed } from './replayed-search.js';
import type { StrategyChoice } from './tabulated-strategy.js';
import type { TabulationColumns } from './tabulation.js';

/** What a child process is asked. */
export interface ReplayRequest {
  readonly path: string;
  readonly columns: TabulationColumns;
  readonly strategy: StrategyChoice;
  /** One for each run. */
  readonly seeds: readonly number[];
  readonly evaluations: number;
  readonly workers: number;
}

/** What it answers: a course for each seed, or what went wrong. */
export type ReplayAnswer = { readonly runs: readonly Replayed[] } | { readonly problem: string };

export interface ReplayPoolOptions {
  readonly processes: number;
  readonly onAnswer?: (request: ReplayRequest) => void;
}

/**
 * The runs of every request, in the order of the requests.
 *
 * @throws {WorkError} where a search fails or a process dies
 */
export async function replayInProcesses(
  requests: readonly ReplayRequest[],
  { processes, onAnswer }: ReplayPoolOptions,
): Promise<(readonly Replayed[])[]> {
  const answers: (readonly Replayed[])[] = [];
  const started: ReplayProcess[] = [];
  const left = requests.entries();
  const work = async (): Promise<void> => {
    const child = new ReplayProcess();
    started.push(child);
    for (const [index, request] of left) {
      answers[index] = await child.replay(request);
      onAnswer?.(request);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(processes, requests.length) }, work));
  } finally {
    for (const child of started) child.kill();
  }
  return answers;
}

/** A child process that answers one request at a time. */
class ReplayProcess {
  readonly #child = fork(new URL('./replay-process.js', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  /** Why it ended. */
  readonly #death = new Promise<string>((resolve) => {
    this.#child.once('error', (error) => resolve(error.message));
    this.#child.once('exit', (code, signal) => resolve(signal ?? `exit status ${code}`));
  });

  async replay(request: ReplayRequest): Promise<readonly Replayed[]> {
    const answered = new Promise<ReplayAnswer>((resolve) => this.#child.once('message', resolve));
    this.#child.send(request);
    const { name } = request.strategy;
    const answer = await Promise.race([answered, this.#death]);
    if (typeof answer === 'string') throw new WorkError(`The process that replayed ${name} ended: ${answer}.`);
    if ('runs' in answer) return answer.runs;
    throw new WorkError(`The strategy ${name} could not be replayed: ${answer.problem}`);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
