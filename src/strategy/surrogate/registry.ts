/** @file The surrogates by name. */
import { type EnsembleOptions, EnsembleSurrogate } from './ensemble.js';
import { ForestSurrogate } from './forest-surrogate.js';
import { GaussianProcessSurrogate } from './gaussian-process-surrogate.js';
import type { Surrogate } from './surrogate.js';

/** The names of all surrogates. */
export const surrogateNames = ['gaussian-process', 'forest', 'ensemble'] as const;

/** One of `surrogateNames`. */
export type SurrogateName = (typeof surrogateNames)[number];

/** What any of them may need. */
export interface SurrogateOptions extends Omit<EnsembleOptions, 'engine'> {
  /** Called for what trains networks only. */
  engine(): EnsembleOptions['engine'];
}

/** The surrogate of this name. */
export function createSurrogate(name: SurrogateName, options: SurrogateOptions): Surrogate {
  if (name === 'gaussian-process') return new GaussianProcessSurrogate(options.space);
  if (name === 'forest') return new ForestSurrogate(options.space, options.random);
  return new EnsembleSurrogate({ ...options, engine: options.engine() });
}
