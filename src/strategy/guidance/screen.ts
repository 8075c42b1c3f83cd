/** @file The best by a cheap score: of a pool for samples (warm start), of a few for mutations (pre-screening). */
import type { Json } from '../../json.js';
import { Random } from '../../random.js';
import { memoised } from '../memoised.js';
import type { Guidance } from './guidance.js';

/** An architecture with its cheap score. */
interface Scored<A> {
  readonly architecture: A;
  readonly score: number;
}

/** What a screen needs of a space. */
interface ScreenedSpace<A extends Json> {
  /** A sample that nothing has screened. */
  draw(random: Random): A;
  /** Equal for architectures that do the same. */
  canonical(architecture: A): string;
}

/**
 * What it gives depends on the guidance and on the `Random` that is passed in, never on what was asked before, so that
 * replaying a search gives the same questions: it keeps nothing but scores.
 */
export class Screen<A extends Json> {
  readonly #guidance: Guidance<A>;
  readonly #space: ScreenedSpace<A>;
  readonly #score: (architecture: A) => number;
  readonly #pool: (Scored<A> | undefined)[] = [];
  readonly #draws: Random;

  constructor(guidance: Guidance<A>, space: ScreenedSpace<A>) {
    this.#guidance = guidance;
    this.#space = space;
    this.#draws = new Random(guidance.seed).stream('guidance');
    this.#score = memoised((architecture: A) => {
      const score = guidance.score(architecture);
      return Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score;
    });
  }

  /**
   * The best of several members of the pool; a sample as it is for the share that is not screened. Strategies that compare
   * many samples by a model of their own thus count no more than the pool.
   */
  sample(random: Random): A {
    if (this.#spares(random)) return this.#space.draw(random);
    const { samples, pool } = this.#guidance;
    const members = Array.from({ length: samples }, () => this.#member(random.integer(pool)));
    return bestOf(members) ?? this.#space.draw(random);
  }

  /**
   * The best of several samples that are not in `seen`, by canonical form; `null` where it is not to be screened, or all were
   * seen. They are drawn for this question alone: a pool of which the best have been asked about would guide no more.
   */
  unseen(seen: ReadonlyMap<string, A>, random: Random): A | null {
    if (this.#spares(random)) return null;
    const fresh = Array.from({ length: this.#guidance.samples }, () => this.#space.draw(random)).filter(
      (architecture) => !seen.has(this.#space.canonical(architecture)),
    );
    return bestOf(fresh.map((architecture) => this.#scored(architecture)));
  }

  /** The best of several mutants; the first one for the share that is not screened. `null` if there are none. */
  mutate(mutant: () => A | null, random: Random): A | null {
    let best = mutant();
    if (this.#spares(random)) return best;
    for (let left = this.#guidance.mutations - 1; left > 0 && best !== null; left--) {
      const other = mutant();
      if (other !== null && this.#score(other) > this.#score(best)) best = other;
    }
    return best;
  }

  #spares(random: Random): boolean {
    return random.uniform() < this.#guidance.unscreened;
  }

  #scored(architecture: A): Scored<A> {
    return { architecture, score: this.#score(architecture) };
  }

  /** Drawn and scored when it is first met, from a stream of its own: whatever comes first, the pool is the same. */
  #member(place: number): Scored<A> {
    const known = this.#pool[place];
    if (known !== undefined) return known;
    const member = this.#scored(this.#space.draw(this.#draws.stream(place)));
    this.#pool[place] = member;
    return member;
  }
}

/** The first of the best; `null` if there are none. */
function bestOf<A>(scored: readonly Scored<A>[]): A | null {
  let best: Scored<A> | null = null;
  for (const one of scored) if (best === null || one.score > best.score) best = one;
  return best?.architecture ?? null;
}
