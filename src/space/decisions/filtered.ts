/** @file The legal part of a description: `filtered`. */
import { UsageError } from '../../error.js';
import { canonicalJson, type Json } from '../../json.js';
import { Random } from '../../random.js';
import { Decision, type DecisionPoint, type DecisionRow, type Revision, ROOT } from './decision.js';
import type { Relaxed } from './mixture.js';

/** The most architectures that are enumerated to count or to find the legal ones. */
const ENUMERABLE = 1_000_000n;

/** Draws before the legal ones are looked for by enumeration. */
const DRAWS = 10_000;

/** Edits or children that are tried before a rarer way is taken. */
const ATTEMPTS = 16;

/** Architectures that are looked at for a legal one near an illegal one. */
const NEARBY = 2_000;

class Filtered<A extends Json> extends Decision<A> {
  readonly #all: Decision<A>;
  readonly #illegality: (architecture: A) => string | undefined;
  #size: bigint | undefined;

  constructor(all: Decision<A>, illegality: (architecture: A) => string | undefined, size: bigint | undefined) {
    super();
    this.#all = all;
    this.#illegality = illegality;
    this.#size = size;
  }

  override size(): bigint {
    this.#size ??= BigInt([...this.enumerate()].length);
    return this.#size;
  }

  /** Draws until one is legal, which is uniform. */
  override sample(random: Random): A {
    for (let draw = 0; draw < DRAWS; draw++) {
      const architecture = this.#all.sample(random);
      if (this.#isLegal(architecture)) return architecture;
    }
    if (this.#all.size() <= ENUMERABLE) return random.pick([...this.enumerate()]);
    throw new RangeError(`of ${DRAWS} architectures none is legal: describe the space with fewer illegal ones`);
  }

  override *enumerate(): Generator<A> {
    for (const architecture of this.#all.enumerate()) if (this.#isLegal(architecture)) yield architecture;
  }

  override validate(value: unknown, path = ROOT): A {
    const architecture = this.#all.validate(value, path);
    const reason = this.#illegality(architecture);
    if (reason === undefined) return architecture;
    throw new UsageError(`${path} is illegal: ${reason}.`);
  }

  override crossover(first: A, second: A, random: Random): A {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const child = this.#all.crossover(first, second, random);
      if (this.#isLegal(child)) return child;
    }
    return random.pick([first, second]);
  }

  /** Answers that lead to an illegal architecture give one near it. */
  override *walk(path = ROOT): Generator<DecisionPoint, A, number> {
    return this.#nearest(yield* this.#all.walk(path));
  }

  override revisions(architecture: A, path = ROOT): Revision<A>[] {
    return this.#all.revisions(architecture, path).map((revision) => ({
      ...revision,
      alternatives: revision.alternatives.filter((option) => !this.#legal(revision.every(option)).next().done),
      every: (option, growth) => this.#legal(revision.every(option, growth)),
      any: (option, random, growth) => {
        for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
          const edited = revision.any(option, random, growth);
          if (this.#isLegal(edited)) return edited;
        }
        return random.pick([...this.#legal(revision.every(option, growth))]);
      },
    }));
  }

  override get encodingLength(): number {
    return this.#all.encodingLength;
  }

  override writeCode(architecture: A, code: number[], at: number): void {
    this.#all.writeCode(architecture, code, at);
  }

  override describe(path = ROOT): DecisionRow[] {
    return this.#all.describe(path);
  }

  override relaxed(path = ROOT): Relaxed {
    return this.#all.relaxed(path);
  }

  #isLegal(architecture: A): boolean {
    return this.#illegality(architecture) === undefined;
  }

  *#legal(architectures: Iterable<A>): Generator<A> {
    for (const architecture of architectures) if (this.#isLegal(architecture)) yield architecture;
  }

  /** Breadth first over single edits; far from all legal ones, always the same legal one. */
  #nearest(architecture: A): A {
    const queue = [architecture];
    const seen = new Set(queue.map(canonicalJson));
    for (const one of queue) {
      if (this.#isLegal(one)) return one;
      for (const neighbour of this.#all.neighbours(one)) {
        if (queue.length >= NEARBY) break;
        const key = canonicalJson(neighbour);
        if (!seen.has(key)) queue.push(neighbour);
        seen.add(key);
      }
    }
    return this.sample(new Random(0));
  }
}

/**
 * The architectures that a predicate allows. Sampling draws until one is legal, so that legal ones should be common;
 * where the choice depends on what came before, `grammar` describes a space without illegal ones.
 * @param illegality why an architecture is illegal, as the end of the sentence "… is illegal: …"; `undefined` if it is not.
 * @param size how many are legal, known otherwise. Default: counted by enumeration when it is needed first.
 * @throws {RangeError} where there are too many to count and `size` is missing
 */
export function filtered<A extends Json>(
  all: Decision<A>,
  illegality: (architecture: A) => string | undefined,
  { size }: { readonly size?: bigint } = {},
): Decision<A> {
  if (size === undefined && all.size() > ENUMERABLE) {
    throw new RangeError(`${all.size()} architectures are too many to count the legal ones: say how many there are`);
  }
  return new Filtered(all, illegality, size);
}
