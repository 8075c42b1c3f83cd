/** @file What a search space is: decisions, and the network that they build. */
import { UsageError } from '../error.js';
import type { Json } from '../json.js';
import type { Cost } from '../nn/cost.js';
import type { ImageShape } from '../nn/feature.js';
import type { Network } from '../nn/network.js';
import type { Decision } from './decision.js';
import type { Relaxable } from './mixture.js';

/** What the network is for. */
export interface BuildTarget extends ImageShape {
  readonly classes: number;
  /** Scales all widths: a budget below the full network's. Default 1. */
  readonly widthMultiplier?: number;
  /** Side of the images in place of `height` and `width`: a budget below the full images. */
  readonly resolution?: number;
}

/** A set of architectures with their networks. */
export interface SearchSpace<A extends Json = Json> {
  readonly name: string;
  readonly title: string;
  /** The publication that introduced it. */
  readonly paper: string;
  readonly description: string;
  readonly decisions: Decision<A>;
  /**
   * The network of an architecture; `network.input` says which images it takes, which may be smaller than the target's.
   * Choices may be left open (`relax`): the network then mixes their branches.
   * @throws {UsageError} where the target does not fit, for example an image that is too small.
   */
  build(architecture: A | Relaxable<A>, target: BuildTarget): Network;
  /**
   * Reads the space's own notation, or JSON.
   * @throws {UsageError} with what is wrong and where.
   */
  parse(text: string): A;
  /** The architecture in the space's own notation, which `parse` reads. */
  format(architecture: A): string;
}

/** The space as one among others, of whose architectures only JSON is known: they have to pass `validate` or `parse`. */
export function untyped<A extends Json>(space: SearchSpace<A>): SearchSpace {
  return space as unknown as SearchSpace;
}

/** Counts the network of an architecture without training it. */
export type CostFunction<A> = (architecture: A) => Cost;

/** What the networks of a space cost on one target. */
export function costFunction<A extends Json>(space: SearchSpace<A>, target: BuildTarget): CostFunction<A> {
  return (architecture) => space.build(architecture, target).cost();
}

/** The image that a network takes if it takes the target's whole image. */
export function targetImage({ channels, height, width, resolution }: BuildTarget): ImageShape {
  return { channels, height: resolution ?? height, width: resolution ?? width };
}

/**
 * Parses the JSON of an architecture.
 * @throws {UsageError} if it is no JSON or no architecture of the space.
 */
export function parseJsonArchitecture<A extends Json>(decisions: Decision<A>, text: string): A {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(
      `"${text.slice(0, 80)}" is neither JSON nor an architecture in the notation of its space: \`nas sample SPACE\` draws some that are.`,
    );
  }
  return decisions.validate(value);
}
