/** @file A search space whose samples and mutations a cheap score has screened: guidance for any strategy. */
import type { Json } from '../../json.js';
import type { Random } from '../../random.js';
import { Decision, type DecisionPoint, type DecisionRow, type Revision } from '../../space/decision.js';
import type { Relaxed } from '../../space/mixture.js';
import type { SearchedSpace } from '../feasible-space.js';

/** Higher is better. It is called often: remember what is expensive. */
export type CheapScore = (architecture: Json) => number;

export interface GuidanceOptions {
  /** Samples of which the best is drawn. 47 is 3,000 / 64, the warm start of Abdelfattah et al. 2021. */
  readonly samples: number;
  /** Mutations of which the best is proposed. */
  readonly mutations: number;
  /** Share of draws that are not screened, as a score may be wrong: 0.25 in Abdelfattah et al. */
  readonly unscreened: number;
}

const defaults: GuidanceOptions = { samples: 47, mutations: 4, unscreened: 0.25 };

/**
 * The space for a strategy that knows nothing of scores: its first questions come from the best of a pool (warm start), its
 * mutations from the best of several (pre-screening). Duplicates and isomorphs are screened once. Every architecture stays
 * within reach: the space has the same members, and a share of the draws is left as it is.
 */
export function guidedSpace(
  space: SearchedSpace,
  score: CheapScore,
  options: Partial<GuidanceOptions> = {},
): SearchedSpace {
  const { samples, mutations, unscreened } = { ...defaults, ...options };
  const best = (draw: () => Json, count: number, random: Random): Json => {
    const first = draw();
    if (random.uniform() < unscreened) return first;
    const distinct = new Map([[space.canonical(first), first]]);
    for (let left = count - 1; left > 0; left--) {
      const architecture = draw();
      distinct.set(space.canonical(architecture), architecture);
    }
    const scored = [...distinct.values()].map((architecture) => ({ architecture, value: score(architecture) }));
    return scored.reduce((highest, one) => (one.value > highest.value ? one : highest)).architecture;
  };
  return {
    ...space,
    decisions: new Screened(space.decisions, (random) => best(() => space.decisions.sample(random), samples, random)),
    mutate: (architecture, random) => best(() => space.mutate(architecture, random), mutations, random),
  };
}

/** Decisions that are sampled in another way. */
class Screened extends Decision<Json> {
  readonly #decisions: Decision<Json>;
  readonly #sample: (random: Random) => Json;

  constructor(decisions: Decision<Json>, sample: (random: Random) => Json) {
    super();
    this.#decisions = decisions;
    this.#sample = sample;
  }

  override sample(random: Random): Json {
    return this.#sample(random);
  }

  override size(): bigint {
    return this.#decisions.size();
  }

  override enumerate(): Generator<Json> {
    return this.#decisions.enumerate();
  }

  override validate(value: unknown, path?: string): Json {
    return this.#decisions.validate(value, path);
  }

  override crossover(first: Json, second: Json, random: Random): Json {
    return this.#decisions.crossover(first, second, random);
  }

  override walk(path?: string): Generator<DecisionPoint, Json, number> {
    return this.#decisions.walk(path);
  }

  override revisions(architecture: Json, path?: string): Revision<Json>[] {
    return this.#decisions.revisions(architecture, path);
  }

  override get encodingLength(): number {
    return this.#decisions.encodingLength;
  }

  override writeCode(architecture: Json, code: number[], at: number): void {
    this.#decisions.writeCode(architecture, code, at);
  }

  override describe(path?: string): DecisionRow[] {
    return this.#decisions.describe(path);
  }

  override relaxed(path?: string): Relaxed {
    return this.#decisions.relaxed(path);
  }
}
