/** @file Learning curves: numbers by name, measured again and again while work goes on. */

/** Numbers by name. */
export type Numbers = { readonly [name: string]: number };

/** One point of a curve, measured at the end of an epoch, or of the work. */
export interface Point {
  /** From 1; a fraction where the work ended within an epoch. */
  readonly epoch: number;
  /** Wall-clock seconds since the work began. */
  readonly seconds: number;
  readonly values: Numbers;
}
