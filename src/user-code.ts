/** @file Code of the user's own: how its functions are called, so that whatever goes wrong in them is told as theirs. */
import type { UsageError } from './error.js';

/** The code of one definition that a module of the user's exports. */
export interface UserCode {
  /**
   * Runs a body as a call of this function.
   *
   * @param subject what the function works on, for the message where it fails; default: nothing
   * @throws {UsageError} where it throws anything, in place of that; a promise is rejected with it
   */
  run<T>(name: string, body: () => T, subject?: () => string): T;
  /** As `run`, but errors stay as they are that have been nowhere in the user's code: those of a method that also others call. */
  pass<T>(name: string, body: () => T): T;
  /** The error for what a member is or gave, such as `gave null`. `allowed` ends a sentence that begins with "it must". */
  wrong(name: string, what: string, allowed: string): UsageError;
}

export interface MethodGuard {
  /** Calls a method, as `run` or `pass` of the user's code does. */
  call<T>(name: string, body: () => T): T;
  /** Before the name of every method. Default: nothing. */
  readonly prefix?: string;
  /** Sees what a method gave. @throws {UsageError} where that is wrong */
  check?(name: string, result: unknown): void;
}

/** An object whose methods, and those of the iterators that they give, are called by a guard. It stays of its class. */
export function withGuardedMethods<T extends object>(object: T, guard: MethodGuard): T {
  const { prefix = '' } = guard;
  const guarded: T = new Proxy(object, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function' || key === 'constructor') return value;
      if (typeof key === 'symbol') return key === Symbol.iterator ? () => guarded : value;
      return (...values: unknown[]) => {
        const result: unknown = guard.call(`${prefix}${key}`, () => value.apply(target, values));
        guard.check?.(key, result);
        return isIterator(result) ? withGuardedMethods(result, guard) : result;
      };
    },
  });
  return guarded;
}

const isIterator = (value: unknown): value is Iterator<unknown> =>
  typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function';

/** A copy that cannot be changed, of arrays and plain objects; anything else is passed on as it is. */
export function frozenCopy<T>(value: T): T;
export function frozenCopy(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, frozenCopy(inner)])));
}

/** Whether a value has these methods. */
export const hasMethods = (value: unknown, names: readonly string[]): value is object =>
  typeof value === 'object' && value !== null && names.every((name) => typeof Reflect.get(value, name) === 'function');

/** A value in a sentence, such as `a promise` or `"text"`. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value instanceof Promise) return 'a promise';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'symbol') return 'a symbol';
  const text = jsonOf(value);
  if (text !== undefined && text.length <= 80) return text;
  return Array.isArray(value) ? 'an array' : typeof value === 'string' ? 'a text' : 'an object';
}

function jsonOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
