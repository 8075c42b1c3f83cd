/** @file Tournaments: the selection of evolutionary searches (Goldberg and Deb 1991). */
import type { Json } from '../json.js';
import type { Random } from '../random.js';

/** An architecture with its score. */
export interface Individual {
  /** The number of its question. */
  readonly trial: number;
  readonly architecture: Json;
  readonly score: number;
}

/** The best of so many individuals drawn with replacement, the first drawn of equals; `null` if there are none. */
export function tournament(population: readonly Individual[], size: number, random: Random): Individual | null {
  return drawn(population, size, random, (one, other) => one.score > other.score);
}

/** The worst of so many individuals drawn with replacement: whom death takes where nobody ages. */
export function worstOf(population: readonly Individual[], size: number, random: Random): Individual | null {
  return drawn(population, size, random, (one, other) => one.score < other.score);
}

function drawn(
  population: readonly Individual[],
  size: number,
  random: Random,
  wins: (one: Individual, other: Individual) => boolean,
): Individual | null {
  if (population.length === 0) return null;
  const sample = Array.from({ length: size }, () => random.pick(population));
  return sample.reduce((winner, one) => (wins(one, winner) ? one : winner));
}
