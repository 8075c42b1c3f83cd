/** @file What guides a search: a cheap score of architectures, and how much it decides. */
import type { Json } from '../../json.js';

/** Higher is better; NaN, where it cannot tell, is below all else. Pure: what it gives is remembered. */
export type CheapScore<A extends Json = Json> = (architecture: A) => number;

/** What candidates are screened by, and how many at a time. */
export interface GuidanceOptions {
  /** Samples of which the best is drawn. Default 47: Abdelfattah et al. 2021 begin with the best 64 of 3,000. */
  readonly samples: number;
  /** Samples that are scored in all, from which those come. Default 3,000, as there. */
  readonly pool: number;
  /** Mutations of which the best is proposed. Default 4. */
  readonly mutations: number;
  /** Share of draws and mutations that are not screened, as a score may be wrong. Default 0.25. */
  readonly unscreened: number;
  /** Of the pool. Default 0. */
  readonly seed: number;
}

/** How candidates are screened before they are asked about. */
export interface Guidance<A extends Json = Json> extends GuidanceOptions {
  readonly score: CheapScore<A>;
}

export const guidanceDefaults: GuidanceOptions = { samples: 47, pool: 3_000, mutations: 4, unscreened: 0.25, seed: 0 };
