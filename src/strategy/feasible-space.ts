/** @file A search space as strategies see it: only architectures that keep to the limits. */
import { UsageError } from '../error.js';
import { canonicalJson, type Json } from '../json.js';
import type { Random } from '../random.js';
import type { ArchitectureGraph } from '../space/architecture-graph.js';
import type { Decision } from '../space/decision.js';
import type { SearchSpace } from '../space/space.js';
import {
  type Amounts,
  amountOf,
  amountText,
  type Constraints,
  excessOf,
  limitedQuantities,
  limitText,
  type Quantity,
} from './constraints.js';
import { minimise } from './descent.js';

/** Uniform draws before repair: where at least a quarter of the space is feasible, 99 % of the samples are uniform. */
const DRAWS = 16;

/** Feasible edits in a row that lead from a known feasible architecture to a sample, where repair has failed. */
const WALK = 32;

/** Excesses that are remembered; then all are forgotten. */
const CACHE_ENTRIES = 50_000;

/** What strategies use of a search space. */
export type SearchedSpace<A extends Json = Json> = Pick<SearchSpace<A>, 'decisions' | 'mutate' | 'canonical' | 'graph'>;

/**
 * Sampling and editing within limits. Without limits all of it is what the decisions themselves offer.
 *
 * A feasible architecture is known from the start, and every method ends after a bounded number of costs.
 */
export class FeasibleSpace<A extends Json = Json> {
  readonly decisions: Decision<A>;
  readonly #space: SearchedSpace<A>;
  readonly #constraints: Constraints<A> | undefined;
  readonly #limited: readonly Quantity[];
  readonly #excesses = new Map<string, number>();
  readonly #known: A | undefined;

  /**
   * @throws {UsageError} if no architecture keeps to the limits, with the smallest values that the space can reach.
   */
  constructor(space: SearchedSpace<A>, constraints?: Constraints<A>) {
    this.decisions = space.decisions;
    this.#space = space;
    this.#constraints = constraints;
    this.#limited = constraints === undefined ? [] : limitedQuantities(constraints.limits);
    if (constraints !== undefined && this.#limited.length > 0) this.#known = this.#findFeasible(constraints);
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
    return this.#excess(architecture) === 0;
  }

  /**
   * A feasible architecture. Uniform where feasible ones are common; where they are rare, an infeasible sample is
   * repaired by edits in random order, each of which brings it closer to the limits.
   */
  sample(random: Random): A {
    const draw = this.#attempt(() => this.decisions.sample(random));
    return draw ?? this.#repair(this.decisions.sample(random), random) ?? this.#wander(random);
  }

  /**
   * A feasible mutation as the space defines it; where those that were tried are not feasible, a feasible architecture
   * that differs in one decision; `null` if there is none.
   */
  mutate(architecture: A, random: Random): A | null {
    if (this.decisions.size() === 1n) return null;
    const mutant = this.#attempt(() => this.#space.mutate(architecture, random));
    if (mutant !== null) return mutant;
    const neighbours = [...this.neighbours(architecture)];
    return neighbours.length === 0 ? null : random.pick(neighbours);
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

  /**
   * A feasible architecture that is not among `seen` (by canonical form): drawn, or else next to one of those. `null` if
   * there is none: then all have been seen, provided that single edits connect the feasible ones, as they mostly do
   * without limits and under limits on costs that grow with each decision.
   */
  unseen(seen: ReadonlyMap<string, A>, random: Random): A | null {
    for (let draw = 0; draw < DRAWS; draw++) {
      const architecture = this.sample(random);
      if (!seen.has(this.canonical(architecture))) return architecture;
    }
    for (const architecture of random.shuffle(seen.values())) {
      for (const neighbour of this.decisions.neighbours(architecture)) {
        if (!seen.has(this.canonical(neighbour)) && this.isFeasible(neighbour)) return neighbour;
      }
    }
    return null;
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
    const excess = this.#excess(architecture);
    for (const { alternatives, any } of random.shuffle(this.decisions.revisions(architecture))) {
      for (const option of random.shuffle(alternatives)) {
        const edited = any(option, random);
        if (this.#excess(edited) < excess) return edited;
      }
    }
    return null;
  }

  /** A random walk over feasible architectures from the known one. */
  #wander(random: Random): A {
    if (this.#known === undefined) throw new RangeError('without limits every sample is feasible');
    let current = this.#known;
    for (let step = 0; step < WALK && this.decisions.size() > 1n; step++) {
      const next = this.#space.mutate(current, random);
      if (this.isFeasible(next)) current = next;
    }
    return current;
  }

  #excess(architecture: A): number {
    if (this.#constraints === undefined || this.#limited.length === 0) return 0;
    const key = canonicalJson(architecture);
    const known = this.#excesses.get(key);
    if (known !== undefined) return known;
    const excess = excessOf(this.#constraints.cost(architecture), this.#constraints.limits, this.#limited);
    if (this.#excesses.size >= CACHE_ENTRIES) this.#excesses.clear();
    this.#excesses.set(key, excess);
    return excess;
  }

  #findFeasible({ cost, limits }: Constraints<A>): A {
    const nearest = minimise(
      this.decisions,
      (architecture) => {
        const amounts = cost(architecture);
        return [excessOf(amounts, limits, this.#limited), scaleOf(amounts)];
      },
      ([excess]) => excess === 0,
    );
    if (this.isFeasible(nearest)) return nearest;
    throw new UsageError(this.#whyInfeasible({ cost, limits }, cost(nearest)));
  }

  #whyInfeasible({ cost, limits }: Constraints<A>, nearest: Amounts): string {
    const smallest = this.#limited.map((quantity) => ({ quantity, cost: this.#smallest(cost, quantity) }));
    const beyond = smallest.filter((row) => amountOf(row.cost, row.quantity) > amountOf(limits, row.quantity));
    if (beyond.length > 0) {
      const reasons = beyond.map(
        (row) =>
          `at most ${limitText(limits, row.quantity)}: the smallest that the search space can reach is ` +
          amountText(row.cost, row.quantity),
      );
      return `No network has ${reasons.join('; and none has ')}. Raise the limit or choose another search space.`;
    }
    const each = smallest.map((row) => amountText(row.cost, row.quantity));
    return (
      `No network keeps all limits at once: at most ${this.#list((quantity) => limitText(limits, quantity))}. ` +
      `Each alone can be met (the smallest reach ${each.join(', ')}), but the nearest to all of them has ` +
      `${this.#list((quantity) => amountText(nearest, quantity))}. Raise a limit or choose another search space.`
    );
  }

  /** The cost of the architecture that has least of a quantity. */
  #smallest(cost: (architecture: A) => Amounts, quantity: Quantity): Amounts {
    return cost(
      minimise(this.decisions, (architecture) => {
        const amounts = cost(architecture);
        return [amountOf(amounts, quantity), scaleOf(amounts)];
      }),
    );
  }

  #list(text: (quantity: Quantity) => string): string {
    return this.#limited.map(text).join(' and ');
  }
}

/** Leads descent over plateaus: peak memory, a maximum, often falls only after several edits that shrink the rest. */
const scaleOf = (amounts: Amounts): number =>
  Object.values(amounts).reduce<number>((sum, amount) => sum + Math.log1p(amount ?? 0), 0);
