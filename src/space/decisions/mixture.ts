/** @file Choices left open: what an architecture holds where a supernet keeps every option. */
import type { Json } from '../../json.js';

/** A choice that is not decided: all its options at once, weighted by architecture weights that the path names. */
export class Mixture<T> {
  readonly path: string;
  readonly options: readonly T[];

  constructor(path: string, options: readonly T[]) {
    this.path = path;
    this.options = options;
  }
}

/** Any architecture, with choices decided or open. */
export type Relaxed = Json | Mixture<Json> | readonly Relaxed[] | { readonly [key: string]: Relaxed };

/** The intersection of the members of a union. */
type Intersection<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void ? I : never;
/** Whether a type is a union. */
type IsUnion<T> = [T] extends [Intersection<T>] ? false : true;
/** Whether a type is `string` itself. */
type IsAnyString<T> = string extends T ? true : false;

/**
 * An architecture of type `A` in which each choice may be left open. A choice is a leaf among several literals, as
 * `choice` infers it, or any string, where the options are not known before; numbers and booleans of `int`, `ordinal` and
 * `bool` are always decided.
 */
export type Relaxable<A> = [Json] extends [A]
  ? Relaxed
  : [A] extends [boolean | null]
    ? A
    : [A] extends [string | number]
      ? true extends IsUnion<A> | IsAnyString<A>
        ? A | Mixture<A>
        : A
      : { readonly [K in keyof A]: Relaxable<A[K]> };
