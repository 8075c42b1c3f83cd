/** @file The best by a cheap score: of a pool for samples (warm start), of a few for mutations (pre-screening). */
import type { Json } from '../../json.js';
import { Random } from '../../random.js';
import { remembered } from '../remembered.js';
import type { Guidance } from './guided-space.js';

/** A sample that was scored. */
interface Member<A> {
  readonly architecture: A;
  readonly canonical: string;
  readonly score: number;
}

interface ScreenedSpace<A extends Json> {
  /** A sample that nothing has screened. */
  draw(random: Random): A;
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
  readonly #pool: (Member<A> | undefined)[] = [];
  readonly #draws: Random;

  constructor(guidance: Guidance<A>, space: ScreenedSpace<A>) {
    this.#guidance = guidance;
    this.#space = space;
    this.#draws = new Random(guidance.seed).stream('guidance');
    this.#score = remembered((architecture: A) => {
      const score = guidance.score(architecture);
      return Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score;
    });
  }

  /** The best of several members of the pool; a sample as it is for the share that is not screened. */
  sample(random: Random): A {
    return (this.#spares(random) ? null : this.#best(random)) ?? this.#space.draw(random);
  }

  /** The same among those that are not in `seen`, by canonical form; `null` where it is not to be screened, or none was met. */
  unseen(seen: ReadonlyMap<string, A>, random: Random): A | null {
    return this.#spares(random) ? null : this.#best(random, ({ canonical }) => !seen.has(canonical));
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

  #best(random: Random, fits: (member: Member<A>) => boolean = () => true): A | null {
    let best: Member<A> | null = null;
    for (let left = this.#guidance.samples; left > 0; left--) {
      const member = this.#member(random.integer(this.#guidance.pool));
      if (fits(member) && (best === null || member.score > best.score)) best = member;
    }
    return best?.architecture ?? null;
  }

  /** Drawn and scored when it is first met, from a stream of its own: whatever comes first, the pool is the same. */
  #member(place: number): Member<A> {
    const known = this.#pool[place];
    if (known !== undefined) return known;
    const architecture = this.#space.draw(this.#draws.stream(place));
    const canonical = this.#space.canonical(architecture);
    const member = { architecture, canonical, score: this.#score(architecture) };
    this.#pool[place] = member;
    return member;
  }
}
