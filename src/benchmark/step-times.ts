/** @file Training steps timed in fresh child processes, so that one network's memory is not another's. */
import { fork } from 'node:child_process';
import { WorkError } from '../error.js';
import type { NetworkJson } from '../nn/network.js';
import type { Workload } from './workload.js';

/** What a child process is asked. */
export interface StepRequest {
  readonly network: NetworkJson;
  readonly batch: number;
  readonly threads: number;
  readonly steps: number;
}

/** What it answers, in milliseconds. */
export interface StepReport {
  /** From the network's JSON to a trainer that can step: building, differentiation, emission, ONNX Runtime's session. */
  readonly preparation: number;
  /** Of each step after the first few. */
  readonly times: readonly number[];
  /** The largest resident memory of the process, Node.js and ONNX Runtime included. */
  readonly peakMemoryBytes: number;
}

export interface StepOptions {
  readonly threads: number;
  readonly steps: number;
  /** How many processes train the network at once. */
  readonly processes: number;
  /** The compiled module that a process runs. */
  readonly entry?: URL | undefined;
}

/**
 * Trains one network on a fixed batch of random pixels, in one process or in several at once.
 *
 * @throws {WorkError} where a process ends without an answer
 */
export async function stepTimes(
  { network, batch, name }: Workload,
  { threads, steps, processes, entry = new URL('./step-process.js', import.meta.url) }: StepOptions,
): Promise<StepReport[]> {
  const request: StepRequest = { network: network.toJson(), batch, threads, steps };
  return Promise.all(Array.from({ length: processes }, () => ask(request, name, entry)));
}

function ask(request: StepRequest, name: string, entry: URL): Promise<StepReport> {
  return new Promise((resolve, reject) => {
    const child = fork(entry, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.once('message', (report: StepReport) => {
      resolve(report);
      child.disconnect();
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new WorkError(`The process that timed ${name} ended with ${signal ?? `exit status ${code}`}.`));
    });
    child.send(request);
  });
}
