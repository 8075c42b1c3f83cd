/** @file Calls of the user's own code: which of them run now is noted where another thread can read it, as code that never ends cannot be asked. */

/** A function of a user's module. */
export interface UserFunction {
  /** The absolute path of the module. */
  readonly module: string;
  /** As the user knows it, such as `build`. */
  readonly name: string;
}

/** How many calls may run at once: nested ones, and promises that are open. */
const SLOTS = 64;
/** Integers of a slot: the number of the call that is in it, 0 where there is none, and its function. */
export const SLOT_INTEGERS = 2;

/** Shared with a thread that watches: integers in slots. */
export const runningCalls = new Int32Array(new SharedArrayBuffer(SLOTS * SLOT_INTEGERS * Int32Array.BYTES_PER_ELEMENT));

const functions: UserFunction[] = [];
const listeners: ((index: number, called: UserFunction) => void)[] = [];
let calls = 0;

/** Tells of every function that may be called, those known already among them, by its number in the slots. */
export function hearUserFunctions(listener: (index: number, called: UserFunction) => void): void {
  for (const [index, called] of functions.entries()) listener(index, called);
  listeners.push(listener);
}

/** The function that was called last among those that have not ended. */
export function currentUserFunction(): UserFunction | undefined {
  let newest = 0;
  let current: UserFunction | undefined;
  for (let at = 0; at < runningCalls.length; at += SLOT_INTEGERS) {
    const call = runningCalls[at] ?? 0;
    if (call <= newest) continue;
    newest = call;
    current = functions[runningCalls[at + 1] ?? 0];
  }
  return current;
}

/** Makes a function known; what it gives runs a body as a call of it. A promise ends when it is settled. */
export function userCall(called: UserFunction): <T>(body: () => T) => T {
  const index = functions.push(called) - 1;
  for (const listener of listeners) listener(index, called);
  return (body) => {
    const slot = enter(index);
    let isOpen = false;
    try {
      const result = body();
      if (result instanceof Promise) {
        isOpen = true;
        const settle = () => leave(slot);
        result.then(settle, settle);
      }
      return result;
    } finally {
      if (!isOpen) leave(slot);
    }
  };
}

/** A free slot; where there is none, the call is not watched. */
function enter(index: number): number {
  for (let at = 0; at < runningCalls.length; at += SLOT_INTEGERS) {
    if (runningCalls[at] !== 0) continue;
    Atomics.store(runningCalls, at + 1, index);
    // Never 0, also after very many calls.
    calls = (calls % 0x7fff_ffff) + 1;
    Atomics.store(runningCalls, at, calls);
    return at;
  }
  return -1;
}

function leave(slot: number): void {
  if (slot >= 0) Atomics.store(runningCalls, slot, 0);
}
