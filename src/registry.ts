/** @file Definitions by name: one way to find, add and list the spaces, strategies, evaluations, stopping rules and datasets. */
import type { z } from 'zod';
import { UsageError } from './error.js';
import type { Json } from './json.js';
import { didYouMean } from './suggestion.js';
import type { UserCode } from './user-code.js';

/** What is known of anything that has a registry. */
export interface Definition {
  readonly name: string;
  /** Settings with their defaults; unknown keys are errors. None if absent. */
  readonly settings?: z.ZodObject;
}

/** A definition as a study keeps it. */
export interface Reference {
  readonly name: string;
  /** The absolute path of the module that exports it; absent for one that the program knows. */
  readonly module?: string | undefined;
  /** The SHA-256 of that module when the user named it. */
  readonly digest?: string | undefined;
  /** By which this user's programs know that this user named it. */
  readonly seal?: string | undefined;
  /** Checked by the definition, with its defaults. */
  readonly settings: { readonly [key: string]: Json };
}

/** What a registry is about. */
export interface RegistryText<T> {
  /** Such as `search space`. */
  readonly noun: string;
  readonly plural: string;
  /** What the module of one exports, such as `defineSpace({ … })`. */
  readonly maker: string;
  /**
   * What one must have, by the type that it must be of. A definition may come from another installation of nasturtium: what
   * counts is what it can do.
   */
  readonly members: { readonly [type: string]: readonly string[] };
  /**
   * One of a module of the user's, with its functions called as the user's code and what they give checked. Default: as it is.
   * @throws {UsageError} where it is none, though it has all members
   */
  guarded?(one: T, code: UserCode): T;
}

/** Everything of one kind, by name. */
export class Registry<T extends Definition> {
  readonly text: RegistryText<T>;
  readonly #all: T[];

  constructor(text: RegistryText<T>, all: readonly T[]) {
    this.text = text;
    this.#all = [...all];
  }

  /** The noun with its article, such as `an evaluation`. */
  get one(): string {
    return `${/^[aeiou]/.test(this.text.noun) ? 'an' : 'a'} ${this.text.noun}`;
  }

  /** All of them in the order in which they are listed, those included that are registered later. */
  get all(): readonly T[] {
    return this.#all;
  }

  /**
   * The one of this name.
   * @throws {UsageError} where there is none, with the nearest name and all that there are
   */
  named(name: string): T {
    const found = this.#all.find((one) => one.name === name);
    if (found !== undefined) return found;
    const names = this.#all.map((one) => one.name);
    throw new UsageError(
      `There is no ${this.text.noun} "${name}"${didYouMean(name, names)}; there are ${names.join(', ')}.`,
    );
  }

  /**
   * Makes one known by its name.
   * @throws {UsageError} where the name is taken
   */
  register(one: T): void {
    if (this.#all.some(({ name }) => name === one.name)) {
      throw new UsageError(`There is ${this.one} "${one.name}" already: give this one a name of its own.`);
    }
    this.#all.push(one);
  }

  /**
   * One of a module of the user's, whose errors are told as the user's and whose answers are checked.
   * @throws {UsageError} where it is none, though it has all that one must have
   */
  guarded(one: T, code: UserCode): T {
    return this.text.guarded?.(one, code) ?? one;
  }

  /** Whether a value has all that one of this kind must have. */
  accepts(value: unknown): value is T {
    return (
      typeof value === 'object' &&
      value !== null &&
      Object.entries(this.text.members).every(([type, names]) =>
        names.every((name) => typeof Reflect.get(value, name) === type),
      )
    );
  }
}
