/** @file What code of the user's own took too much of, in words. */
import type { Allowance } from './allowance.js';
import type { WatchedCalls } from './message.js';

type Call = WatchedCalls[number];

/** A function and its module. */
export const place = ({ module, name }: Pick<Call, 'module' | 'name'>): string => `${name} of the module ${module}`;

/** Why calls are to be ended: the innermost that is over the allowance; `undefined` where none is. */
export function excessOf(calls: WatchedCalls, { seconds, bytes }: Allowance): string | undefined {
  const late = calls.findLast((call) => call.seconds > seconds);
  if (late !== undefined) {
    return `After ${seconds} s ${place(late)} had not ended, and was ended: correct it, or allow it more time by the environment variable NASTURTIUM_MODULE_SECONDS.`;
  }
  const large = calls.findLast((call) => call.bytes > bytes);
  if (large === undefined) return undefined;
  return `The process grew by more than ${mebibytes(bytes)} in ${place(large)}, and was ended: correct it, or allow it more by the environment variable NASTURTIUM_MODULE_MEMORY.`;
}

/** Of the trace of a process that had no memory left: who took it; `undefined` for any other trace. */
export function memoryDeath(trace: string, calls: WatchedCalls): string | undefined {
  if (!/out of memory|Allocation failed/i.test(trace)) return undefined;
  const call = calls.at(-1);
  return call === undefined
    ? 'The process with the modules of your own had no memory left.'
    : `There was no memory left in ${place(call)}: correct it.`;
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
