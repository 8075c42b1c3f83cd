/** @file What a surrogate is: a model of scores that learns from a search. */
import type { Json } from '../../json.js';
import type { Score } from '../score.js';
import type { Outline } from './gaussian-process.js';

/** It tells what any architecture may score, and how sure that is. */
export interface Surrogate {
  /** How many observations have scores. */
  readonly scored: number;
  /** Adds what became of an architecture. */
  observe(architecture: Json, score: Score): void;
  /**
   * What is known now. Valid until the next observation or posterior.
   * @param open architectures whose scores are awaited.
   */
  posterior(open?: Iterable<Json>): Promise<Posterior>;
  /** Frees what it holds outside of JavaScript's memory. */
  close(): Promise<void>;
}

/** Predictions of normal scores: 0 is the median of what has been observed, 1 about the best sixth. */
export interface Posterior {
  /** The highest mean at an observed architecture: the best score, freed of its luck. */
  readonly best: number;
  /** Standard deviation of what chance adds to an observation, beside the deviations of predictions; 0 where these hold it. */
  readonly noise: number;
  /** For each of the architectures. */
  at(architectures: readonly Json[]): Promise<readonly Outline[]>;
}
