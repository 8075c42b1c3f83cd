/** @file A search space as strategies see it: only architectures that keep to the limits. */
import type { Json } from '../../json.js';
import type { Random } from '../../random.js';
import type { ArchitectureGraph } from '../../space/architecture-graph.js';
import type { Decision } from '../../space/decisions/decision.js';
import type { SearchSpace } from '../../space/space.js';
import type { Guidance } from '../guidance/guidance.js';
import { Screen } from '../guidance/screen.js';
import type { Constraints, Costs } from './constraints.js';
import { FeasibleRegion } from './feasible-region.js';

/** Uniform draws before repair: where at least a quarter of the space is feasible, 99 % of the samples are uniform. */
const DRAWS = 16;

/** Feasible edits in a row that lead from a known feasible architecture to a sample, where repair has failed. */
const WALK = 32;

/** What strategies use of a search space. */
export interface SearchedSpace<A extends Json = Json>
  extends Pick<SearchSpace<A>, 'decisions' | 'mutate' | 'canonical' | 'graph'> {
  /** By what samples and mutations are screened; they are not if absent. */
  readonly guidance?: Guidance<A>;
}

/**
 * Sampling and editing within limits. Without limits all of it is what the decisions themselves offer. Guidance screens what
 * is feasible, so that what it prefers is never lost to a limit.
 *
 * A feasible architecture is known from the start, and every method ends after a bounded number of costs.
 */
export class FeasibleSpace<A extends Json = Json> {
  readonly decisions: Decision<A>;
  /** What an architecture costs, known before it is evaluated, and remembered; `null` where costs are not known. */
  readonly costOf: ((architecture: A) => Costs) | null;
  readonly #space: SearchedSpace<A>;
  readonly #region: FeasibleRegion<A>;
  readonly #screen: Screen<A> | null;

  /**
   * @param limits or what is known of them already
   * @throws {UsageError} where no architecture keeps to the limits, with the smallest values that the space can reach
   */
  constructor(space: SearchedSpace<A>, limits?: Constraints<A> | FeasibleRegion<A>) {
    this.decisions = space.decisions;
    this.#space = space;
    this.#region = limits instanceof FeasibleRegion ? limits : new FeasibleRegion(space.decisions, limits);
    this.costOf = this.#region.costOf;
    const screened = { draw: (random: Random) => this.#draw(random), canonical: space.canonical };
    this.#screen = space.guidance === undefined ? null : new Screen(space.guidance, screened);
  }

  /** The same architectures within the same limits; samples and mutations are screened. */
  guidedBy(guidance: Guidance<A>): FeasibleSpace<A> {
    return new FeasibleSpace({ ...this.#space, guidance }, this.#region);
  }

  /** Equal for architectures that build isomorphic networks. */
  canonical(architecture: A): string {
    return this.#space.canonical(architecture);
  }

  /** What the architecture computes; `null` where the space describes no graphs. */
  graph(architecture: A): ArchitectureGraph | null {
    return this.#space.graph?.(architecture) ?? null;
  }

  /** Whether the architecture keeps to the limits. */
  isFeasible(architecture: A): boolean {
    return this.#region.excess(architecture) === 0;
  }

  /**
   * A feasible architecture. Uniform where feasible ones are common; where they are rare, an infeasible sample is
   * repaired by edits in random order, each of which brings it closer to the limits. With guidance, the best of several.
   */
  sample(random: Random): A {
    return this.#screen === null ? this.#draw(random) : this.#screen.sample(random);
  }

  /**
   * A feasible mutation as the space defines it; where those that were tried are not feasible, a feasible architecture
   * that differs in one decision; `null` if there is none. With guidance, the best of several.
   */
  mutate(architecture: A, random: Random): A | null {
    const mutant = () => this.#mutant(architecture, random);
    return this.#screen === null ? mutant() : this.#screen.mutate(mutant, random);
  }

  /** A feasible child that takes its decisions from its parents; one of the parents where no such child is found. */
  crossover(first: A, second: A, random: Random): A {
    return this.#attempt(() => this.decisions.crossover(first, second, random)) ?? random.pick([first, second]);
  }

  /** Every feasible architecture that differs in one decision. */
  *neighbours(architecture: A): Generator<A> {
    for (const neighbour of this.decisions.neighbours(architecture)) {
      if (this.isFeasible(neighbour)) yield neighbour;
    }
  }

  /** The same, edit by edit in random order; lazily, since each neighbour has to be counted. */
  *shuffledNeighbours(architecture: A, random: Random): Generator<A> {
    for (const neighbour of this.#shuffled(architecture, random)) if (this.isFeasible(neighbour)) yield neighbour;
  }

  /**
   * A feasible architecture that is not among `seen` (by canonical form): drawn, or else next to one of those. `null` if
   * there is none: then all have been seen, provided that single edits connect the feasible ones, as they mostly do
   * without limits and under limits on costs that grow with each decision, and that what is next to an architecture is, up
   * to isomorphism, next to those that are isomorphic to it: of each form, one was seen.
   */
  unseen(seen: ReadonlyMap<string, A>, random: Random): A | null {
    return this.#screen?.unseen(seen, random) ?? this.#unscreenedUnseen(seen, random);
  }

  #unscreenedUnseen(seen: ReadonlyMap<string, A>, random: Random): A | null {
    const isNew = (architecture: A) => !seen.has(this.canonical(architecture));
    for (let draw = 0; draw < DRAWS; draw++) {
      const architecture = this.#draw(random);
      if (isNew(architecture)) return architecture;
    }
    for (const architecture of inRandomOrder(seen.values(), random)) {
      for (const neighbour of this.#shuffled(architecture, random)) {
        if (isNew(neighbour) && this.isFeasible(neighbour)) return neighbour;
      }
    }
    return null;
  }

  #draw(random: Random): A {
    const draw = this.#attempt(() => this.decisions.sample(random));
    return draw ?? this.#repair(this.decisions.sample(random), random) ?? this.#wander(random);
  }

  #mutant(architecture: A, random: Random): A | null {
    if (this.decisions.size() === 1n) return null;
    const mutant = this.#attempt(() => this.#space.mutate(architecture, random));
    if (mutant !== null) return mutant;
    const neighbours = [...this.neighbours(architecture)];
    return neighbours.length === 0 ? null : random.pick(neighbours);
  }

  /** Neighbours that need not be feasible. */
  *#shuffled(architecture: A, random: Random): Generator<A> {
    const edits = this.decisions
      .revisions(architecture)
      .flatMap(({ alternatives, every }) => alternatives.map((option) => ({ every, option })));
    for (const { every, option } of random.shuffle(edits)) yield* every(option);
  }

  #attempt(draw: () => A): A | null {
    for (let attempt = 0; attempt < DRAWS; attempt++) {
      const architecture = draw();
      if (this.isFeasible(architecture)) return architecture;
    }
    return null;
  }

  /** First improvement over all edits in random order, until the limits are kept or no edit helps. */
  #repair(start: A, random: Random): A | null {
    let current = start;
    while (!this.isFeasible(current)) {
      const better = this.#improve(current, random);
      if (better === null) return null;
      current = better;
    }
    return current;
  }

  #improve(architecture: A, random: Random): A | null {
    const excess = this.#region.excess(architecture);
    for (const { alternatives, any } of random.shuffle(this.decisions.revisions(architecture))) {
      for (const option of random.shuffle(alternatives)) {
        const edited = any(option, random);
        if (this.#region.excess(edited) < excess) return edited;
      }
    }
    return null;
  }

  /** A random walk over feasible architectures from the one that is known. */
  #wander(random: Random): A {
    if (this.#region.member === undefined) throw new RangeError('without limits every sample is feasible');
    let current = this.#region.member;
    for (let step = 0; step < WALK && this.decisions.size() > 1n; step++) {
      const next = this.#space.mutate(current, random);
      if (this.isFeasible(next)) current = next;
    }
    return current;
  }
}

/** Lazily: few of many are needed. */
function* inRandomOrder<T>(items: Iterable<T>, random: Random): Generator<T> {
  const left = [...items];
  for (let count = left.length; count > 0; count--) {
    const [item] = left.splice(random.integer(count), 1);
    if (item !== undefined) yield item;
  }
}
