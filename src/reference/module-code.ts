/** @file The code of one definition in a module of the user's: watched while it runs, its errors put into words. */
import { firstLineOf, UsageError, WorkError } from '../error.js';
import type { UserCode } from '../user-code.js';
import { userCall } from './user-call.js';
import { placeText, userPlaceOf } from './user-place.js';

/** What V8 says of an assignment to what `frozenCopy` gave. */
const CHANGES = /read only property|not extensible|Cannot delete property|Cannot redefine property/;

export class ModuleCode implements UserCode {
  readonly #module: string;
  /** Such as `search space "mine"`. */
  readonly #definition: string;
  readonly #calls = new Map<string, ReturnType<typeof userCall>>();

  constructor(module: string, definition: string) {
    this.#module = module;
    this.#definition = definition;
  }

  run<T>(name: string, body: () => T, subject?: () => string): T {
    return this.#watched(name, body, (error) => this.#failure(name, error, subject?.()));
  }

  pass<T>(name: string, body: () => T): T {
    return this.#watched(name, body, (error) => {
      const isTheirs = !(error instanceof Error) || userPlaceOf(error) !== undefined;
      return isTheirs ? this.#failure(name, error, undefined) : error;
    });
  }

  wrong(name: string, what: string, allowed: string): UsageError {
    return new UsageError(`${this.#place(name)} ${what}, but it must ${allowed}.`);
  }

  #watched<T>(name: string, body: () => T, explain: (error: unknown) => unknown): T;
  #watched(name: string, body: () => unknown, explain: (error: unknown) => unknown): unknown {
    let call = this.#calls.get(name);
    if (call === undefined) {
      call = userCall({ module: this.#module, name });
      this.#calls.set(name, call);
    }
    try {
      const result = call(body);
      if (!(result instanceof Promise)) return result;
      return result.catch((error: unknown) => {
        throw explain(error);
      });
    } catch (error) {
      throw explain(error);
    }
  }

  /** Errors for users are sentences already, whichever installation of this library they come from. */
  #failure(name: string, error: unknown, subject: string | undefined): unknown {
    if (error instanceof UsageError || error instanceof WorkError) return error;
    if (error instanceof Error && error.name === 'UsageError') return new UsageError(error.message, { cause: error });
    if (error instanceof Error && error.name === 'WorkError') return new WorkError(error.message, { cause: error });
    const place = userPlaceOf(error);
    const where = place === undefined ? '' : ` at ${placeText(place)}`;
    const kind = error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : '';
    const what = `${kind}${firstLineOf(error)}`;
    const of = subject === undefined ? '' : ` for ${subject}`;
    const advice = CHANGES.test(what) ? 'it must not change what it is given' : 'correct it';
    return new UsageError(`${this.#place(name)} failed${of}${where} (${what}): ${advice}.`, {
      cause: error,
    });
  }

  #place(name: string): string {
    return `In the module ${this.#module}, ${name} of the ${this.#definition}`;
  }
}
