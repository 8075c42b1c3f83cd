/** @file How fast architectures are built and counted: a search does so for every candidate, often for many that it drops. */

import { Random } from '../random.js';
import { referred } from '../reference/reference.js';
import { spaceRegistry } from '../space/registry.js';
import type { BuildTarget, SearchSpace } from '../space/space.js';

export interface SpacesBenchmarkOptions {
  /** Names of spaces, or modules that export one; default: all. */
  readonly spaces?: readonly string[];
  /** How long each space is timed. Default 1. */
  readonly seconds?: number;
  /** Default: 3×32×32 images of 10 classes. */
  readonly target?: BuildTarget;
  readonly onSpace?: (space: string) => void;
}

export interface SpacesBenchmark {
  readonly seconds: number;
  readonly results: readonly {
    readonly space: string;
    /** Architectures built and counted, on one core. */
    readonly perSecond: number;
    /** Layers of the networks, on average. */
    readonly layers: number;
  }[];
}

const cifar: BuildTarget = { channels: 3, height: 32, width: 32, classes: 10 };

/** Different architectures, so that nothing that is kept between two of them counts. */
const SAMPLES = 200;

/** Builds that are not timed, until the code is compiled. */
const WARMUP = 100;

/**
 * Builds the networks of sampled architectures and counts parameters, MACs and peak memory.
 *
 * @throws {UsageError} where the space is unknown
 */
export async function benchmarkSpaces(options: SpacesBenchmarkOptions = {}): Promise<SpacesBenchmark> {
  const { seconds = 1, target = cifar, onSpace } = options;
  const named = await Promise.all((options.spaces ?? []).map((each) => referred(each, spaceRegistry)));
  const chosen = named.length > 0 ? named.map(({ definition }) => definition) : spaceRegistry.all;
  const results = chosen.map((space) => {
    onSpace?.(space.name);
    return { space: space.name, ...rateOf(space, target, seconds) };
  });
  return { seconds, results };
}

function rateOf({ decisions, build }: SearchSpace, target: BuildTarget, seconds: number) {
  const random = new Random(0);
  const architectures = Array.from({ length: SAMPLES }, () => decisions.sample(random));
  let layers = 0;
  const run = (index: number) => {
    const network = build(architectures[index % SAMPLES] ?? null, target);
    network.cost();
    layers += network.layers.length;
  };
  for (let index = 0; index < WARMUP; index++) run(index);
  layers = 0;
  let built = 0;
  const began = performance.now();
  const until = began + 1000 * seconds;
  while (performance.now() < until || built === 0) run(built++);
  return { perSecond: (1000 * built) / (performance.now() - began), layers: layers / built };
}
