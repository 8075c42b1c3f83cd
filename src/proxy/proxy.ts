/** @file What a proxy is: a score that a network has before it is trained. */
import type { Network } from '../nn/network.js';
import type { ProxyGraph } from './graph.js';
import type { Need } from './need.js';
import type { Probe } from './probe.js';

/** What a proxy makes its score of. */
export interface Measured {
  readonly network: Network;
  readonly graph: ProxyGraph;
  /** Of the first batch. */
  readonly labels: Int32Array;
  /** What a probe measured on the first batch. */
  of<T>(probe: Probe<T>): T;
  /** What a probe measured on each batch. */
  each<T>(probe: Probe<T>): readonly T[];
}

/** A score without training; the higher, the better the network is taken to be. */
export interface ProxyDefinition {
  readonly name: string;
  readonly title: string;
  readonly paper: string;
  /** What it computes, in words. */
  readonly description: string;
  /** Where it is known to mislead. */
  readonly weakness: string;
  /** What it is undefined without. Default: nothing. */
  readonly needs?: readonly Need[];
  /** What is measured for it in the graph. Default: nothing, then no image is looked at. */
  readonly probes?: readonly Probe<unknown>[];
  /** How many batches of labelled images it wants. Default 1. */
  readonly batches?: number;
  /** @throws {UndefinedScore} where the network has no such score, with the reason */
  score(measured: Measured): number;
}

/** A network has no score of some kind; the message is the reason, as a clause. */
export class UndefinedScore extends Error {
  override readonly name = 'UndefinedScore';
}

/** A proxy from its row. */
export const defineProxy = (definition: ProxyDefinition): ProxyDefinition => definition;

/** The sum of what each layer gives. */
export const sumOver = <T>(layers: readonly T[], of: (layer: T, position: number) => number): number =>
  layers.reduce((sum, layer, position) => sum + of(layer, position), 0);

/** Σ f(aᵢ, bᵢ), in double precision. */
export function sumOfPairs(a: Float32Array, b: Float32Array | undefined, f: (a: number, b: number) => number): number {
  if (a.length !== b?.length) throw new RangeError(`${a.length} and ${b?.length ?? 'no'} numbers are no pairs`);
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += f(a[index] as number, b[index] as number);
  return sum;
}

/** √Σ aᵢ², in double precision. */
export function norm(a: Float32Array): number {
  let squares = 0;
  for (const value of a) squares += value * value;
  return Math.sqrt(squares);
}
