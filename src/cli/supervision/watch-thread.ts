/**
 * @file The thread beside the user's code: it tells the supervising process which calls do not end, and ends its process
 * where the supervising one is gone.
 */
import { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { SLOT_INTEGERS, type UserFunction } from '../../reference/user-call.js';
import { WATCH_DESCRIPTOR, type WatchedCalls } from './message.js';

const LOOK_MILLISECONDS = 100;
/** Calls that end sooner are nobody's concern. */
const LEAST_SECONDS = 0.2;

interface Seen {
  readonly call: number;
  readonly since: number;
  readonly bytes: number;
}

const running: Int32Array = workerData;
const functions: UserFunction[] = [];
const seen = new Map<number, Seen>();
let hasTold = false;

const supervisor = new Socket({ fd: WATCH_DESCRIPTOR });
// Code that never ends does not hear that nobody waits for it any more.
supervisor.on('close', () => process.kill(process.pid, 'SIGKILL'));
supervisor.on('error', () => {});
supervisor.resume();

parentPort?.on('message', ({ index, called }: { index: number; called: UserFunction }) => {
  functions[index] = called;
});

setInterval(() => {
  const calls = look();
  if (calls.length === 0 && !hasTold) return;
  hasTold = calls.length > 0;
  supervisor.write(`${JSON.stringify(calls)}\n`);
}, LOOK_MILLISECONDS);

function look(): WatchedCalls {
  const now = performance.now();
  const bytes = process.memoryUsage.rss();
  const calls: (WatchedCalls[number] & { readonly call: number })[] = [];
  for (let at = 0; at < running.length; at += SLOT_INTEGERS) {
    const call = Atomics.load(running, at);
    const before = seen.get(at);
    if (call === 0) seen.delete(at);
    else if (before?.call !== call) seen.set(at, { call, since: now, bytes });
    else {
      const called = functions[Atomics.load(running, at + 1)];
      const seconds = (now - before.since) / 1000;
      if (called === undefined || seconds < LEAST_SECONDS) continue;
      calls.push({ ...called, seconds, bytes: bytes - before.bytes, call });
    }
  }
  return calls.sort((one, other) => one.call - other.call).map(({ call: _, ...rest }) => rest);
}
