/** @file What a search space is: decisions, and the network that they build. */
import { firstLineOf, UsageError } from '../error.js';
import { canonicalJson, type Json } from '../json.js';
import type { Cost } from '../nn/cost.js';
import type { ImageShape } from '../nn/feature.js';
import type { Network } from '../nn/network.js';
import type { Random } from '../random.js';
import { didYouMean, nearestName } from '../suggestion.js';
import type { ArchitectureGraph } from './architecture-graph.js';
import type { Decision } from './decisions/decision.js';
import type { Relaxable } from './decisions/mixture.js';
import { jsonNotation, type Notation } from './notations/notation.js';
import { literalIn } from './notations/python-literal.js';
import { membersOf, type PublishedArchitecture, publishedNamed } from './published-architecture.js';

/** What the network is for. */
export interface BuildTarget extends ImageShape {
  readonly classes: number;
  /** Scales all widths: a budget below the full network's. Default 1. */
  readonly widthMultiplier?: number;
  /** Side of the images in place of `height` and `width`: a budget below the full images. */
  readonly resolution?: number;
  /** Scales how often cells or blocks are repeated: a budget below the full network's depth. Default 1. */
  readonly depthMultiplier?: number;
}

/** A set of architectures with their networks. */
export interface SearchSpace<A extends Json = Json> {
  readonly name: string;
  readonly title: string;
  /** The publication that introduced it. */
  readonly paper: string;
  readonly description: string;
  readonly decisions: Decision<A>;
  /** The architectures that papers print. */
  readonly published: readonly PublishedArchitecture<A>[];
  /**
   * The network of an architecture; `network.input` says which images it takes, which may be smaller than the target's.
   * Choices may be left open (`relax`): the network then mixes their branches.
   * @throws {UsageError} where the target does not fit, for example an image that is too small
   */
  build(architecture: A | Relaxable<A>, target: BuildTarget): Network;
  /** How architectures are written: the usual way first, JSON last. */
  readonly notations: readonly Notation<A>[];
  /**
   * Reads any of the notations, in quotes or not, or the name of a published architecture.
   * @throws {UsageError} where it is wrong, with what and at which place
   */
  parse(text: string): A;
  /** The architecture in the first notation. */
  format(architecture: A): string;
  /**
   * Another architecture, one mutation away as the paper defines it.
   * @throws {RangeError} where there is no other architecture
   */
  mutate(architecture: A, random: Random): A;
  /** Equal for two architectures if they build isomorphic networks as far as the space can tell. */
  canonical(architecture: A): string;
  /** What the architecture computes, by which surrogates compare it; absent where its decisions say as much. */
  graph?(architecture: A): ArchitectureGraph;
  /** Whether `build` repeats cells or blocks as often as the target's `depthMultiplier` says. Default `false`. */
  readonly hasDepth?: boolean;
}

/** What a file of a space writes: the rest has defaults. */
export interface SpaceDefinition<A extends Json>
  extends Pick<
    SearchSpace<A>,
    'name' | 'title' | 'paper' | 'description' | 'decisions' | 'build' | 'graph' | 'hasDepth'
  > {
  /** Default: none. Those that the decisions cannot give, such as ones of operators that were replaced, are left out. */
  readonly published?: readonly PublishedArchitecture<unknown>[];
  /** How papers and benchmarks write architectures, the usual way first. Default: none, but JSON, which every space has. */
  readonly notations?: readonly Notation<A>[];
  /** Default: `decisions.mutate`, one decision taken differently. It must give an architecture that differs. */
  mutate?(architecture: A, random: Random): A;
  /** Default: the architecture itself, as JSON. */
  canonical?(architecture: A): string;
}

/** A search space from its description; `nas spaces` knows it once it stands in registry.ts. */
export function defineSpace<A extends Json>(definition: SpaceDefinition<A>): SearchSpace<A> {
  const {
    decisions,
    notations: own = [],
    mutate = (architecture, random) => decisions.mutate(architecture, random),
    canonical = canonicalJson,
  } = definition;
  // Found when they are asked for, since validation may take longer than the rest of a space.
  let members: readonly PublishedArchitecture<A>[] | undefined;
  const published = () => {
    members ??= membersOf(decisions, definition.published ?? []);
    return members;
  };
  const [usual = jsonNotation] = own;
  return {
    ...definition,
    get published() {
      return published();
    },
    notations: [...own, jsonNotation],
    format: (architecture) => usual.format(architecture),
    mutate,
    canonical,
    parse(text) {
      const named = publishedNamed(published(), quotedIn(text) ?? text);
      if (named !== undefined) return named.architecture;
      const names = published().map(({ name }) => name);
      if (nearestName(text.trim(), names) === undefined) {
        return decisions.validate(
          firstReading(own, text) ?? firstReading(own, quotedIn(text)) ?? jsonNotation.parse(text),
        );
      }
      throw new UsageError(
        `There is no published architecture "${text.trim()}" of the space "${definition.name}"${didYouMean(text.trim(), names)}.`,
      );
    },
  };
}

/** What the first of the notations in which the text is says; `undefined` where it is in none. */
function firstReading(notations: readonly Notation<never>[], text: string | undefined): unknown {
  if (text === undefined) return undefined;
  for (const notation of notations) {
    const read = notation.parse(text);
    if (read !== undefined) return read;
  }
  return undefined;
}

/** What stands in quotes where nothing else is there, as Python prints text. */
function quotedIn(text: string): string | undefined {
  const literal = /^[\w\s.:=]*['"]/.test(text) ? literalIn(text) : undefined;
  return typeof literal === 'string' ? literal : undefined;
}

/** The space as one among others, of whose architectures only JSON is known: they have to pass `validate` or `parse`. */
export function untyped<A extends Json>(space: SearchSpace<A>): SearchSpace {
  return space as unknown as SearchSpace;
}

/** Counts the network of an architecture without training it. */
export type CostFunction<A> = (architecture: A) => Cost;

/**
 * What the networks of a space cost on one target.
 * @throws {UsageError} where the function does, as `buildNetwork`
 */
export function costFunction<A extends Json>(space: SearchSpace<A>, target: BuildTarget): CostFunction<A> {
  return (architecture) => built(space, architecture, target).cost();
}

/** A space, which may be the user's own, cannot build the network of one of its architectures; of others it may. */
export class UnbuildableArchitecture extends UsageError {}

/**
 * The network of an architecture, which may come from outside.
 * @throws {UnbuildableArchitecture} where the space cannot build it
 * @throws {UsageError} where it is none of the space, or the target does not fit
 */
export const buildNetwork = <A extends Json>(space: SearchSpace<A>, given: Json, target: BuildTarget): Network =>
  built(space, space.decisions.validate(given), target);

function built<A extends Json>(space: SearchSpace<A>, architecture: A, target: BuildTarget): Network {
  if ((target.depthMultiplier ?? 1) !== 1 && !(space.hasDepth ?? false)) {
    throw new UsageError(
      `The space ${space.name} repeats no cell or block as often as it is told, so that its networks have no depth to scale: leave depthMultiplier at 1, and depth out of the fidelity.`,
    );
  }
  try {
    return space.build(architecture, target);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UnbuildableArchitecture(
      `The space ${space.name} cannot build the network of ${space.format(architecture)} (${firstLineOf(error)}): correct its build, or leave such architectures out of its decisions.`,
      { cause: error },
    );
  }
}

/**
 * How often a skeleton repeats its cells or blocks for the target.
 *
 * @param full how often in the full network
 * @param least the fewest with which there is a network
 * @throws {UsageError} where the target's depth would leave fewer
 */
export function repeatsFor(full: number, { depthMultiplier = 1 }: BuildTarget, least = 1): number {
  const repeats = Math.round(full * depthMultiplier);
  if (repeats >= least || depthMultiplier === 1) return repeats;
  throw new UsageError(
    `A depth of ${depthMultiplier.toPrecision(3)} leaves ${repeats} of the ${full} repeated cells or blocks, but the network needs at least ${least}: choose a larger depthMultiplier, or a larger fidelity.`,
  );
}

/** The image that a network takes if it takes the target's whole image. */
export function targetImage({ channels, height, width, resolution }: BuildTarget): ImageShape {
  return { channels, height: resolution ?? height, width: resolution ?? width };
}
